import { startListing, type ListingSimulator } from '@bilag/fault-server';
import { FortnoxCompany } from './books/fortnox-company.ts';
import { fortnoxBackDoor, type FortnoxBackDoor } from './fortnox-back-door.ts';
import { defaultFortnoxCompany, type FortnoxSimulatorOptions } from './fortnox-options.ts';
import { FortnoxAccess } from './server/fortnox-access.ts';
import { FortnoxApi } from './server/fortnox-api.ts';

/** A running simulator. */
export interface FortnoxSimulator extends ListingSimulator {
  /** In place of `https://api.fortnox.se`, and of `https://apps.fortnox.se`. */
  readonly url: string;
  readonly credentials: FortnoxAccess['credentials'];
  readonly backDoor: FortnoxBackDoor;
  readonly access: FortnoxAccess;
}

/**
 * Starts a local server that answers as Fortnox does: vouchers in series that are numbered anew each financial year and never deleted,
 * rows of debit and credit without VAT codes, lists without rows, SIE files, refresh tokens that work once, errors of three shapes. It
 * listens on 127.0.0.1 alone.
 *
 * Errors: `config` when the port is taken.
 *
 * @example
 * ```ts
 * import { startFortnoxSimulator } from '@bilag/simulator-fortnox';
 *
 * const fortnox = await startFortnoxSimulator();
 * const reply = await fetch(`${fortnox.url}/3/companyinformation`);
 * await fortnox.close();
 * [reply.status, fortnox.backDoor.company().vouchers().length]; // => [401, 0]
 * ```
 */
export function startFortnoxSimulator(options: FortnoxSimulatorOptions = {}): Promise<FortnoxSimulator> {
  return startListing(options, ({ now, isShown }) => {
    const companies = (options.companies ?? [defaultFortnoxCompany]).map((one) => new FortnoxCompany(one, now));
    const access = new FortnoxAccess(companies, options, now);
    const api = new FortnoxApi(access, isShown);
    const parts = { credentials: access.credentials, access, backDoor: fortnoxBackDoor(companies) };
    return { handler: (request) => api.answer(request), parts };
  });
}
