import { consequences, endOfState, worstEnd, type DeliveryEnd, type Finding } from '@bilag/core';
import { clockSkewMs } from '../log/lease-rules.ts';
import type { DeliveryOutcome, DeliveryResult } from '../delivery/delivery-run.ts';
import type { DeliverySession } from './delivery-session.ts';
import type { DeliveryRow } from '../log/delivery-store.ts';
import { LookBack } from './look-back.ts';
import type { Written } from './write-runner.ts';

/** Writes that follow one another: one voucher, with what has to happen before it. */
export interface Job {
  /** What it would write, for the outcome of what was not tried. */
  readonly rows: readonly DeliveryRow[];
  readonly work: () => Promise<readonly Written[]>;
}

/**
 * Runs jobs in order, as many at a time as the target allows. One outcome per write, in order, whatever became of it. When
 * the log cannot be written everything under way is waited for, and the error is thrown.
 */
export async function runJobs(jobs: readonly Job[], session: DeliverySession): Promise<DeliveryResult> {
  const back = new LookBack(session);
  session.findings.push(...sentInTheFuture(jobs, session.context.clock.now()));
  const total = jobs.reduce((count, job) => count + job.rows.length, 0);
  let done = 0;
  const tell = (outcomes: readonly DeliveryOutcome[]): void => {
    for (const outcome of outcomes) session.context.onProgress?.({ done: (done += 1), total, outcome });
  };
  const failures: unknown[] = [];
  const noteFailure = (error: unknown): [] => (failures.push(error), []);
  const works: Promise<unknown>[] = [];
  const results: Promise<readonly DeliveryOutcome[]>[] = [];
  for (const job of jobs) {
    await session.slots.take();
    if (failures.length > 0) break;
    const work = runJob(job, session)
      .then((written) => (tell(outcomesOf(job, written)), written))
      .catch(noteFailure)
      .finally(session.slots.give);
    works.push(work);
    results.push(
      work
        .then(async (written) => outcomesOf(job, await Promise.all(written.map((one) => back.seen(one)))))
        .catch(noteFailure),
    );
  }
  // Some may wait for long: those that are posted are looked at first.
  await back.look();
  await Promise.all(works);
  await back.look();
  const outcomes = (await Promise.all(results)).flat();
  if (failures.length > 0) throw failures[0];
  const { run, findings } = session;
  return { run, outcomes, findings, end: endOf(outcomes, session), stoppedBy: session.stoppedBy() };
}

async function runJob(job: Job, session: DeliverySession): Promise<readonly Written[]> {
  return session.stoppedBy() === null ? job.work() : [];
}

function outcomesOf(job: Job, written: readonly Written[]): readonly DeliveryOutcome[] {
  return [
    ...written.map(({ row, did, asksPerson }) => outcomeOf(row, did, asksPerson)),
    ...job.rows.slice(written.length).map((row) => outcomeOf(row, 'nothing', false)),
  ];
}

function outcomeOf(row: DeliveryRow, did: DeliveryOutcome['did'], asksPerson: boolean): DeliveryOutcome {
  const { key, revision, kind, reference, date, delivery } = row;
  const { state, targetId, number, problem } = delivery;
  return { key, revision, kind, reference, date, state, did, asksPerson, targetId, number, problem };
}

/** Whoever sent it had a clock that is ahead of this one. How long it is looked for is counted from now. */
function sentInTheFuture(jobs: readonly Job[], now: number): Finding[] {
  return jobs
    .flatMap(({ rows }) => rows)
    .flatMap(({ reference, date, key, delivery: { sentAt } }) =>
      sentAt === null || sentAt <= now + clockSkewMs
        ? []
        : [
            {
              code: 'clock-differs',
              severity: 'warning',
              message: `${reference} was sent at ${new Date(sentAt).toISOString()}, and it is ${new Date(now).toISOString()} here: one of the two clocks is wrong`,
              where: `voucher ${reference}, ${date}`,
              action: 'set the clocks right; it is looked up as if it had been sent now',
              date,
              vouchers: [key],
            } as const,
          ],
    );
}

function endOf(outcomes: readonly DeliveryOutcome[], session: DeliverySession): DeliveryResult['end'] {
  const stopped = session.stoppedBy();
  if (outcomes.length === 0 && stopped === null) return 'nothing';
  return worstEnd([...outcomes.map(endOfOutcome), ...(stopped === null ? [] : [consequences[stopped.kind].ends])]);
}

function endOfOutcome({ state, problem, asksPerson }: DeliveryOutcome): DeliveryEnd {
  if (state === 'posted' || state === 'reversed') return 'done';
  if (asksPerson) return 'person';
  return state === 'unknown-outcome' || problem === null ? endOfUnfinished(state) : consequences[problem.kind].ends;
}

/** Not tried, or cut off before it was resolved: another run goes on with it. */
function endOfUnfinished(state: DeliveryOutcome['state']): DeliveryEnd {
  return state === 'unknown-outcome' ? 'retry' : endOfState[state];
}
