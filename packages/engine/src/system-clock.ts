import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceContext } from '@bilag/core';

/**
 * The time of this machine, for a delivery, a turnstile and a service; all of them stop at the signal. Make one for each run: it
 * reads the clock on the wall once, and then goes on evenly, so that a wait is as long as it says when that clock is set
 * meanwhile. Tests give a clock of their own.
 *
 * @example
 * ```ts
 * import { systemClock } from '@bilag/engine';
 *
 * const clock = systemClock(AbortSignal.timeout(3_600_000));
 * clock.now() >= Date.parse('2026-11-21'); // => true
 * await clock.sleep(1);
 * ```
 */
export function systemClock(
  signal: AbortSignal = new AbortController().signal,
): Pick<ServiceContext, 'now' | 'sleep' | 'signal'> {
  const [start, startedAt] = [Date.now(), performance.now()];
  const now = (): number => Math.round(start + performance.now() - startedAt);
  return { now, sleep: (ms, stop = signal) => delay(ms, undefined, { signal: stop }), signal };
}
