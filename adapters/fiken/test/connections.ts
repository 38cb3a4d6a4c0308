import type { CredentialStore, Secrets, Service, ServiceContext } from '@bilag/core';
import { startFikenSimulator, type FikenSimulator, type FikenSimulatorOptions } from '@bilag/simulator-fiken';
import { FakeContext, FakeTime } from '../../../test/fake-context.ts';
import { fiken, type FikenConfig } from '../src/index.ts';

/** Accounts of the Norwegian preset, as the simulator's company has them. */
export const fikenAccounts: Readonly<Record<string, string>> = {
  '1920': '1920:10001',
  '1579': '1920:10002',
  '2700': '2701',
  '2701': '2702',
  '2702': '2704',
};

/** One request at a time and a quarter of a second apart, as the engine gives turns. */
export function turnsIn(time: FakeTime): ServiceContext['turn'] {
  let last: Promise<unknown> = Promise.resolve();
  return (_credential, work) => {
    const next = last.then(async () => {
      time.ms += 250;
      return work();
    });
    last = next.catch(() => undefined);
    return next;
  };
}

/** A store in memory that keeps everybody else out while it is refreshed. */
export class MemoryCredentials implements CredentialStore {
  readonly held: Map<string, Secrets>;
  puts = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(held: Readonly<Record<string, Secrets>>) {
    this.held = new Map(Object.entries(held));
  }

  get(reference: string): Promise<Secrets> {
    const secrets = this.held.get(reference);
    return secrets === undefined ? Promise.reject(new Error(`nothing under ${reference}`)) : Promise.resolve(secrets);
  }

  put(reference: string, secrets: Secrets): Promise<void> {
    this.puts += 1;
    this.held.set(reference, secrets);
    return Promise.resolve();
  }

  exclusively<Result>(_reference: string, work: () => Promise<Result>): Promise<Result> {
    const next = this.#last.then(work);
    this.#last = next.catch(() => undefined);
    return next;
  }
}

/** A simulated Fiken in virtual time, and connections to it. */
export interface Stage extends AsyncDisposable {
  readonly fiken: FikenSimulator;
  readonly time: FakeTime;
  readonly credentials: MemoryCredentials;
  /** Everything that was told to a log. */
  readonly events: unknown[];
  connect(changes?: Partial<FikenConfig>, context?: Partial<ServiceContext>): Required<Service>;
}

export async function openStage(options: FikenSimulatorOptions = {}): Promise<Stage> {
  const time = new FakeTime();
  const simulator = await startFikenSimulator({ now: time.now, workMs: 0, aboveFourPerSecond: 'count', ...options });
  const { token, clientId, clientSecret, refreshToken } = simulator.credentials;
  const credentials = new MemoryCredentials({
    'file:fiken': { token },
    'file:fiken-oauth': { clientId, clientSecret, refreshToken },
  });
  const around = { ...new FakeContext(credentials), now: time.now, sleep: time.sleep, turn: turnsIn(time) };
  const opened: Service[] = [];
  return {
    fiken: simulator,
    time,
    credentials,
    events: around.events,
    connect: (changes, context) => {
      const service = fiken.connect(
        checkedConfig({
          credential: 'file:fiken',
          company: 'bilag-test-as',
          accounts: fikenAccounts,
          clearingAccounts: ['1579'],
          baseUrl: simulator.baseUrl,
          tokenUrl: simulator.tokenUrl,
          timeoutMs: 2000,
          ...changes,
        }),
        { ...around, ...context },
      );
      opened.push(service);
      return service as Required<Service>;
    },
    async [Symbol.asyncDispose]() {
      for (const service of opened) await service.close?.();
      await simulator.close();
    },
  };
}

/** A config as a file gives it, checked. */
export function checkedConfig(given: unknown): FikenConfig {
  const result = fiken.config['~standard'].validate(given) as Awaited<
    ReturnType<(typeof fiken.config)['~standard']['validate']>
  >;
  if (result.issues !== undefined) throw new Error(result.issues.map(({ message }) => message).join('; '));
  return result.value;
}
