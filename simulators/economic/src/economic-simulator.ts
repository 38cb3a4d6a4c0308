import { startListing, type ListingSimulator } from '@bilag/fault-server';
import { EconomicAgreement } from './books/economic-agreement.ts';
import { economicBackDoor, type EconomicBackDoor } from './economic-back-door.ts';
import { defaultEconomicAgreement, type EconomicSimulatorOptions } from './economic-options.ts';
import { EconomicAccess, type EconomicCredentials } from './server/economic-access.ts';
import { EconomicApi } from './server/economic-api.ts';

/** A running simulator. */
export interface EconomicSimulator extends ListingSimulator {
  /** In place of `https://apis.e-conomic.com`, and of `https://restapi.e-conomic.com`. */
  readonly url: string;
  readonly credentials: EconomicCredentials;
  readonly backDoor: EconomicBackDoor;
}

/**
 * Starts a local server that answers as e-conomic's APIs do: lines that wait in journals until they are booked, gross amounts that
 * become net with the VAT beside them, filters by some fields and operators alone, cursors, periods that are barred, calls that cost
 * tokens. It listens on 127.0.0.1 alone.
 *
 * Errors: `config` when the port is taken.
 *
 * @example
 * ```ts
 * import { startEconomicSimulator } from '@bilag/simulator-economic';
 *
 * const economic = await startEconomicSimulator();
 * const reply = await fetch(`${economic.url}/self`);
 * await economic.close();
 * [reply.status, economic.backDoor.agreement().booked().length]; // => [401, 0]
 * ```
 */
export function startEconomicSimulator(options: EconomicSimulatorOptions = {}): Promise<EconomicSimulator> {
  return startListing(options, ({ now, isShown }) => {
    const agreements = (options.agreements ?? [defaultEconomicAgreement]).map((one) => new EconomicAgreement(one, now));
    const access = new EconomicAccess(agreements, options.tokens, now);
    const api = new EconomicApi(access, isShown);
    const parts = { credentials: access.credentials, backDoor: economicBackDoor(agreements) };
    return { handler: (request) => api.answer(request), parts };
  });
}
