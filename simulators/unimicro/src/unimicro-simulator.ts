import { startListing, type ListingSimulator } from '@bilag/fault-server';
import { UnimicroCompany } from './books/unimicro-company.ts';
import { UnimicroAccess } from './server/unimicro-access.ts';
import { UnimicroApi } from './server/unimicro-api.ts';
import { unimicroBackDoor, type UnimicroBackDoor } from './unimicro-back-door.ts';
import { defaultUnimicroCompany, type UnimicroSimulatorOptions } from './unimicro-options.ts';

/** A running simulator. */
export interface UnimicroSimulator extends ListingSimulator {
  /** In place of the addresses of its API, its login and its files. */
  readonly url: string;
  readonly credentials: UnimicroAccess['credentials'];
  readonly backDoor: UnimicroBackDoor;
  readonly access: UnimicroAccess;
}

/**
 * Starts a local server that answers as Unimicro does: journal entries as drafts or booked, the VAT on lines of its own, filters that
 * give everything where they do not know a field, nothing expanded unless it is asked for, locks of books and of VAT, credits with links both
 * ways. It listens on 127.0.0.1 alone.
 *
 * Errors: `config` when the port is taken.
 *
 * @example
 * ```ts
 * import { startUnimicroSimulator } from '@bilag/simulator-unimicro';
 *
 * const unimicro = await startUnimicroSimulator();
 * const reply = await fetch(`${unimicro.url}/api/init/companies`);
 * await unimicro.close();
 * [reply.status, unimicro.backDoor.company().entries().length]; // => [401, 0]
 * ```
 */
export function startUnimicroSimulator(options: UnimicroSimulatorOptions = {}): Promise<UnimicroSimulator> {
  return startListing(options, ({ now, isShown }) => {
    const companies = (options.companies ?? [defaultUnimicroCompany]).map(
      (one) => new UnimicroCompany(one, now, options.creditsInSameEntry ?? false),
    );
    const access = new UnimicroAccess(options, now);
    const api = new UnimicroApi({ access, companies, isShown, unknownFields: new Set(options.unknownFields) });
    const parts = { credentials: access.credentials, access, backDoor: unimicroBackDoor(companies) };
    return { handler: (request) => api.answer(request), parts };
  });
}
