import { createFaultServer, type Faults, type RecordedRequest } from '@bilag/fault-server';
import { UnimicroCompany } from './books/unimicro-company.ts';
import { UnimicroAccess } from './server/unimicro-access.ts';
import { UnimicroApi } from './server/unimicro-api.ts';
import { unimicroBackDoor, type UnimicroBackDoor } from './unimicro-back-door.ts';
import { defaultUnimicroCompany, type UnimicroSimulatorOptions } from './unimicro-options.ts';

/** A running simulator. */
export interface UnimicroSimulator extends AsyncDisposable {
  /** In place of the addresses of its API, its login and its files. */
  readonly url: string;
  readonly credentials: UnimicroAccess['credentials'];
  readonly faults: Faults;
  /** Every request that arrived, in order, without secrets. */
  readonly requests: readonly RecordedRequest[];
  /** What went wrong in the simulator itself. */
  readonly failures: readonly unknown[];
  readonly backDoor: UnimicroBackDoor;
  readonly access: UnimicroAccess;
  /** Changes how long lists do not show a new entry. */
  listAfter(ms: number): void;
  close(): Promise<void>;
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
export async function startUnimicroSimulator(options: UnimicroSimulatorOptions = {}): Promise<UnimicroSimulator> {
  const now = (): number => (options.now?.() ?? new Date()).getTime();
  let listedAfterMs = options.listedAfterMs ?? 0;
  const companies = (options.companies ?? [defaultUnimicroCompany]).map(
    (one) => new UnimicroCompany(one, now, options.creditsInSameEntry ?? false),
  );
  const access = new UnimicroAccess(options, now);
  const api = new UnimicroApi({
    access,
    companies,
    isShown: (since) => since + listedAfterMs <= now(),
    unknownFields: new Set(options.unknownFields),
  });
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
    backDoor: unimicroBackDoor(companies),
    access,
    listAfter: (ms) => void (listedAfterMs = ms),
    close: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
  };
}
