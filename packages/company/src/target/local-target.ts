import type { ServiceAdapter } from '@bilag/core';
import type { DeliveryContext } from '@bilag/engine';
import { isLoopback } from '@bilag/http';
import type { LoadedTarget } from '../config/load-adapter.ts';
import type { Surroundings } from '../surroundings.ts';

/** The longest a request to a target may take: so long the last one of who died may still be under way. */
export const requestTimeoutMs = 60_000;

/**
 * What the engine is told of a target's pace. A target on this machine is a simulator: it shows what was written within
 * seconds, and nobody trying Bilag out waits the minutes that the real one may need. Where sleeping costs no time, they stay.
 */
export function paceOf(
  { adapter, config }: LoadedTarget<ServiceAdapter>,
  { sleep }: Pick<Surroundings, 'sleep'>,
): Pick<DeliveryContext, 'adapter'> & { readonly requestTimeoutMs: number } {
  const { dedupe } = adapter;
  const isLocal = sleep === undefined && isLoopback(URL.parse(adapter.addressOf?.(config) ?? '')?.hostname ?? '');
  if (!isLocal || dedupe.by !== 'search') return { adapter, requestTimeoutMs };
  const settlesMs = Math.min(dedupe.settlesMs, 25_000);
  return { adapter: { ...adapter, dedupe: { ...dedupe, settlesMs } } as ServiceAdapter, requestTimeoutMs: 5_000 };
}
