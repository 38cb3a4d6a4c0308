import { createFaultServer, type Faults, type RecordedRequest } from '@bilag/fault-server';
import { FortnoxCompany } from './books/fortnox-company.ts';
import { fortnoxBackDoor, type FortnoxBackDoor } from './fortnox-back-door.ts';
import { defaultFortnoxCompany, type FortnoxSimulatorOptions } from './fortnox-options.ts';
import { FortnoxAccess } from './server/fortnox-access.ts';
import { FortnoxApi } from './server/fortnox-api.ts';

/** A running simulator. */
export interface FortnoxSimulator extends AsyncDisposable {
  /** In place of `https://api.fortnox.se`, and of `https://apps.fortnox.se`. */
  readonly url: string;
  readonly credentials: FortnoxAccess['credentials'];
  readonly faults: Faults;
  /** Every request that arrived, in order, without secrets. */
  readonly requests: readonly RecordedRequest[];
  /** What went wrong in the simulator itself. */
  readonly failures: readonly unknown[];
  readonly backDoor: FortnoxBackDoor;
  readonly access: FortnoxAccess;
  /** Changes how long lists do not show a new voucher. */
  listAfter(ms: number): void;
  close(): Promise<void>;
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
export async function startFortnoxSimulator(options: FortnoxSimulatorOptions = {}): Promise<FortnoxSimulator> {
  const now = (): number => (options.now?.() ?? new Date()).getTime();
  let listedAfterMs = options.listedAfterMs ?? 0;
  const companies = (options.companies ?? [defaultFortnoxCompany]).map((one) => new FortnoxCompany(one, now));
  const access = new FortnoxAccess(companies, options, now);
  const api = new FortnoxApi(access, (since) => since + listedAfterMs <= now());
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
    backDoor: fortnoxBackDoor(companies),
    access,
    listAfter: (ms) => void (listedAfterMs = ms),
    close: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
  };
}
