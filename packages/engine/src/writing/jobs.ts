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

/** What a run does. */
export interface Work {
  /** In their order. Each is made when its turn comes: those that are under way are held, and no others. */
  readonly jobs: Iterable<Job> | AsyncIterable<Job>;
  /** How many writes they come to, for those who watch. */
  readonly writes: number;
}

/**
 * Runs jobs in order, as many at a time as the target allows. One outcome per write, in order, whatever became of it. When
 * the log cannot be written or read everything under way is waited for, and the error is thrown.
 */
export async function runJobs({ jobs, writes }: Work, session: DeliverySession): Promise<DeliveryResult> {
  const { run, findings, slots, context } = session;
  const back = new LookBack(session);
  const outcomes: DeliveryOutcome[] = [];
  const failures: unknown[] = [];
  const noteFailure = (error: unknown): [] => (failures.push(error), []);
  let done = 0;
  const tell = (told: readonly DeliveryOutcome[]): void => {
    for (const outcome of told) context.onProgress?.({ done: (done += 1), total: writes, outcome });
  };
  const [writing, looking] = [new UnderWay(), new UnderWay()];
  const begin = (job: Job): void => {
    const place = outcomes.length;
    outcomes.length += job.rows.length;
    const work = runJob(job, session)
      .then((written) => (tell(outcomesOf(job, written)), written))
      .catch(noteFailure)
      .finally(slots.give);
    const seen = work.then(async (written) => {
      const all = outcomesOf(job, await Promise.all(written.map((one) => back.seen(one))));
      for (const [index, outcome] of all.entries()) outcomes[place + index] = outcome;
    });
    writing.add(work);
    looking.add(seen.catch(noteFailure));
  };
  try {
    for await (const job of jobs) {
      await slots.take();
      if (failures.length > 0) {
        // Who waits without a slot needs it to come to an end.
        slots.give();
        break;
      }
      findings.push(...sentInTheFuture(job, context.clock.now()));
      begin(job);
    }
  } catch (error) {
    noteFailure(error);
  }
  // Some may wait for long: those that are posted are looked at first.
  await back.look();
  await writing.end();
  await back.look();
  await looking.end();
  if (failures.length > 0) throw failures[0];
  return { run, outcomes, findings, end: endOf(outcomes, session), stoppedBy: session.stoppedBy() };
}

/** Work that is not done yet; what is done is let go of. */
class UnderWay {
  readonly #works = new Set<Promise<unknown>>();

  /** Takes work that does not fail. */
  add(work: Promise<unknown>): void {
    this.#works.add(work);
    void work.then(() => this.#works.delete(work));
  }

  async end(): Promise<void> {
    await Promise.all(this.#works);
  }
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
function sentInTheFuture({ rows }: Job, now: number): Finding[] {
  return rows.flatMap(({ reference, date, key, delivery: { sentAt } }) =>
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
  const ends = new Set(outcomes.map(endOfOutcome));
  return worstEnd(stopped === null ? ends : ends.add(consequences[stopped.kind].ends));
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
