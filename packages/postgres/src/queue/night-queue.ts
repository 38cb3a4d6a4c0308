import { randomUUID } from 'node:crypto';
import type { NightRun, OfficeStore } from '@bilag/office';
import type { JobInsert, PgBoss } from 'pg-boss';
import type { Connection, Run } from '../connection.ts';
import { deadQueue, heartbeatSeconds, turnQueue } from '../boss.ts';
import { DeadCompanies } from './dead-companies.ts';
import type { Enqueued, QueuedCompany, QueueStatus } from './queue-types.ts';
import { within, type TurnJob } from './turn-job.ts';

const atATime = 500;

/** A night of many companies as jobs of pg-boss: it wakes, spreads and retries; what is done is known by our own tables. */
export class NightQueue {
  readonly #connection: Connection;
  readonly #boss: PgBoss;
  readonly #office: OfficeStore;
  readonly dead: DeadCompanies;

  constructor(connection: Connection, boss: PgBoss, office: OfficeStore) {
    this.#connection = connection;
    this.#boss = boss;
    this.#office = office;
    this.dead = new DeadCompanies(connection, boss);
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
    // A list may name one more than once.
    const inputs = new Map(companies.map(({ id, input }) => [id, input]));
    const given = [...inputs].flatMap(([id, input]) =>
      input === undefined ? [] : [{ id, input: JSON.stringify(input) }],
    );
    return this.#connection.alone(`companies of night ${night.id}`, async (run) => {
      await run(
        `INSERT INTO merchant (id, input) SELECT id, input FROM jsonb_to_recordset($1::jsonb) AS given (id text, input text)
         ON CONFLICT (id) DO UPDATE SET input = excluded.input, updated_at = now() WHERE merchant.input <> excluded.input`,
        [JSON.stringify(given)],
      );
      const wanted = await run(
        `SELECT id FROM unnest($2::text[]) AS id
         WHERE NOT EXISTS (SELECT FROM company_state WHERE night_id = $1 AND company_id = id)
           AND NOT EXISTS (SELECT FROM night_company WHERE night_id = $1 AND company_id = id)`,
        [night.id, [...inputs.keys()]],
      );
      const jobs = wanted.map((row) => {
        return { ...jobOf({ companyId: String(row['id']), night, putOff: 0 }), id: randomUUID() };
      });
      if (jobs.length === 0) return 0;
      const sent = new Set(await this.#boss.insert(turnQueue, jobs, { db: within(run), returnId: true }));
      // What an earlier night has left in the queue is done in that one.
      const added = jobs.filter(({ id }) => sent.has(id)).map(({ data }) => data?.companyId);
      await run('INSERT INTO night_company SELECT $1, unnest($2::text[])', [night.id, added]);
      return added.length;
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
      this.dead.list(),
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
      dead,
      nights: nights.map((row) => ({
        id: String(row['id']),
        target: String(row['target']),
        startedAt: Number(row['started_at']),
        endedAt: null,
        left: Number(row['remaining']),
      })),
    };
  }

  /** Ends the nights that nothing is left of but what is for a person. */
  async endNights(): Promise<void> {
    await this.dead.tell();
    await this.#connection.run(
      `UPDATE night SET ended_at = clock_ms() WHERE ended_at IS NULL AND is_queued
       AND NOT EXISTS (SELECT FROM night_company WHERE night_id = night.id)`,
    );
  }
}

function jobOf(job: TurnJob): JobInsert<TurnJob> {
  return { data: job, singletonKey: `${job.night.target} ${job.companyId}`, heartbeatSeconds, deadLetter: deadQueue };
}
