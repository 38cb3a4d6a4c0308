import type { ServiceContext } from '@bilag/core';

/** Time that only sleeping moves, from an ordinary morning in March on. */
export class VirtualTime {
  /** Milliseconds since the epoch. */
  ms: number = Date.UTC(2026, 2, 3, 6);
  /** Every sleep, in milliseconds. */
  readonly slept: number[] = [];

  readonly now = (): number => this.ms;

  readonly sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    this.slept.push(ms);
    this.ms += Math.max(0, ms);
    // A real turn of the event loop, so that sockets get theirs.
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
}

/** One piece of work that ran in a turn. */
export interface Turn {
  readonly credential: string;
  readonly startedAt: number;
  /** How many requests had arrived when it began, and when it ended. */
  readonly requestsBefore: number;
  requestsAfter: number;
}

/**
 * Turns in virtual time: one at a time, and never more a second than declared, so that every request can be told to lie in
 * its turn or outside of all.
 */
export class Turns {
  readonly taken: Turn[] = [];
  readonly #time: VirtualTime;
  readonly #perSecond: number;
  readonly #requests: () => number;
  #running = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(time: VirtualTime, perSecond: number, requests: () => number) {
    this.#time = time;
    this.#perSecond = perSecond;
    this.#requests = requests;
  }

  /** Whether something runs in a turn. */
  get isTaken(): boolean {
    return this.#running > 0;
  }

  readonly turn: ServiceContext['turn'] = (credential, work) => {
    const next = this.#last.then(async () => {
      this.#time.ms += Math.ceil(1000 / this.#perSecond);
      const requests = this.#requests();
      const turn = { credential, startedAt: this.#time.ms, requestsBefore: requests, requestsAfter: requests };
      this.taken.push(turn);
      this.#running += 1;
      try {
        return await work();
      } finally {
        this.#running -= 1;
        turn.requestsAfter = this.#requests();
      }
    });
    this.#last = next.catch(() => undefined);
    return next;
  };
}
