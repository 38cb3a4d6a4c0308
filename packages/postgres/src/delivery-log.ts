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
  readonly #run: Run;
  readonly #time: 'database' | 'given';

  constructor(connection: Connection, time: 'database' | 'given') {
    this.where = connection.where;
    this.#run = connection.run;
    this.#time = time;
  }

  async takeLease(companyId: string, request: LeaseRequest): Promise<Lease> {
    const { holder, leaseMs } = request;
    const given = this.#time === 'given' ? request.now : null;
    let seen: Lease | undefined;
    for (;;) {
      const sql = 'SELECT * FROM take_lease($1, $2, $3, $4, $5, $6, $7)';
      const asked = [companyId, randomUUID(), holder, given, leaseMs, seen?.token ?? null, seen?.expiresAt ?? null];
      const [row = {}] = await this.#run(sql, asked);
      const lease = toLease({ ...row, company_id: companyId });
      if (lease === undefined) throw new TypeError('a lease is taken or held');
      if (row['is_taken'] === true) return lease;
      // Whose lease is over is followed, unless it is renewed in this moment.
      refuseHeldLease(lease, { ...request, now: Number(row['moment']) }, this.where);
      seen = lease;
    }
  }

  async renewLease(lease: Lease, now: number, leaseMs: number): Promise<Lease> {
    const { companyId, token } = lease;
    const moment = this.#time === 'given' ? '$3::bigint' : 'clock_ms() + 0 * $3::bigint';
    // A server that was exchanged meanwhile may have lost the last rows: this run may send nothing more on their word.
    const sql = `UPDATE lease SET expires_at = ${moment} + $4::bigint WHERE company_id = $1 AND token = $2
      AND (SELECT history FROM past WHERE company_id = $1) = server_history() RETURNING expires_at`;
    const [row] = await this.#run(sql, [companyId, token, now, leaseMs]);
    if (row === undefined) throw lostLease(lease, await this.leaseOf(companyId));
    return { ...lease, expiresAt: Number(row['expires_at']) };
  }

  async releaseLease({ companyId, token }: Lease): Promise<void> {
    await this.#run('SELECT release_lease($1, $2)', [companyId, token]);
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
    const sql = `UPDATE past SET state = 'whole', history = server_history() FROM ${held} WHERE company_id = $1`;
    await this.#holding(lease, sql, []);
  }

  async markForgetful(lease: Lease, now: number): Promise<void> {
    const moment = this.#time === 'given' ? '$3::bigint' : 'clock_ms() + 0 * $3::bigint';
    const sql = `UPDATE past SET state = 'forgetful', since = ${moment} FROM ${held} WHERE company_id = $1`;
    await this.#holding(lease, sql, [now]);
  }

  async pinTarget(lease: Lease, target: PinnedTarget): Promise<void> {
    const { adapterId, targetCompanyId } = target;
    const [row] = await this.#holding(lease, 'SELECT * FROM pin_target($1, $2, $3, $4)', [adapterId, targetCompanyId]);
    const pinned = row && toPinned(row);
    if (pinned?.adapterId === adapterId && pinned.targetCompanyId === targetCompanyId) return;
    if (pinned !== undefined) throw otherTarget(lease.companyId, pinned, target);
  }

  async pinnedTarget(companyId: string): Promise<PinnedTarget | undefined> {
    const [row] = await this.#run('SELECT * FROM company WHERE id = $1', [companyId]);
    return row && toPinned(row);
  }

  async save(lease: Lease, rows: readonly DeliveryRow[]): Promise<void> {
    const given = JSON.stringify(rows.map(toGiven));
    await this.#holding(lease, 'SELECT save_deliveries($1, $2, $3::jsonb)', [given]);
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
    await this.#holding(lease, 'SELECT save_run($1, $2, $3, $4, $5, $6)', [id, kind, startedAt, endedAt]);
  }

  async saveFindings(lease: Lease, references: readonly string[], findings: readonly KeptFinding[]): Promise<void> {
    const given = findings.map(({ reference, finding, foundAt, seenAt }) => {
      return { reference, code: finding.code, finding: JSON.stringify(finding), found_at: foundAt, seen_at: seenAt };
    });
    const sql = 'SELECT save_findings($1, $2, $3::text[], $4::jsonb)';
    await this.#holding(lease, sql, [references, JSON.stringify(given)]);
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

  /**
   * One statement that writes for a company under its lease ({@link held}). What the functions of the schema refuse is said as every
   * delivery log says it.
   */
  async #holding(lease: Lease, sql: string, values: readonly unknown[]): Promise<readonly Row[]> {
    try {
      return await this.#run(sql, [lease.companyId, lease.token, ...values]);
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

function toPinned(row: Row): PinnedTarget {
  return { adapterId: String(row['adapter_id']), targetCompanyId: String(row['target_company_id']) };
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
