import { startListing, type ListingSimulator } from '@bilag/fault-server';
import { BusinessCentralCompany } from './books/business-central-company.ts';
import { businessCentralBackDoor, type BusinessCentralBackDoor } from './business-central-back-door.ts';
import { defaultBusinessCentralCompany, type BusinessCentralSimulatorOptions } from './business-central-options.ts';
import { BusinessCentralAccess } from './server/business-central-access.ts';
import { BusinessCentralApi } from './server/business-central-api.ts';

/** A running simulator. */
export interface BusinessCentralSimulator extends ListingSimulator {
  /** In place of `https://api.businesscentral.dynamics.com`, and of `https://login.microsoftonline.com`. */
  readonly url: string;
  readonly credentials: BusinessCentralAccess['credentials'];
  readonly backDoor: BusinessCentralBackDoor;
  readonly access: BusinessCentralAccess;
}

/**
 * Starts a local server that answers as Business Central's API v2.0 does: journals whose lines wait until the journal is posted, whole;
 * batches that are one transaction and answered with 200 all the same; VAT groups without rates; dimensions; OData filters in which "or"
 * joins one field alone; a replica that lags behind. It listens on 127.0.0.1 alone.
 *
 * Errors: `config` when the port is taken.
 *
 * @example
 * ```ts
 * import { startBusinessCentralSimulator } from '@bilag/simulator-business-central';
 *
 * const central = await startBusinessCentralSimulator();
 * const reply = await fetch(`${central.url}/v2.0/tenant/Production/api/v2.0/companies`);
 * await central.close();
 * [reply.status, central.backDoor.company().entries().length]; // => [401, 0]
 * ```
 */
export function startBusinessCentralSimulator(
  options: BusinessCentralSimulatorOptions = {},
): Promise<BusinessCentralSimulator> {
  const { isolatesBatches = true, pageRows = 20_000, replicaLagMs = 30_000 } = options;
  return startListing(options, (listing) => {
    const all = (options.companies ?? [defaultBusinessCentralCompany]).map(
      (one, index) => new BusinessCentralCompany(one, index + 1, listing.now),
    );
    const access = new BusinessCentralAccess(options, listing.now);
    const isShown = (createdAt: number, onReplica: boolean): boolean =>
      listing.isShown(createdAt, onReplica ? replicaLagMs : 0);
    const api = new BusinessCentralApi(access, all, { isShown, isolatesBatches, pageRows });
    const parts = { credentials: access.credentials, access, backDoor: businessCentralBackDoor(all) };
    return { handler: (request) => api.answer(request), parts };
  });
}
