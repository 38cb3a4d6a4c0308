import type { CompanyState } from '@bilag/office';
import type { PgBoss } from 'pg-boss';
import { deadQueue, turnQueue } from '../boss.ts';
import type { Connection, Row, Run } from '../connection.ts';
import { saveCompany } from '../office.ts';
import type { DeadCompany } from './queue-types.ts';
import { within, type TurnJob } from './turn-job.ts';

/** The last job of a company whose turns failed time after time, as pg-boss keeps it in a queue of its own. */
interface Letter {
  readonly id: string;
  readonly job: TurnJob;
  readonly why: string;
  readonly at: Date;
}

/** Companies whose turns failed time after time, until they are put back or a later night has them. */
export class DeadCompanies {
  readonly #connection: Connection;
  readonly #boss: PgBoss;

  constructor(connection: Connection, boss: PgBoss) {
    this.#connection = connection;
    this.#boss = boss;
  }

  async list(): Promise<readonly DeadCompany[]> {
    const letters = await this.#waiting(this.#connection.run);
    return letters.map(({ id, job: { companyId }, why, at }) => ({ id, companyId, why, at }));
  }

  /** Puts them back into the queue, and into their nights: all of them, or one. Gives how many. */
  async redrive(companyId?: string): Promise<number> {
    await this.tell();
    return this.#connection.transaction(async (run) => {
      const dead = await this.#waiting(run);
      const asked = dead.filter(({ job }) => companyId === undefined || job.companyId === companyId);
      if (asked.length === 0) return 0;
      const ids = asked.map(({ id }) => id);
      const which = { ids, destination: turnQueue, limit: ids.length };
      const moved = await this.#boss.redrive(deadQueue, { ...which, db: within(run) });
      // One that was enqueued anew in this moment stays where it is.
      await run(
        `INSERT INTO night_company SELECT night_id, company_id
         FROM unnest($2::uuid[], $3::text[], $4::text[]) AS asked (id, night_id, company_id)
         WHERE NOT EXISTS (SELECT FROM ${this.#jobs} AS letter WHERE letter.name = $1 AND letter.id = asked.id)
         ON CONFLICT DO NOTHING`,
        [deadQueue, ids, asked.map(({ job }) => job.night.id), asked.map(({ job }) => job.companyId)],
      );
      return moved;
    });
  }

  /** Says of each that a person has to look: its night need not wait for that. */
  async tell(): Promise<void> {
    const isLeft = `EXISTS (SELECT FROM night_company WHERE night_id = letter.data #>> '{night,id}'
      AND company_id = letter.data ->> 'companyId')`;
    for (const letter of await this.#letters(this.#connection.run, isLeft, [])) {
      const { companyId, night } = letter.job;
      await this.#connection.transaction(async (run) => {
        const sql = 'DELETE FROM night_company WHERE night_id = $1 AND company_id = $2 RETURNING company_id';
        // Another worker may have told it, or the company is done with by now.
        if ((await run(sql, [night.id, companyId])).length > 0) await saveCompany(run, night, stateOf(letter));
      });
    }
  }

  /** Those that nothing has come after: neither a job that waits or is under way, nor a later night. */
  async #waiting(run: Run): Promise<readonly Letter[]> {
    const isLast = `NOT EXISTS (SELECT FROM ${this.#jobs} AS next WHERE next.name = $2
        AND coalesce(next.singleton_key, '') = letter.singleton_key AND next.policy = 'exclusive' AND next.state <= 'active')
      AND NOT EXISTS (SELECT FROM company_state AS later JOIN night ON night.id = later.night_id
        WHERE later.company_id = letter.data ->> 'companyId' AND later.target = letter.data #>> '{night,target}'
        AND night.started_at > (letter.data #>> '{night,startedAt}')::bigint)`;
    return this.#letters(run, isLast, [turnQueue]);
  }

  async #letters(run: Run, condition: string, values: readonly string[]): Promise<readonly Letter[]> {
    const sql = `SELECT id, data, created_on, source_output FROM ${this.#jobs} AS letter
      WHERE name = $1 AND state < 'active' AND ${condition} ORDER BY created_on, id`;
    return (await run(sql, [deadQueue, ...values])).map(letterOf);
  }

  get #jobs(): string {
    return `${this.#connection.schema}_queue.job`;
  }
}

function letterOf(row: Row): Letter {
  const { message } = (row['source_output'] ?? {}) as { readonly message?: unknown };
  const why = typeof message === 'string' ? message : 'its worker died, or was silent, each time';
  return { id: String(row['id']), job: row['data'] as TurnJob, why, at: row['created_on'] as Date };
}

function stateOf({ job: { companyId, night }, why, at }: Letter): CompanyState {
  const reason = {
    what: `its turns failed each time: ${why}`,
    where: `company ${companyId}`,
    action: `mend what it says, then bilag work --redrive ${companyId}, or leave it for the next night`,
  };
  const nothing = { fetched: 0, posted: 0, topics: [], isPartial: true };
  return { companyId, target: night.target, at: at.getTime(), asksFor: 'person', reasons: [reason], ...nothing };
}
