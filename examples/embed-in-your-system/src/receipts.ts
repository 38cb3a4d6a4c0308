import { randomUUID } from 'node:crypto';
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { BilagError, debitOf, type ErrorKind } from '@bilag/core';
import {
  holdingStates,
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
import { inTransaction } from './database.ts';

/**
 * The delivery log in our own database: what the engine must remember, and what our pages show of it, in one transaction.
 * It keeps the laws of `@bilag/engine/store-laws`; a store that does not may post a voucher twice.
 */
export class Receipts implements DeliveryStore {
  readonly where: string = 'our database';
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  async takeLease(companyId: string, asked: LeaseRequest): Promise<Lease> {
    const { holder, now, leaseMs } = asked;
    return inTransaction(this.#database, () => {
      const held = this.#lease(companyId);
      if (held !== undefined) refuseHeldLease(held, asked, this.where);
      const lease = { companyId, token: randomUUID(), holder, since: now, expiresAt: now + leaseMs };
      this.#run('DELETE FROM lease WHERE merchant_id = ?', companyId);
      this.#run('INSERT INTO lease VALUES (?, ?, ?, ?, ?)', companyId, lease.token, holder, now, lease.expiresAt);
      this.#run("INSERT INTO delivery_past VALUES (?, 'new', ?) ON CONFLICT DO NOTHING", companyId, now);
      return lease;
    });
  }

  async renewLease(lease: Lease, now: number, leaseMs: number): Promise<Lease> {
    return this.#asHolder(lease, () => {
      this.#run('UPDATE lease SET expires_at = ? WHERE merchant_id = ?', now + leaseMs, lease.companyId);
      return { ...lease, expiresAt: now + leaseMs };
    });
  }

  async releaseLease({ companyId, token }: Lease): Promise<void> {
    this.#run('DELETE FROM lease WHERE merchant_id = ? AND token = ?', companyId, token);
  }

  async leaseOf(companyId: string): Promise<Lease | undefined> {
    return this.#lease(companyId);
  }

  async endLease({ companyId, token }: Lease, now: number): Promise<void> {
    const sql = 'UPDATE lease SET token = ?, since = ?, expires_at = ? WHERE merchant_id = ? AND token = ?';
    const { changes } = this.#database.prepare(sql).run(randomUUID(), now, now, companyId, token);
    if (changes === 0) throw refusal('conflict', `that lease of ${companyId} is over`, 'look again');
  }

  async pastOf(companyId: string): Promise<LogPast | undefined> {
    const sql = 'SELECT state AS "is", since FROM delivery_past WHERE merchant_id = ?';
    return this.#all(sql, companyId)[0] as unknown as LogPast | undefined;
  }

  async markWhole(lease: Lease): Promise<void> {
    const sql = "UPDATE delivery_past SET state = 'whole' WHERE merchant_id = ?";
    this.#asHolder(lease, () => this.#run(sql, lease.companyId));
  }

  async markForgetful(lease: Lease, now: number): Promise<void> {
    const sql = "UPDATE delivery_past SET state = 'forgetful', since = ? WHERE merchant_id = ?";
    this.#asHolder(lease, () => this.#run(sql, now, lease.companyId));
  }

  async pinTarget(lease: Lease, target: PinnedTarget): Promise<void> {
    this.#asHolder(lease, () => {
      const { companyId } = lease;
      const pinned = this.#pinned(companyId);
      if (pinned === undefined) {
        this.#run('INSERT INTO pinned_target VALUES (?, ?, ?)', companyId, target.adapterId, target.targetCompanyId);
      } else if (pinned.adapterId !== target.adapterId || pinned.targetCompanyId !== target.targetCompanyId) {
        throw refusal('conflict', `${companyId} was delivered to ${pinned.targetCompanyId} until now`, 'ask why');
      }
    });
  }

  async pinnedTarget(companyId: string): Promise<PinnedTarget | undefined> {
    return this.#pinned(companyId);
  }

  async save(lease: Lease, rows: readonly DeliveryRow[]): Promise<void> {
    this.#asHolder(lease, () => {
      // First let go, then take: a voucher and what replaces it may come together.
      for (const row of rows) if (row.kind === 'voucher' && !isHolding(row)) this.#letGo(row);
      for (const row of rows) {
        this.#write(row);
        this.#show(row);
        if (isHolding(row)) this.#hold(row);
      }
    });
  }

  async rows(companyId: string, filter: RowFilter = {}): Promise<readonly DeliveryRow[]> {
    return [...this.#rows(companyId, filter)];
  }

  async *heads(companyId: string, filter: RowFilter = {}, after?: RowPlace): AsyncGenerator<RowHead, void, undefined> {
    for (const { voucher: _, ...head } of this.#rows(companyId, filter, after)) yield head;
  }

  async holdersOf(companyId: string, facts: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const holder = (fact: string): string | undefined => this.#holder(companyId, fact);
    return new Map(facts.flatMap((fact) => [[fact, holder(fact)] as const]).filter(isHeld));
  }

  async saveRun(lease: Lease, { companyId, id, kind, startedAt, endedAt }: RunRow): Promise<void> {
    const sql = `INSERT INTO delivery_run VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (merchant_id, id) DO UPDATE SET ended_at = excluded.ended_at`;
    this.#asHolder(lease, () => this.#run(sql, companyId, id, kind, startedAt, endedAt));
  }

  async saveFindings(lease: Lease, references: readonly string[], findings: readonly KeptFinding[]): Promise<void> {
    this.#asHolder(lease, () => {
      const { companyId } = lease;
      const forget = 'DELETE FROM delivery_finding WHERE merchant_id = ? AND reference = ?';
      for (const reference of references) this.#run(forget, companyId, reference);
      for (const kept of findings) {
        const { reference, finding } = kept;
        const sql = 'INSERT OR REPLACE INTO delivery_finding VALUES (?, ?, ?, ?)';
        this.#run(sql, companyId, reference, finding.code, JSON.stringify(kept));
      }
    });
  }

  async findings(companyId: string): Promise<readonly KeptFinding[]> {
    const sql = 'SELECT content FROM delivery_finding WHERE merchant_id = ? ORDER BY reference, code';
    return this.#all(sql, companyId).map((row) => JSON.parse(String(row['content'])) as KeptFinding);
  }

  async runs(companyId: string, { after, most = -1 }: RunPart = {}): Promise<readonly RunRow[]> {
    const later = after === undefined ? [] : [after.startedAt, after.id];
    const sql = `SELECT merchant_id AS "companyId", id, kind, started_at AS "startedAt", ended_at AS "endedAt"
      FROM delivery_run WHERE merchant_id = ? ${later.length === 0 ? '' : 'AND (started_at, id) < (?, ?)'}
      ORDER BY started_at DESC, id DESC LIMIT ?`;
    return this.#all(sql, companyId, ...later, most) as unknown as RunRow[];
  }

  async companies(): Promise<readonly string[]> {
    return this.#all('SELECT merchant_id FROM pinned_target ORDER BY 1').map((row) => String(row['merchant_id']));
  }

  /** The connection is our system's, which goes on using it. */
  async close(): Promise<void> {}

  /** One at a time: what a merchant has after years need not fit into memory. */
  *#rows(companyId: string, filter: RowFilter, after?: RowPlace): Generator<DeliveryRow, void, undefined> {
    const asked = Object.entries(filter).filter(([, value]) => value !== undefined);
    const conditions = asked.map(([name]) => `AND ${limits[name as keyof RowFilter]}`).join(' ');
    const values = asked.map(([, value]) => (Array.isArray(value) ? JSON.stringify(value) : String(value)));
    // A voucher comes before its reversal.
    const place = after && [after.date, after.key, after.revision, after.kind === 'voucher' ? 0 : 1];
    const later = place && "AND (date, key, revision, iif(kind = 'voucher', 0, 1)) > (?, ?, ?, ?)";
    const sql = `SELECT rowid FROM delivery WHERE merchant_id = ? ${conditions} ${later ?? ''}
      ORDER BY date, key, revision, kind DESC`;
    const one = this.#database.prepare('SELECT content, created_at FROM delivery WHERE rowid = ?');
    for (const { rowid } of this.#all(sql, companyId, ...values, ...(place ?? []))) {
      const row = one.get(rowid ?? null);
      yield { ...(JSON.parse(String(row?.['content'])) as DeliveryRow), createdAt: Number(row?.['created_at']) };
    }
  }

  #write(row: DeliveryRow): void {
    const { companyId, key, revision, kind, reference, date, run } = row;
    this.#run(
      `INSERT INTO delivery VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (merchant_id, key, revision, kind) DO UPDATE SET reference = excluded.reference,
         date = excluded.date, state = excluded.state, run = excluded.run, content = excluded.content`,
      companyId,
      key,
      revision,
      kind,
      reference,
      date,
      row.delivery.state,
      run,
      row.createdAt,
      JSON.stringify(row),
    );
  }

  /** Whatever our pages need: here one row a voucher, in our own words. */
  #show({ companyId, reference, date, voucher, delivery }: DeliveryRow): void {
    const { state, number, problem } = delivery;
    const total = debitOf(voucher.lines);
    const note = problem === null ? null : `${problem.what}: ${problem.action}`;
    this.#run(
      `INSERT INTO voucher_receipt VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (merchant_id, reference) DO UPDATE SET date = excluded.date, total = excluded.total,
         status = excluded.status, ledger_number = excluded.ledger_number, note = excluded.note`,
      companyId,
      reference,
      date,
      total,
      state,
      number,
      note,
    );
  }

  #letGo({ companyId, reference }: DeliveryRow): void {
    this.#run('DELETE FROM held_fact WHERE merchant_id = ? AND reference = ?', companyId, reference);
  }

  #hold({ companyId, reference, voucher }: DeliveryRow): void {
    for (const fact of voucher.facts) {
      this.#run('INSERT INTO held_fact VALUES (?, ?, ?) ON CONFLICT DO NOTHING', companyId, fact, reference);
      const holder = this.#holder(companyId, fact);
      if (holder !== reference) {
        throw refusal('conflict', `a fact of ${reference} is already booked by ${holder}`, 'plan again');
      }
    }
  }

  #holder(companyId: string, fact: string): string | undefined {
    const [row] = this.#all('SELECT reference FROM held_fact WHERE merchant_id = ? AND fact = ?', companyId, fact);
    return row === undefined ? undefined : String(row['reference']);
  }

  #lease(companyId: string): Lease | undefined {
    const sql = `SELECT merchant_id AS "companyId", token, holder, since, expires_at AS "expiresAt"
      FROM lease WHERE merchant_id = ?`;
    return this.#all(sql, companyId)[0] as unknown as Lease | undefined;
  }

  #pinned(companyId: string): PinnedTarget | undefined {
    const sql = `SELECT adapter AS "adapterId", target_company AS "targetCompanyId"
      FROM pinned_target WHERE merchant_id = ?`;
    return this.#all(sql, companyId)[0] as unknown as PinnedTarget | undefined;
  }

  /** Who lost the lease can write nothing any more. */
  #asHolder<Result>(lease: Lease, work: () => Result): Result {
    return inTransaction(this.#database, () => {
      if (this.#lease(lease.companyId)?.token === lease.token) return work();
      throw refusal(
        'busy',
        `the lease of ${lease.companyId} was lost: this process was away for too long`,
        'run again',
      );
    });
  }

  #run(sql: string, ...values: readonly SQLInputValue[]): void {
    this.#database.prepare(sql).run(...values);
  }

  #all(sql: string, ...values: readonly SQLInputValue[]): Record<string, SQLOutputValue>[] {
    return this.#database.prepare(sql).all(...values);
  }
}

/** What each limit of a filter asks of a row; a list comes as JSON. */
const limits: Readonly<Record<keyof RowFilter, string>> = {
  from: 'date >= ?',
  to: 'date <= ?',
  run: 'run = ?',
  key: 'key = ?',
  keys: 'key IN (SELECT value FROM json_each(?))',
  reference: 'reference = ?',
  references: 'reference IN (SELECT value FROM json_each(?))',
  targetIds: "content ->> '$.delivery.targetId' IN (SELECT value FROM json_each(?))",
  states: 'state IN (SELECT value FROM json_each(?))',
};

function isHolding({ kind, delivery }: DeliveryRow): boolean {
  return kind === 'voucher' && holdingStates.includes(delivery.state);
}

function isHeld(entry: readonly [string, string | undefined]): entry is readonly [string, string] {
  return entry[1] !== undefined;
}

function refusal(kind: ErrorKind, what: string, action: string): BilagError {
  return new BilagError(kind, { what, where: 'our database', action: `${action}; nothing was sent` });
}
