import { BilagError } from '@bilag/core';
import type { DeliveryContext } from '../delivery/delivery-run.ts';
import type { RowHead } from '../log/delivery-store.ts';
import { clockSkewMs } from '../log/lease-rules.ts';

/**
 * Until when the target may take its declared time to show what was written: from the answer on, or from the latest moment
 * at which a request without an answer can have been heard.
 */
export function shownBy(
  { updatedAt, delivery }: Pick<RowHead, 'updatedAt' | 'delivery'>,
  { adapter, requestTimeoutMs = 60_000 }: Pick<DeliveryContext, 'adapter' | 'requestTimeoutMs'>,
): number {
  if (adapter.dedupe.by !== 'search') return 0;
  const { state, sentAt } = delivery;
  const heardAt =
    state === 'posted' || state === 'reversed' ? updatedAt : sentAt === null ? 0 : sentAt + requestTimeoutMs;
  return heardAt + adapter.dedupe.settlesMs;
}

/** What is not shown may be there, as long as the target may take to show it: `busy` until then. */
export function notShownYet(
  row: RowHead,
  context: Pick<DeliveryContext, 'adapter' | 'clock' | 'requestTimeoutMs'>,
): BilagError | undefined {
  const settlesMs = context.adapter.dedupe.by === 'search' ? context.adapter.dedupe.settlesMs : 0;
  const retryAfterMs = shownBy(row, context) - context.clock.now();
  // Written by a clock that is ahead, it would stay young for as long as that.
  const longestMs = settlesMs + (context.requestTimeoutMs ?? 60_000) + clockSkewMs;
  if (retryAfterMs <= 0 || retryAfterMs > longestMs) return undefined;
  const error = new BilagError('busy', {
    what: 'the target does not show the voucher, and may still take its declared time to do so',
    where: `voucher ${row.reference}, ${row.date}`,
    action: `try again in ${Math.ceil(retryAfterMs / 1000)} seconds; nothing was sent`,
  });
  return Object.assign(error, { retryAfterMs });
}
