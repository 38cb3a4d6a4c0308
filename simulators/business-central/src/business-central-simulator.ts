import { createFaultServer, type Faults, type RecordedRequest } from '@bilag/fault-server';
import { BusinessCentralCompany } from './books/business-central-company.ts';
import { businessCentralBackDoor, type BusinessCentralBackDoor } from './business-central-back-door.ts';
import { defaultBusinessCentralCompany, type BusinessCentralSimulatorOptions } from './business-central-options.ts';
import { BusinessCentralAccess } from './server/business-central-access.ts';
import { BusinessCentralApi } from './server/business-central-api.ts';

/** A running simulator. */
export interface BusinessCentralSimulator extends AsyncDisposable {
  /** In place of `https://api.businesscentral.dynamics.com`, and of `https://login.microsoftonline.com`. */
  readonly url: string;
  readonly credentials: BusinessCentralAccess['credentials'];
  readonly faults: Faults;
  /** Every request that arrived, in order, without secrets. */
  readonly requests: readonly RecordedRequest[];
  /** What went wrong in the simulator itself. */
  readonly failures: readonly unknown[];
  readonly backDoor: BusinessCentralBackDoor;
  readonly access: BusinessCentralAccess;
  /** Changes how long lists do not show what is new. */
  listAfter(ms: number): void;
  close(): Promise<void>;
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
export async function startBusinessCentralSimulator(
  options: BusinessCentralSimulatorOptions = {},
): Promise<BusinessCentralSimulator> {
  const now = (): number => (options.now?.() ?? new Date()).getTime();
  const { isolatesBatches = true, pageRows = 20_000, replicaLagMs = 30_000 } = options;
  let listedAfterMs = options.listedAfterMs ?? 0;
  const all = (options.companies ?? [defaultBusinessCentralCompany]).map(
    (one, index) => new BusinessCentralCompany(one, index + 1, now),
  );
  const access = new BusinessCentralAccess(options, now);
  const isShown = (createdAt: number, onReplica: boolean): boolean =>
    createdAt + listedAfterMs + (onReplica ? replicaLagMs : 0) <= now();
  const api = new BusinessCentralApi(access, all, { isShown, isolatesBatches, pageRows });
  const server = await createFaultServer({
    handler: (request) => api.answer(request),
    ...(options.port !== undefined && { port: options.port }),
    ...(options.sleep && { sleep: options.sleep }),
  });
  return {
    url: server.url,
    credentials: access.credentials,
    faults: server.faults,
    requests: server.requests,
    failures: server.failures,
    backDoor: businessCentralBackDoor(all),
    access,
    listAfter: (ms) => void (listedAfterMs = ms),
    close: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
  };
}
