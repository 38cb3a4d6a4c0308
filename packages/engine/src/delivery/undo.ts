import type { PlainDate } from '@bilag/core';
import type { DeliveryContext, DeliveryResult } from './delivery-run.ts';
import { inSession, type DeliverySession } from '../writing/delivery-session.ts';
import type { DeliveryRow } from '../log/delivery-store.ts';
import { runJobs, type Job } from '../writing/jobs.ts';
import { reversalWrite } from '../writing/voucher-writes.ts';
import { deliver } from '../writing/write-runner.ts';

/** What to take back: everything a run posted, everything between two posting dates, or one voucher. */
export type UndoChoice =
  | { readonly run: string }
  | { readonly from: PlainDate; readonly to: PlainDate }
  | { readonly reference: string };

export interface UndoOptions {
  /** Asked once, with everything that would be reversed; nothing is sent unless it says yes. */
  readonly confirm: (rows: readonly DeliveryRow[]) => Promise<boolean> | boolean;
  /** What the target or the policy says is closed, the later of the two: nothing is dated on or before it. */
  readonly lockedThrough?: PlainDate | undefined;
}

/**
 * Reverses what was posted, the latest first: by the target's own reversal where it has one, else by a mirrored voucher. Both
 * ends are in the log. It may be stopped at any point and run again. Nothing is ever deleted or edited.
 *
 * Each voucher is read first where the target can be searched: one that somebody reversed or deleted there is recorded and
 * nothing is sent, one that was edited is a `conflict`. What is undone is held: it is not posted again before `release`.
 */
export async function undo(
  choice: UndoChoice,
  context: DeliveryContext,
  options: UndoOptions,
): Promise<DeliveryResult> {
  return inSession(
    context,
    'undo',
    async (session) => {
      const posted = await context.store.rows(context.companyId, { ...choice, states: ['posted'] });
      const vouchers = posted.filter((row) => row.kind === 'voucher').toReversed();
      const isConfirmed = vouchers.length > 0 && (await options.confirm(vouchers));
      const confirmed = isConfirmed ? vouchers : [];
      return runJobs({ jobs: reversalsOf(confirmed, session), writes: confirmed.length }, session);
    },
    options.lockedThrough,
  );
}

async function* reversalsOf(
  vouchers: readonly DeliveryRow[],
  session: DeliverySession,
): AsyncGenerator<Job, void, undefined> {
  const { store, companyId } = session.context;
  for (const voucher of vouchers) {
    const rows = await store.rows(companyId, { key: voucher.key });
    const known = rows.find((row) => row.kind === 'reversal' && row.revision === voucher.revision);
    const write = reversalWrite(voucher, known, session, { isHeld: true });
    yield { rows: [write.row], work: async () => [await deliver(write, session)] };
  }
}
