import { startListing, type ListingSimulator } from '@bilag/fault-server';
import { EAccountingCompany } from './books/eaccounting-company.ts';
import { eAccountingBackDoor, type EAccountingBackDoor } from './eaccounting-back-door.ts';
import { defaultEAccountingCompany, type EAccountingSimulatorOptions } from './eaccounting-options.ts';
import { EAccountingAccess } from './server/eaccounting-access.ts';
import { EAccountingApi } from './server/eaccounting-api.ts';

/** A running simulator. */
export interface EAccountingSimulator extends ListingSimulator {
  /** In place of `https://eaccountingapi.vismaonline.com`, and of `https://identity.vismaonline.com`. */
  readonly url: string;
  readonly credentials: EAccountingAccess['credentials'];
  readonly backDoor: EAccountingBackDoor;
  readonly access: EAccountingAccess;
}

/**
 * Starts a local server that answers as Visma eAccounting does: vouchers that are never deleted, drafts that become vouchers with another id,
 * lists whose order is the newest first, refresh tokens that work once, one limit of requests for all companies of an application. It listens
 * on 127.0.0.1 alone.
 *
 * Errors: `config` when the port is taken.
 *
 * @example
 * ```ts
 * import { startEAccountingSimulator } from '@bilag/simulator-eaccounting';
 *
 * const eAccounting = await startEAccountingSimulator();
 * const reply = await fetch(`${eAccounting.url}/v2/companysettings`);
 * await eAccounting.close();
 * [reply.status, eAccounting.backDoor.company().vouchers().length]; // => [401, 0]
 * ```
 */
export function startEAccountingSimulator(options: EAccountingSimulatorOptions = {}): Promise<EAccountingSimulator> {
  return startListing(options, ({ now, isShown }) => {
    const companies = (options.companies ?? [defaultEAccountingCompany]).map(
      (one, index) => new EAccountingCompany(one, index + 1, now),
    );
    const access = new EAccountingAccess(companies, options, now);
    const api = new EAccountingApi(access, isShown, options.takesTextFilters ?? true);
    const parts = { credentials: access.credentials, access, backDoor: eAccountingBackDoor(companies) };
    return { handler: (request) => api.answer(request), parts };
  });
}
