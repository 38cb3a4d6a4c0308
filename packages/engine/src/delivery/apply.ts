import { BilagError, latestLock, type DeliveryProblem, type PlainDate } from '@bilag/core';
import { attachSource } from '../writing/attach-source.ts';
import type { AttachmentSource, DeliveryContext, DeliveryResult } from './delivery-run.ts';
import { inSession, type DeliverySession } from '../writing/delivery-session.ts';
import type { DeliveryRow } from '../log/delivery-store.ts';
import { runJobs, type Job } from '../writing/jobs.ts';
import { LookAhead } from '../writing/look-ahead.ts';
import { lookThrough } from '../writing/look-through.ts';
import { lastRevisions } from '../planning/one-grouping.ts';
import type { Plan, PlanItem } from '../planning/plan.ts';
import { reversalWrite, voucherWrite, wasTakenBack } from '../writing/voucher-writes.ts';
import { isSameWrite, readStaleness, type Staleness } from '../planning/stale-plan.ts';
import { deliver, type Written } from '../writing/write-runner.ts';

export interface ApplyOptions {
  /** The most vouchers that may be reversed and booked again; more throws `blocked` before anything is sent. 0 by default. */
  readonly mostReversals?: number;
  /** The operator has chosen: what the target holds on the clearing account is not the same revenue. */
  readonly revenueIsOurs?: boolean;
  /** What the target says is closed. Reversals of a date that it or the plan closes are posted on the day after. */
  readonly lockedThrough?: PlainDate | undefined;
  /** The file that goes with each voucher; see `sourceAttachment`. */
  readonly attachment?: AttachmentSource | undefined;
}

/**
 * Posts a plan: each voucher once. It may be stopped at any point, also by `kill -9`, and run again: what was under way is
 * looked up before anything is sent again. A changed voucher is reversed and booked under its next revision.
 *
 * Throws `busy` (another process delivers for this company), `blocked` (too many reversals, or the revenue seems to be booked
 * already) and `conflict` (another company in the target, a voucher that is doubled, or one that the log does not know: it was
 * lost or restored) before anything is sent. Where another run wrote to the log since the plan was made, what differs now is
 * left alone (`busy`): plan again. A log that has never sent waits first until the target shows what another log may
 * have sent. What happens to single vouchers is in the outcomes.
 */
export async function apply(plan: Plan, context: DeliveryContext, options: ApplyOptions = {}): Promise<DeliveryResult> {
  if (plan.companyId !== context.companyId) throw otherCompany(plan, context);
  refuseReversals(plan, options.mostReversals ?? 0);
  const lockedThrough = latestLock([plan.lockedThrough ?? undefined, options.lockedThrough]);
  const work = async (session: DeliverySession): Promise<DeliveryResult> => {
    // What is under way or in doubt is little.
    const doubtful = await context.store.rows(context.companyId, {
      states: ['conflict', 'intended', 'unknown-outcome'],
    });
    await refuseDoubled(doubtful, context);
    const ahead = new LookAhead(plan, session);
    if (plan.items.some(({ isToBeSent }) => isToBeSent))
      await lookThrough(plan, session, ahead, options.revenueIsOurs === true);
    const unfinished = await unfinishedReversals(doubtful, plan, session);
    const staleness = await readStaleness(plan, session);
    const jobs = jobsOf(plan, unfinished, { staleness, session, ahead, options });
    return runJobs({ jobs, writes: unfinished.length + writesOf(plan) }, session);
  };
  return inSession(context, 'apply', work, lockedThrough);
}

/**
 * What is to be done: what was left unfinished, and the rest in the order of the plan. The log is asked about that alone, and about
 * many at once. As nobody else writes to the log meanwhile, what it says of those that come later is the same by then.
 */
async function* jobsOf(
  plan: Plan,
  unfinished: readonly Job[],
  applying: Applying,
): AsyncGenerator<Job, void, undefined> {
  yield* unfinished;
  const { session, options } = applying;
  const items = plan.items.filter(
    (item) => item.isToBeSent || (options.attachment !== undefined && isUnattached(item)),
  );
  for (let place = 0; place < items.length; place += askedAtATime) {
    const some = items.slice(place, place + askedAtATime);
    const rows = await rowsOf(
      some.map(({ key }) => key),
      session,
    );
    for (const item of some) yield* jobOf(item, rows, applying);
  }
}

/** How many writes it comes to; what another run has made of it meanwhile shows as it is applied. */
function writesOf({ items }: Plan): number {
  return items.reduce((count, { isToBeSent, change, posted }) => {
    const isReversed = change === 'changed' && posted?.delivery.state === 'posted';
    return isToBeSent ? count + (isReversed ? 2 : 1) : count;
  }, 0);
}

const askedAtATime = 500;

function isUnattached({ posted }: PlanItem): boolean {
  return posted?.delivery.state === 'posted' && !posted.isAttached;
}

interface Applying {
  readonly staleness: Staleness;
  readonly session: DeliverySession;
  readonly ahead: LookAhead;
  readonly options: ApplyOptions;
}

function jobOf(item: PlanItem, rows: Rows, { staleness, session, ahead, options }: Applying): readonly Job[] {
  const { voucher } = item;
  if (voucher === null) return [];
  const known = rows.at('voucher', item.posted) ?? null;
  if (!item.isToBeSent) {
    const isMissing = known?.delivery.state === 'posted' && !known.isAttached;
    return isMissing ? [attachingJob(known, session, options)] : [];
  }
  // Another run may have begun it, or made it, since it was planned.
  const last = rows.last(item.key);
  const begun = last !== undefined && isSameWrite(item, last) ? last : null;
  const write = voucherWrite(voucher, begun, session, ahead);
  const stale = staleness(item, last);
  if (stale !== undefined) return [{ rows: [write.row], work: async () => [leftAlone(write.row, stale)] }];
  const first = item.change === 'changed' ? reversalOf(known, rows, session) : undefined;
  const work = async (): Promise<readonly Written[]> => {
    const reversed = first === undefined ? [] : [await deliver(first, session)];
    // The next revision waits until the one before is out of the books.
    if (reversed.some(({ row }) => row.delivery.state !== 'posted')) return reversed;
    if (reversed.some(({ row }) => wasTakenBack(row))) return [...reversed, heldBack(write.row)];
    const written = await deliver(write, session);
    const row = await attachSource(written.row, options.attachment, session);
    return [...reversed, { ...written, row }];
  };
  return [{ rows: [...(first === undefined ? [] : [first.row]), write.row], work }];
}

function attachingJob(row: DeliveryRow, session: DeliverySession, options: ApplyOptions): Job {
  const work = async (): Promise<readonly Written[]> => {
    await attachSource(row, options.attachment, session);
    return [];
  };
  return { rows: [], work };
}

function reversalOf(
  posted: DeliveryRow | null,
  rows: Rows,
  session: DeliverySession,
): ReturnType<typeof reversalWrite> | undefined {
  if (posted === null || posted.delivery.state !== 'posted') return undefined;
  return reversalWrite(posted, rows.at('reversal', posted), session, { isHeld: false });
}

function leftAlone(row: DeliveryRow, problem: DeliveryProblem): Written {
  return { row: { ...row, delivery: { ...row.delivery, problem } }, did: 'nothing', asksPerson: false };
}

/** Somebody took the voucher back in the target, for a reason of their own: what changed is not booked without a word. */
function heldBack(row: DeliveryRow): Written {
  const problem: DeliveryProblem = {
    kind: 'blocked',
    what: 'somebody took the voucher before it back in the target, so that it is held',
    where: `voucher ${row.reference}, ${row.date}`,
    action: 'ask who and why, and release it if it is to be posted; nothing was sent',
  };
  return { row: { ...row, delivery: { ...row.delivery, problem } }, did: 'nothing', asksPerson: true };
}

/** What the log holds under some keys. */
interface Rows {
  /** A voucher, or its reversal. */
  readonly at: (kind: DeliveryRow['kind'], of: Pick<DeliveryRow, 'key' | 'revision'> | null) => DeliveryRow | undefined;
  /** The last revision. */
  readonly last: (key: string) => DeliveryRow | undefined;
}

async function rowsOf(keys: readonly string[], { context: { store, companyId } }: DeliverySession): Promise<Rows> {
  const rows = await store.rows(companyId, { keys });
  const byPlace = new Map(rows.map((row) => [`${row.kind} ${row.revision} ${row.key}`, row]));
  const last = new Map(lastRevisions(rows).map((row) => [row.key, row]));
  return {
    at: (kind, of) => (of === null ? undefined : byPlace.get(`${kind} ${of.revision} ${of.key}`)),
    last: (key) => last.get(key),
  };
}

/** An undo that was cut off: what it began is brought to its end first. */
async function unfinishedReversals(
  doubtful: readonly DeliveryRow[],
  plan: Plan,
  session: DeliverySession,
): Promise<readonly Job[]> {
  const reversals = doubtful.filter(({ kind, delivery }) => kind === 'reversal' && delivery.state !== 'conflict');
  if (reversals.length === 0) return [];
  const changed = new Set(plan.items.filter((item) => item.change === 'changed').map((item) => item.key));
  const rows = await rowsOf(
    reversals.map(({ key }) => key),
    session,
  );
  return reversals.flatMap((row) => {
    const posted = rows.at('voucher', row);
    if (posted === undefined || changed.has(row.key)) return [];
    const write = reversalWrite(posted, row, session, { isHeld: false });
    return [{ rows: [write.row], work: async () => [await deliver(write, session)] }];
  });
}

function refuseReversals(plan: Plan, most: number): void {
  const { changed } = plan.counts;
  if (changed <= most) return;
  throw new BilagError('blocked', {
    what: `${changed} posted ${changed === 1 ? 'voucher' : 'vouchers'} would be reversed and booked again, and ${most} may be`,
    where: plan.companyId,
    action: 'look at the plan, and allow that many reversals if it is right; nothing was sent',
  });
}

/** Seen by an earlier run, or by verify. */
async function refuseDoubled(doubtful: readonly DeliveryRow[], { store, companyId }: DeliveryContext): Promise<void> {
  const kept = await store.findings(companyId);
  const doubled =
    doubtful.find(({ delivery }) => delivery.state === 'conflict' && delivery.isDoubled) ??
    kept.find(({ finding }) => finding.code === 'voucher-doubled');
  if (doubled === undefined) return;
  throw new BilagError('conflict', {
    what: `the target held ${doubled.reference} more than once`,
    where: companyId,
    action:
      'let a person keep one and delete the others there, and then settle it, or verify it again; nothing was sent',
  });
}

function otherCompany(plan: Plan, context: DeliveryContext): BilagError {
  return new BilagError('config', {
    what: `the plan is of ${plan.companyId}`,
    where: context.companyId,
    action: 'plan for this company; nothing was sent',
  });
}
