import type { Sleep } from '../src/transport/limiter.ts';

/** A clock that only sleeping moves, and the list of what was slept. */
export interface VirtualTime {
  readonly now: () => number;
  readonly sleep: Sleep;
  readonly slept: number[];
}

/** Makes time that stands still until somebody sleeps. */
export function virtualTime(startMs: number = Date.UTC(2026, 0, 31)): VirtualTime {
  let nowMs = startMs;
  const slept: number[] = [];
  return {
    now: () => nowMs,
    sleep: async (durationMs, signal) => {
      signal?.throwIfAborted();
      slept.push(durationMs);
      nowMs += durationMs;
      await Promise.resolve();
    },
    slept,
  };
}
