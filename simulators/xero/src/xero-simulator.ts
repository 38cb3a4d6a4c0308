import { startListing, type ListingSimulator } from '@bilag/fault-server';
import { XeroOrganisation } from './books/xero-organisation.ts';
import { IdempotencyKeys } from './server/idempotency-keys.ts';
import { XeroAccess } from './server/xero-access.ts';
import { XeroApi } from './server/xero-api.ts';
import { xeroBackDoor, type XeroBackDoor } from './xero-back-door.ts';
import { defaultXeroOrganisation, type XeroSimulatorOptions } from './xero-options.ts';

/** A running simulator. */
export interface XeroSimulator extends ListingSimulator {
  /** In place of `https://api.xero.com`, and of `https://identity.xero.com`. */
  readonly url: string;
  readonly credentials: XeroAccess['credentials'];
  readonly backDoor: XeroBackDoor;
  readonly access: XeroAccess;
}

/**
 * Starts a local server that answers as Xero's Accounting API does: manual journals that are never taken away, but deleted or voided;
 * answers of 200 that carry what is wrong with each journal; idempotency keys; dates in milliseconds; refresh tokens that work once. It
 * listens on 127.0.0.1 alone.
 *
 * Errors: `config` when the port is taken.
 *
 * @example
 * ```ts
 * import { startXeroSimulator } from '@bilag/simulator-xero';
 *
 * const xero = await startXeroSimulator();
 * const reply = await fetch(`${xero.url}/api.xro/2.0/Organisation`);
 * await xero.close();
 * [reply.status, xero.backDoor.organisation().journals().length]; // => [401, 0]
 * ```
 */
export function startXeroSimulator(options: XeroSimulatorOptions = {}): Promise<XeroSimulator> {
  return startListing(options, ({ now, isShown }) => {
    const organisations = (options.organisations ?? [defaultXeroOrganisation]).map(
      (one, index) => new XeroOrganisation(one, index + 1, now),
    );
    const access = new XeroAccess(organisations, options, now);
    const keys = new IdempotencyKeys(options.keysKeptMs ?? 360_000, now);
    const api = new XeroApi(access, organisations, keys, isShown);
    const parts = { credentials: access.credentials, access, backDoor: xeroBackDoor(organisations) };
    return { handler: (request) => api.answer(request), parts };
  });
}
