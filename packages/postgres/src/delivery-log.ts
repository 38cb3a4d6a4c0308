import { randomUUID } from 'node:crypto';
import type { Finding } from '@bilag/core';
import {
  refuseHeldLease,
  type DeliveryRow,
  type DeliveryStore,
  type KeptFinding,
  type Lease,
  type LeaseRequest,
  type LogPast,
  type PinnedTarget,
  type RowFilter,
  type RowHead,
  type RowPlace,
  type RunPart,
  type RunRow,
} from '@bilag/engine';
import { factTaken, lostLease, otherLease, otherTarget } from '@bilag/engine/storage';
import { codeOf, type Connection, type Row, type Run } from './connection.ts';
import { selectHeads, selectRows, timeOf, toGiven } from './delivery-rows.ts';

/**
 * The delivery log of every company. A lease is a row with an epoch: whoever was overtaken can record nothing. Time is the
 * database's, whatever the clocks of the machines say, unless `now` is to be taken as it is given.
 */
export class PostgresDeliveryLog implements DeliveryStore {
  readonly where: string;
  readonly #connection: Connection;
  readonly #run: Run;
  readonly #time: 'database' | 'given';

  constructor(connection: Connection, time: 'database' | 'given') {
    this.where = connection.where;
    this.#connection = connection;
    this.#run = connection.run;
    this.#time = time;
  }

  async takeLease(companyId: string, request: LeaseRequest): Promise<Lease> {
    return this.#connection.transaction(async (run) => {
      await run('INSERT INTO lease (company_id, epoch) VALUES ($1, 0) ON CONFLICT DO NOTHING', [companyId]);
      const [row] = await run('SELECT *, clock_ms() AS moment FROM lease WHERE company_id = $1 FOR UPDATE', [
        companyId,
      ]);
      const now = this.#time === 'given' ? request.now : Number(row?.['moment']);
      const held = row === undefined ? undefined : toLease(row);
      if (held !== undefined) refuseHeldLease(held, { ...request, now }, this.where);
      await recallPast(run, companyId, now);
      const token = `${Number(row?.['epoch']) + 1}-${randomUUID()}`;
      const lease = { companyId, token, holder: request.holder, since: now, expiresAt: now + request.leaseMs };
      await run(
        'UPDATE lease SET epoch = epoch + 1, token = $2, holder = $3, since = $4, expires_at = $5 WHERE company_id = $1',
        [companyId, token, lease.holder, lease.since, lease.expiresAt],
      );
      return lease;
    });
  }

  async renewLease(lease: Lease, now: number, leaseMs: number): Promise<Lease> {
    const { companyId, token } = lease;
    const moment = this.#time === 'given' ? '$3::bigint' : 'clock_ms() + 0 * $3::bigint';
    // A server that was exchanged meanwhile may have lost the last rows: this run may send nothing more on their word.
    const sql = `UPDATE lease SET expires_at = ${moment} + $4::bigint WHERE company_id = $1 AND token = $2
      AND (SELECT history FROM past WHERE company_id = $1) = ${history} RETURNING expires_at`;
    const [row] = await this.#run(sql, [companyId, token, now, leaseMs]);
    if (row === undefined) throw lostLease(lease, await this.leaseOf(companyId));
    return { ...lease, expiresAt: Number(row['expires_at']) };
  }

  async releaseLease({ companyId, token }: Lease): Promise<void> {
    await this.#run('UPDATE lease SET token = NULL WHERE company_id = $1 AND token = $2', [companyId, token]);
  }

  async leaseOf(companyId: string): Promise<Lease | undefined> {
    const [row] = await this.#run('SELECT * FROM lease WHERE company_id = $1', [companyId]);
    return row && toLease(row);
  }

  async endLease({ companyId, token }: Lease, now: number): Promise<void> {
    const moment = this.#time === 'given' ? '$4::bigint' : 'clock_ms() + 0 * $4::bigint';
    const sql = `UPDATE lease SET token = $3, since = ${moment}, expires_at = ${moment}
      WHERE company_id = $1 AND token = $2 RETURNING token`;
    const [row] = await this.#run(sql, [companyId, token, `ended-${randomUUID()}`, now]);
    if (row === undefined) throw otherLease(companyId, await this.leaseOf(companyId));
  }

  async pastOf(companyId: string): Promise<LogPast | undefined> {
    const [row] = await this.#run('SELECT state, since FROM past WHERE company_id = $1', [companyId]);
    return row && { is: row['state'] as LogPast['is'], since: Number(row['since']) };
  }

  async markWhole(lease: Lease): Promise<void> {
    await this.#holding(
      lease,
      `UPDATE past SET state = 'whole', history = ${history} FROM ${held} WHERE company_id = $1`,
      [],
    );
  }

  async markForgetful(lease: Lease, now: number): Promise<void> {
    const moment = this.#time === 'given' ? '$3::bigint' : 'clock_ms() + 0 * $3::bigint';
    const sql = `UPDATE past SET state = 'forgetful', since = ${moment} FROM ${held} WHERE company_id = $1`;
    await this.#holding(lease, sql, [now]);
  }

  async pinTarget(lease: Lease, target: PinnedTarget): Promise<void> {
    const { companyId } = lease;
    const { adapterId, targetCompanyId } = target;
    const sql = `INSERT INTO company SELECT $1, $3, $4 FROM ${held} ON CONFLICT DO NOTHING`;
    await this.#holding(lease, sql, [adapterId, targetCompanyId]);
    const pinned = await this.pinnedTarget(companyId);
    if (pinned?.adapterId === adapterId && pinned.targetCompanyId === targetCompanyId) return;
    if (pinned !== undefined) throw otherTarget(companyId, pinned, target);
  }

  async pinnedTarget(companyId: string): Promise<PinnedTarget | undefined> {
    const [row] = await this.#run('SELECT * FROM company WHERE id = $1', [companyId]);
    return row && { adapterId: String(row['adapter_id']), targetCompanyId: String(row['target_company_id']) };
  }

  async save(lease: Lease, rows: readonly DeliveryRow[]): Promise<void> {
    const given = JSON.stringify(rows.map(toGiven));
    await this.#under(lease, () =>
      this.#run('SELECT save_deliveries($1, $2, $3::jsonb)', [lease.companyId, lease.token, given]),
    );
  }

  async rows(companyId: string, filter: RowFilter = {}): Promise<readonly DeliveryRow[]> {
    return selectRows(this.#run, companyId, filter);
  }

  async *heads(companyId: string, filter: RowFilter = {}, after?: RowPlace): AsyncGenerator<RowHead, void, undefined> {
    for await (const page of selectHeads(this.#run, companyId, filter, after)) yield* page;
  }

  async holdersOf(companyId: string, facts: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const sql = 'SELECT fact, reference FROM live_fact WHERE company_id = $1 AND fact = ANY ($2)';
    const rows = await this.#run(sql, [companyId, facts]);
    return new Map(rows.map(({ fact, reference }) => [String(fact), String(reference)]));
  }

  async saveRun(lease: Lease, { id, kind, startedAt, endedAt }: RunRow): Promise<void> {
    const sql = `INSERT INTO run SELECT $1, $3, $4, $5::bigint, $6::bigint FROM ${held}
      ON CONFLICT (company_id, id) DO UPDATE SET
      kind = excluded.kind, started_at = excluded.started_at, ended_at = excluded.ended_at`;
    await this.#holding(lease, sql, [id, kind, startedAt, endedAt]);
  }

  async saveFindings(lease: Lease, references: readonly string[], findings: readonly KeptFinding[]): Promise<void> {
    const { companyId } = lease;
    await this.#transaction(lease, async (run) => {
      await run('DELETE FROM finding WHERE company_id = $1 AND reference = ANY ($2)', [companyId, references]);
      const given = findings.map(({ reference, finding, foundAt, seenAt }) => {
        return { reference, code: finding.code, finding: JSON.stringify(finding), found_at: foundAt, seen_at: seenAt };
      });
      await run(
        `INSERT INTO finding SELECT $1, reference, code, finding, found_at, seen_at FROM jsonb_to_recordset($2::jsonb)
           AS given (reference text, code text, finding text, found_at bigint, seen_at bigint)
         ON CONFLICT (company_id, reference, code) DO UPDATE SET
           finding = excluded.finding, found_at = excluded.found_at, seen_at = excluded.seen_at`,
        [companyId, JSON.stringify(given)],
      );
    });
  }

  async findings(companyId: string): Promise<readonly KeptFinding[]> {
    const rows = await this.#run('SELECT * FROM finding WHERE company_id = $1 ORDER BY reference, code', [companyId]);
    return rows.map((row) => ({
      companyId,
      reference: String(row['reference']),
      finding: JSON.parse(String(row['finding'])) as Finding,
      foundAt: Number(row['found_at']),
      seenAt: Number(row['seen_at']),
    }));
  }

  async runs(companyId: string, { after, most }: RunPart = {}): Promise<readonly RunRow[]> {
    const later = after === undefined ? [] : [after.startedAt, after.id];
    const sql = `SELECT * FROM run WHERE company_id = $1 ${later.length === 0 ? '' : 'AND (started_at, id) < ($3, $4)'}
      ORDER BY started_at DESC, id DESC LIMIT $2`;
    return (await this.#run(sql, [companyId, most ?? null, ...later])).map((row) => ({
      companyId,
      id: String(row['id']),
      kind: row['kind'] as RunRow['kind'],
      startedAt: Number(row['started_at']),
      endedAt: timeOf(row['ended_at']),
    }));
  }

  async companies(): Promise<readonly string[]> {
    return (await this.#run('SELECT id FROM company ORDER BY id')).map(({ id }) => String(id));
  }

  /** The connections are the pool's. */
  async close(): Promise<void> {
    return undefined;
  }

  /** One statement that writes for a company under its lease ({@link held}), in one round trip. */
  async #holding(lease: Lease, sql: string, values: readonly unknown[]): Promise<void> {
    await this.#under(lease, () => this.#run(sql, [lease.companyId, lease.token, ...values]));
  }

  async #transaction(lease: Lease, work: (run: Run) => Promise<unknown>): Promise<void> {
    await this.#under(lease, () =>
      this.#connection.transaction(async (run) => {
        await run('SELECT must_hold_lease($1, $2)', [lease.companyId, lease.token]);
        await work(run);
      }),
    );
  }

  /** Says what the functions of the schema refuse as every delivery log says it. */
  async #under(lease: Lease, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { detail = '', hint = '' } = error as { readonly detail?: string; readonly hint?: string };
      if (codeOf(error) === 'BL001') throw lostLease(lease, await this.leaseOf(lease.companyId));
      if (codeOf(error) === 'BL002') throw factTaken(detail, hint);
      throw error;
    }
  }
}

/** In a statement whose first two values are a company and a token: nothing of it is done where the lease is another's. */
const held = 'must_hold_lease($1, $2)';

/**
 * Which server this is, and on which of its timelines. A copy that was restored, or that was promoted when the first one died,
 * has another: it may have lost what was written last.
 */
const history = `(SELECT system_identifier FROM pg_control_system()) || '/' || (SELECT timeline_id FROM pg_control_checkpoint())`;

/** A new company has no past. One that was delivered for under another history of the server has forgotten something. */
async function recallPast(run: Run, companyId: string, now: number): Promise<void> {
  await run(
    `INSERT INTO past VALUES ($1, 'new', $2, ${history})
     ON CONFLICT (company_id) DO UPDATE SET state = 'forgetful', since = excluded.since, history = excluded.history
     WHERE past.history <> excluded.history`,
    [companyId, now],
  );
}

function toLease(row: Row): Lease | undefined {
  if (row['token'] === null) return undefined;
  return {
    companyId: String(row['company_id']),
    token: String(row['token']),
    holder: String(row['holder']),
    since: Number(row['since']),
    expiresAt: Number(row['expires_at']),
  };
}
