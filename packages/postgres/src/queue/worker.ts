import { setTimeout as delay } from 'node:timers/promises';
import { OpenCompany, type Surroundings } from '@bilag/company';
import { BilagError } from '@bilag/core';
import { companyNight, withConnectionsOf, type CompanyState, type SliceSize } from '@bilag/office';
import type { Job, PgBoss } from 'pg-boss';
import type { Connection } from '../connection.ts';
import { PostgresOffice, saveCompany } from '../office.ts';
import { heartbeatSeconds, turnQueue } from '../boss.ts';
import type { NightQueue } from './night-queue.ts';
import type { WorkerEvent, WorkerOptions } from './queue-types.ts';
import { SharedByNight } from './shared-by-night.ts';
import { within, type TurnJob } from './turn-job.ts';

const pollMs = 1_000;
/** How often a worker that is never without a turn looks whether a night has ended. */
const endNightsMs = 60_000;
/** Seconds a company is put off in one night, time after time, before it is left for the next. */
const putOffs: readonly number[] = [15, 15, 20, 30];
const longestPutOff = 600;
const defaultSlice: SliceSize = { dates: 100, vouchers: 200 };

/**
 * One of any number of workers. It takes turns out of the queue, does them, and ends each in the transaction that records it,
 * so that a turn is done with or not; a worker that was overtaken records nothing. It stops at the signal of its surroundings:
 * turns that are under way go on for half a minute, and what is not done then goes to another worker.
 */
export class Worker {
  readonly #connection: Connection;
  readonly #boss: PgBoss;
  readonly #queue: NightQueue;
  readonly #options: WorkerOptions;
  readonly #shared: SharedByNight;
  readonly #active = new Map<string, Job<TurnJob>>();
  readonly #turns = new Set<Promise<void>>();
  /** Stops turns that outlast the drain. */
  readonly #ends = new AbortController();
  readonly #surroundings: Surroundings;

  constructor(connection: Connection, boss: PgBoss, queue: NightQueue, options: WorkerOptions) {
    this.#connection = connection;
    this.#boss = boss;
    this.#queue = queue;
    this.#options = options;
    this.#surroundings = { ...options.surroundings, signal: this.#ends.signal };
    this.#shared = new SharedByNight(this.#surroundings, new PostgresOffice(connection));
  }

  async run(): Promise<void> {
    const { signal } = this.#options.surroundings;
    let nextEnd = performance.now() + endNightsMs;
    const beat = setInterval(() => void this.#beat(), (heartbeatSeconds * 1_000) / 4);
    try {
      while (!signal.aborted) {
        const taken = await this.#take();
        if (taken > 0) continue;
        // Where nights follow each other there is always something under way.
        if (this.#turns.size === 0 || performance.now() > nextEnd) {
          nextEnd = performance.now() + endNightsMs;
          await this.#endNights();
        }
        if (this.#options.untilEmpty === true && this.#turns.size === 0 && (await this.#isEmpty())) break;
        await this.#pause(signal);
      }
      await this.#drain();
      await this.#endNights();
    } finally {
      clearInterval(beat);
      await this.#shared.close();
    }
  }

  /** Fills the free places; gives how many turns were taken. */
  async #take(): Promise<number> {
    const { atOnce = 8 } = this.#options;
    const free = atOnce - this.#turns.size;
    if (free === 0) return 0;
    try {
      const jobs = await this.#boss.fetch<TurnJob>(turnQueue, { batchSize: free, db: within(this.#connection.run) });
      for (const job of jobs) this.#start(job);
      return jobs.length;
    } catch (error) {
      this.#tell({ is: 'unreachable', error });
      await delay(pollMs);
      return 0;
    }
  }

  #start(job: Job<TurnJob>): void {
    this.#active.set(job.id, job);
    const turn = this.#turn(job).finally(() => {
      this.#active.delete(job.id);
      this.#turns.delete(turn);
    });
    this.#turns.add(turn);
  }

  async #turn(job: Job<TurnJob>): Promise<void> {
    const { companyId } = job.data;
    const startedAt = performance.now();
    try {
      const left = await this.#end(job, await this.#work(job.data));
      this.#tell({ is: 'turn', companyId, ms: Math.round(performance.now() - startedAt), left });
    } catch (error) {
      if (error instanceof Overtaken) this.#tell({ is: 'overtaken', companyId });
      // A turn that the drain stopped goes to another worker when this one is silent.
      else if (!this.#ends.signal.aborted) await this.#fail(job, error);
    }
  }

  async #work({ companyId, night, rest }: TurnJob): ReturnType<typeof companyNight> {
    const [row] = await this.#connection.run('SELECT input FROM merchant WHERE id = $1', [companyId]);
    const { companyOf, slice = defaultSlice } = this.#options;
    const now = this.#surroundings.now();
    const { target } = night;
    const company = await companyOf(companyId, row === undefined ? undefined : JSON.parse(String(row['input'])));
    if (company === undefined) return { state: strangerState(companyId, target, now.getTime()), rest: null };
    return this.#shared.during(night.id, async (shared) =>
      withConnectionsOf(company, shared.connections, this.#surroundings, async (connections) => {
        await using open = new OpenCompany(company, this.#surroundings, connections);
        // What a look cannot be had of, fetching says for each company.
        if (rest === undefined) await shared.looks.at(company, connections).catch(() => []);
        return companyNight(open, { target, store: new PostgresOffice(this.#connection), slice, rest, now });
      }),
    );
  }

  /** Records a turn and ends its job in one transaction; where the job is not this attempt's any more, nothing is. */
  async #end(
    job: Job<TurnJob>,
    { state: last, rest, retryAfterMs }: Awaited<ReturnType<typeof companyNight>>,
  ): Promise<'nothing' | 'more' | 'later'> {
    const { companyId, night, putOff, before } = job.data;
    const fetched = last.fetched + (before?.fetched ?? 0);
    const posted = last.posted + (before?.posted ?? 0);
    const state = { ...last, fetched, posted };
    const left = rest !== null ? 'more' : state.asksFor === 'retry' && putOff < putOffs.length ? 'later' : 'nothing';
    await this.#connection.transaction(async (run) => {
      const attempt = { id: job.id, retryCount: job.retryCount };
      const ended: { readonly affected?: number } = await this.#boss.complete(turnQueue, attempt, null, {
        db: within(run),
      });
      if (ended.affected !== 1) throw new Overtaken();
      if (rest !== null) return this.#queue.goOn(run, { ...job.data, rest });
      if (left === 'later') {
        const again = { companyId, night, putOff: putOff + 1, before: { fetched, posted } };
        return this.#queue.goOn(run, again, putOffOf(putOff, retryAfterMs));
      }
      await saveCompany(run, night, state);
    });
    if (left === 'nothing') this.#tell({ is: 'done', state });
    return left;
  }

  async #fail(job: Job<TurnJob>, error: unknown): Promise<void> {
    this.#tell({ is: 'failed', companyId: job.data.companyId, error });
    const message = error instanceof BilagError ? error.message : error instanceof Error ? error.name : 'a fault';
    const attempt = { id: job.id, retryCount: job.retryCount };
    // Where this fails too, the silence of the job says it.
    await this.#boss.fail(turnQueue, attempt, { message }).catch(() => undefined);
  }

  async #beat(): Promise<void> {
    const attempts = [...this.#active.values()].map(({ id, retryCount }) => ({ id, retryCount }));
    if (attempts.length === 0) return;
    await this.#boss.touch(turnQueue, attempts).catch((error: unknown) => this.#tell({ is: 'unreachable', error }));
  }

  async #endNights(): Promise<void> {
    await this.#queue.endNights().catch((error: unknown) => this.#tell({ is: 'unreachable', error }));
  }

  async #isEmpty(): Promise<boolean> {
    const { turns } = await this.#queue.status();
    return turns.waiting + turns.later + turns.active === 0;
  }

  /** Until something may have changed: a turn ends, or a moment is over. */
  async #pause(signal: AbortSignal): Promise<void> {
    const moment = delay(pollMs, undefined, { signal }).catch(() => undefined);
    await Promise.race([moment, ...this.#turns]);
  }

  async #drain(): Promise<void> {
    if (this.#turns.size === 0) return;
    const limit = AbortSignal.timeout(drainMs);
    limit.addEventListener('abort', () => this.#ends.abort(new Error('stopped')));
    await Promise.allSettled(this.#turns);
  }

  #tell(event: WorkerEvent): void {
    this.#options.onEvent?.(event);
  }
}

/** As long as whoever is busy asked for: a killed worker's lease ends at a time that is known. */
function putOffOf(putOff: number, retryAfterMs: number | undefined): number {
  if (retryAfterMs === undefined) return putOffs[putOff] ?? 0;
  return Math.min(Math.max(Math.ceil(retryAfterMs / 1_000), 1), longestPutOff);
}

const drainMs = 30_000;

/** Another worker has this turn by now. */
class Overtaken extends Error {}

function strangerState(companyId: string, target: string, at: number): CompanyState {
  const reason = {
    what: 'the company is in the queue, and in no list of companies',
    where: `company ${companyId}`,
    action: 'put it into the list again, or leave it out of the night',
  };
  return { companyId, target, at, asksFor: 'person', reasons: [reason], fetched: 0, posted: 0, topics: [] };
}
