import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceContext } from '@bilag/core';

/**
 * The time of this machine, for a delivery, a turnstile and a service; all of them stop at the signal. Tests give a clock of
 * their own.
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
  return { now: Date.now, sleep: (ms, stop = signal) => delay(ms, undefined, { signal: stop }), signal };
}
