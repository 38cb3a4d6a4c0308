import { createFaultServer, type Faults, type RecordedRequest } from '@bilag/fault-server';
import { EAccountingCompany } from './books/eaccounting-company.ts';
import { eAccountingBackDoor, type EAccountingBackDoor } from './eaccounting-back-door.ts';
import { defaultEAccountingCompany, type EAccountingSimulatorOptions } from './eaccounting-options.ts';
import { EAccountingAccess } from './server/eaccounting-access.ts';
import { EAccountingApi } from './server/eaccounting-api.ts';

/** A running simulator. */
export interface EAccountingSimulator extends AsyncDisposable {
  /** In place of `https://eaccountingapi.vismaonline.com`, and of `https://identity.vismaonline.com`. */
  readonly url: string;
  readonly credentials: EAccountingAccess['credentials'];
  readonly faults: Faults;
  /** Every request that arrived, in order, without secrets. */
  readonly requests: readonly RecordedRequest[];
  /** What went wrong in the simulator itself. */
  readonly failures: readonly unknown[];
  readonly backDoor: EAccountingBackDoor;
  readonly access: EAccountingAccess;
  /** Changes how long lists do not show a new voucher. */
  listAfter(ms: number): void;
  close(): Promise<void>;
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
export async function startEAccountingSimulator(
  options: EAccountingSimulatorOptions = {},
): Promise<EAccountingSimulator> {
  const now = (): number => (options.now?.() ?? new Date()).getTime();
  let listedAfterMs = options.listedAfterMs ?? 0;
  const companies = (options.companies ?? [defaultEAccountingCompany]).map(
    (one, index) => new EAccountingCompany(one, index + 1, now),
  );
  const access = new EAccountingAccess(companies, options, now);
  const api = new EAccountingApi(access, (since) => since + listedAfterMs <= now(), options.takesTextFilters ?? true);
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
    backDoor: eAccountingBackDoor(companies),
    access,
    listAfter: (ms) => void (listedAfterMs = ms),
    close: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
  };
}
