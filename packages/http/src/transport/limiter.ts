/** Waits; rejects with the signal's reason when it is aborted. A port, so that tests run in virtual time. */
export type Sleep = (durationMs: number, signal?: AbortSignal) => Promise<void>;

/** What a limiter may take from outside. */
export interface LimiterOptions {
  /** The most tasks that run at the same time. Default: no limit. */
  readonly concurrency?: number;
  /** The most tasks that start in a second; they are spaced evenly. Default: no limit. */
  readonly perSecond?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  readonly sleep?: Sleep;
}

/** Lets tasks start one after the other, in the order they came. */
export interface Limiter {
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** What is running sends its first byte now: the next starts a whole space after that, however long it took to connect. */
  began(): void;
  /** Nothing more starts before this time (milliseconds since 1970): the other side asked for a pause. */
  pauseUntil(timeMs: number): void;
}

/**
 * Makes a limiter of its own state.
 */
export function createLimiter(options: LimiterOptions = {}): Limiter {
  const { concurrency = Number.POSITIVE_INFINITY, perSecond, now = Date.now, sleep = realSleep } = options;
  const spacingMs = perSecond === undefined ? 0 : 1000 / perSecond;
  const waiting: (() => void)[] = [];
  let running = 0;
  let nextStartMs = Number.NEGATIVE_INFINITY;

  const takePlace = async (signal: AbortSignal | undefined): Promise<void> => {
    signal?.throwIfAborted();
    if (running < concurrency) {
      running += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const enter = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        waiting.splice(waiting.indexOf(enter), 1);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', leave, { once: true });
      waiting.push(enter);
    });
  };

  // The place goes straight to the next in line, so nobody can slip in between.
  const givePlace = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };

  const waitForTurn = async (signal: AbortSignal | undefined): Promise<void> => {
    const startMs = Math.max(now(), nextStartMs);
    nextStartMs = startMs + spacingMs;
    const waitMs = startMs - now();
    if (waitMs > 0) await sleep(waitMs, signal);
  };

  return {
    async run(task, signal) {
      await takePlace(signal);
      try {
        await waitForTurn(signal);
        return await task();
      } finally {
        givePlace();
      }
    },
    began() {
      nextStartMs = Math.max(nextStartMs, now() + spacingMs);
    },
    pauseUntil(timeMs) {
      nextStartMs = Math.max(nextStartMs, timeMs);
    },
  };
}

/** Waits by the machine's clock. */
export const realSleep: Sleep = (durationMs, signal) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error);
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, durationMs);
    signal?.addEventListener('abort', stop, { once: true });
  });
