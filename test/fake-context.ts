import type { CredentialStore, Secrets, ServiceContext } from '../packages/core/src/index.ts';

/** Time that only sleeping moves, from an ordinary morning in March on. */
export class FakeTime {
  /** Milliseconds since the epoch. */
  ms: number = Date.UTC(2026, 2, 3, 6);
  /** Every sleep, in milliseconds. */
  readonly slept: number[] = [];

  readonly now = (): number => this.ms;

  readonly sleep = async (ms: number): Promise<void> => {
    this.slept.push(ms);
    this.ms += ms;
  };
}

/** What a service takes from outside, and what it told. */
export class FakeContext extends FakeTime implements ServiceContext {
  /** Every turn, by the credential it was counted under. */
  readonly turns: string[] = [];
  readonly events: unknown[] = [];
  readonly signal: AbortSignal = new AbortController().signal;
  readonly credentials: ServiceContext['credentials'];
  readonly #turnMs: number;

  /** Secrets by their reference, or a store of them; `turnMs` pass before each turn, as under a limit. */
  constructor(secrets: CredentialStore | ((reference: string) => Secrets), turnMs = 0) {
    super();
    this.credentials = typeof secrets === 'function' ? { get: async (reference) => secrets(reference) } : secrets;
    this.#turnMs = turnMs;
  }

  readonly random = (): number => 0.5;

  readonly turn: ServiceContext['turn'] = (credential, work) => {
    this.turns.push(credential);
    this.ms += this.#turnMs;
    return work();
  };

  readonly onEvent = (event: unknown): void => void this.events.push(event);
}
