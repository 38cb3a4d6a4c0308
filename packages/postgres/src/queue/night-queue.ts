import type { NightRun, OfficeStore, Rest } from '@bilag/office';
import type { JobInsert, JobWithMetadata, PgBoss } from 'pg-boss';
import type { Connection, Run } from '../connection.ts';
import type { DeadCompany, Enqueued, QueuedCompany, QueueStatus } from './queue-types.ts';
import { deadQueue, heartbeatSeconds, turnQueue } from '../boss.ts';

/** One turn of a company's night, as the queue carries it. */
export interface TurnJob {
  readonly companyId: string;
  readonly night: NightRun;
  /** Where the night of the company goes on. */
  readonly rest?: Rest;
  /** How often it was put off in this night because something was busy or away. */
  readonly putOff: number;
}

const atATime = 500;

/** A night of many companies as jobs of pg-boss: it wakes, spreads and retries; what is done is known by our own tables. */
export class NightQueue {
  readonly #connection: Connection;
  readonly #boss: PgBoss;
  readonly #office: OfficeStore;

  constructor(connection: Connection, boss: PgBoss, office: OfficeStore) {
    this.#connection = connection;
    this.#boss = boss;
    this.#office = office;
  }

  /**
   * Puts the companies of a night into the queue. Safe to run twice, also at the same time: a company that is there, or done
   * with, is not put there again.
   */
  async enqueue(
    companies: AsyncIterable<QueuedCompany> | Iterable<QueuedCompany>,
    asked: Parameters<OfficeStore['beginNight']>[0],
  ): Promise<Enqueued> {
    const night = await this.#office.beginNight(asked);
    let [queued, before] = [0, 0];
    let batch: QueuedCompany[] = [];
    const send = async (): Promise<void> => {
      const added = await this.#send(night, batch);
      queued += added;
      before += batch.length - added;
      batch = [];
    };
    for await (const company of companies) {
      batch.push(company);
      if (batch.length === atATime) await send();
    }
    await send();
    await this.#connection.run('UPDATE night SET is_queued = true WHERE id = $1', [night.id]);
    return { night, queued, before };
  }

  async #send(night: NightRun, companies: readonly QueuedCompany[]): Promise<number> {
    if (companies.length === 0) return 0;
    const given = companies.flatMap(({ id, input }) =>
      input === undefined ? [] : [{ id, input: JSON.stringify(input) }],
    );
    return this.#connection.transaction(async (run) => {
      await run(
        `INSERT INTO merchant (id, input) SELECT id, input FROM jsonb_to_recordset($1::jsonb) AS given (id text, input text)
         ON CONFLICT (id) DO UPDATE SET input = excluded.input, updated_at = now() WHERE merchant.input <> excluded.input`,
        [JSON.stringify(given)],
      );
      const added = await run(
        `INSERT INTO night_company SELECT $1, id FROM unnest($2::text[]) AS id
         WHERE NOT EXISTS (SELECT FROM company_state WHERE night_id = $1 AND company_id = id)
         ON CONFLICT DO NOTHING RETURNING company_id`,
        [night.id, companies.map(({ id }) => id)],
      );
      const jobs = added.map((row) => jobOf({ companyId: String(row['company_id']), night, putOff: 0 }));
      if (jobs.length > 0) await this.#boss.insert(turnQueue, jobs, { db: within(run) });
      return jobs.length;
    });
  }

  /**
   * Puts the next turn of a company at the end of the queue, as a part of a transaction. One that is put off comes before all
   * others when its time is over: at the end of a hundred thousand it would wait for hours. It is put off a few times at most.
   */
  async goOn(run: Run, job: TurnJob, putOffSeconds = 0): Promise<void> {
    const when = putOffSeconds === 0 ? {} : { startAfter: putOffSeconds, priority: 1 };
    await this.#boss.insert(turnQueue, [{ ...jobOf(job), ...when }], { db: within(run) });
  }

  async status(): Promise<QueueStatus> {
    const [counts, dead, nights] = await Promise.all([
      this.#connection.run(
        `SELECT count(*) FILTER (WHERE state IN ('created', 'retry') AND start_after <= now()) AS waiting,
           count(*) FILTER (WHERE state IN ('created', 'retry') AND start_after > now()) AS later,
           count(*) FILTER (WHERE state = 'active') AS active
         FROM ${this.#connection.schema}_queue.job WHERE name = $1 AND state < 'completed'`,
        [turnQueue],
      ),
      this.#boss.findJobs<TurnJob>(deadQueue, { queued: true }),
      this.#connection.run(
        `SELECT night.*, (SELECT count(*) FROM night_company WHERE night_id = night.id) AS remaining
         FROM night WHERE ended_at IS NULL AND is_queued IS NOT NULL ORDER BY number DESC`,
      ),
    ]);
    const [count] = counts;
    return {
      turns: {
        waiting: Number(count?.['waiting']),
        later: Number(count?.['later']),
        active: Number(count?.['active']),
      },
      dead: dead.map(toDead),
      nights: nights.map((row) => ({
        id: String(row['id']),
        target: String(row['target']),
        startedAt: Number(row['started_at']),
        endedAt: null,
        left: Number(row['remaining']),
      })),
    };
  }

  /** Puts companies that had failed time after time back into the queue: all of them, or one. Gives how many. */
  async redrive(companyId?: string): Promise<number> {
    const dead = await this.#boss.findJobs<TurnJob>(deadQueue, { queued: true });
    const ids = dead.filter(({ data }) => companyId === undefined || data.companyId === companyId).map(({ id }) => id);
    return ids.length === 0 ? 0 : this.#boss.redrive(deadQueue, { ids, destination: turnQueue, limit: ids.length });
  }

  /** Ends the nights that nothing is left of. */
  async endNights(): Promise<void> {
    await this.#connection.run(
      `UPDATE night SET ended_at = clock_ms() WHERE ended_at IS NULL AND is_queued
       AND NOT EXISTS (SELECT FROM night_company WHERE night_id = night.id)`,
    );
  }
}

type BossDatabase = NonNullable<NonNullable<Parameters<PgBoss['touch']>[2]>['db']>;

/** Statements of pg-boss inside a transaction of ours: a turn ends with the last row of its work, or not at all. */
export function within(run: Run): BossDatabase {
  return { executeSql: async (text, values) => ({ rows: [...(await run(text, values))] }) };
}

function jobOf(job: TurnJob): JobInsert<TurnJob> {
  return { data: job, singletonKey: `${job.night.target} ${job.companyId}`, heartbeatSeconds, deadLetter: deadQueue };
}

function toDead({ id, data, createdOn, sourceOutput }: JobWithMetadata<TurnJob>): DeadCompany {
  const { message } = (sourceOutput ?? {}) as { readonly message?: unknown };
  const why = typeof message === 'string' ? message : 'its worker died, or was silent, each time';
  return { id, companyId: data.companyId, why, at: createdOn };
}
