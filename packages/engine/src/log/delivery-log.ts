import { randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Finding } from '@bilag/core';
import { Commits } from '../storage/commits.ts';
import { sqliteCodeOf, sqliteCodes } from '../storage/database.ts';
import { contentOf, selectHeads, selectRows, upsertSql, valuesOf } from './delivery-rows.ts';
import { DeliveryMemory } from './delivery-memory.ts';
import { damagedLog, openDeliveryDatabase, type OpenedDatabase } from './delivery-schema.ts';
import {
  holdingStates,
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
} from './delivery-store.ts';
import { refuseHeldLease } from './lease-rules.ts';
import { factTaken, lostLease, otherLease, otherTarget } from './log-refusals.ts';
import type { Seal } from '../storage/seal.ts';
import { toStorageError } from '../storage/storage-error.ts';

/** How a delivery log is opened. */
export interface DeliveryLogOptions {
  /** False: a log that is not there is `not-found`. True by default. */
  readonly create?: boolean;
  /**
   * For whoever looks and writes nothing: the file is not read from end to end first, which takes long where it is long. What is
   * damaged is told when it is read.
   */
  readonly onlyReads?: boolean;
  /**
   * The folder where it is remembered how far the log had come with each company, so that a log that was lost or restored is
   * recognised. Best on another disk, or at least in another folder, than the log; `<path>.delivered` by default.
   */
  readonly memory?: string;
}

/**
 * Opens the delivery log, an SQLite file, and makes it when it is not there (unless `create` is false).
 *
 * Throws `not-found` (no log), `rejected` (damaged), `unsupported` (written by a newer version), `config` or `forbidden` (a
 * place that cannot be used), `unavailable` (disk full).
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { openDeliveryLog } from '@bilag/engine';
 *
 * const log = await openDeliveryLog(join(await mkdtemp(join(tmpdir(), 'log-')), 'delivery.sqlite'));
 * const lease = await log.takeLease('kaffebaren', { holder: 'me', now: 0, leaseMs: 60_000, requestTimeoutMs: 60_000 });
 * await log.releaseLease(lease);
 * (await log.rows('kaffebaren')).length; // => 0
 * await log.close();
 * ```
 */
export async function openDeliveryLog(path: string, options: DeliveryLogOptions = {}): Promise<DeliveryStore> {
  try {
    const { create = true, onlyReads = false } = options;
    const opened = await openDeliveryDatabase(path, { create, onlyReads });
    return new SqliteDeliveryLog(path, opened, new DeliveryMemory(options.memory ?? `${realpathSync(path)}.delivered`));
  } catch (error) {
    throw toLogError(error, path);
  }
}

function toLogError(error: unknown, path: string): unknown {
  const code = sqliteCodeOf(error);
  if (code === sqliteCodes.damaged || code === sqliteCodes.notADatabase) return damagedLog(path, 'it cannot be read');
  return toStorageError(error, path, 'what was in the log is still there');
}

type Past = LogPast & { readonly generation: number };

class SqliteDeliveryLog implements DeliveryStore {
  readonly where: string;
  readonly #database: DatabaseSync;
  readonly #seal: Seal;
  readonly #commits: Commits;
  readonly #memory: DeliveryMemory;

  constructor(path: string, { database, seal }: OpenedDatabase, memory: DeliveryMemory) {
    this.where = path;
    this.#database = database;
    this.#seal = seal;
    this.#commits = new Commits(database, path);
    this.#memory = memory;
  }

  async takeLease(companyId: string, request: LeaseRequest): Promise<Lease> {
    const { holder, now, leaseMs } = request;
    return this.#transaction(() => {
      const held = this.#leaseOf(companyId);
      if (held !== undefined) refuseHeldLease(held, request, this.where);
      this.#recallPast(companyId, now);
      const lease = { companyId, token: randomUUID(), holder, since: now, expiresAt: now + leaseMs };
      this.#run(
        'INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?, ?)',
        companyId,
        lease.token,
        holder,
        now,
        lease.expiresAt,
      );
      return lease;
    });
  }

  async renewLease(lease: Lease, now: number, leaseMs: number): Promise<Lease> {
    const { companyId } = lease;
    const renewed = { ...lease, expiresAt: now + leaseMs };
    const past = await this.#transaction(() => {
      this.#checkLease(lease);
      this.#run('UPDATE lease SET expires_at = ? WHERE company_id = ?', renewed.expiresAt, companyId);
      // A write to the target follows: a copy of this log from before it is recognised from now on.
      this.#run("UPDATE past SET generation = generation + 1 WHERE company_id = ? AND state = 'whole'", companyId);
      return this.#pastOf(companyId);
    });
    await this.#remember(companyId, past);
    return renewed;
  }

  async releaseLease(lease: Lease): Promise<void> {
    const sql = 'DELETE FROM lease WHERE company_id = ? AND token = ?';
    await this.#transaction(() => this.#run(sql, lease.companyId, lease.token));
  }

  async leaseOf(companyId: string): Promise<Lease | undefined> {
    return this.#read(() => this.#leaseOf(companyId));
  }

  async endLease({ companyId, token }: Lease, now: number): Promise<void> {
    await this.#transaction(() => {
      const held = this.#leaseOf(companyId);
      if (held?.token !== token) throw otherLease(companyId, held);
      const sql = 'UPDATE lease SET token = ?, since = ?, expires_at = ? WHERE company_id = ?';
      this.#run(sql, randomUUID(), now, now, companyId);
    });
  }

  async pastOf(companyId: string): Promise<LogPast | undefined> {
    return this.#read(() => {
      const past = this.#pastOf(companyId);
      return past && { is: past.is, since: past.since };
    });
  }

  async markWhole(lease: Lease): Promise<void> {
    const { companyId } = lease;
    const past = await this.#transaction(() => {
      this.#checkLease(lease);
      // Ahead of what is remembered, whichever log that was of.
      const remembered = this.#memory.read(companyId);
      const generation = typeof remembered === 'object' ? remembered.generation : 0;
      const sql = "UPDATE past SET state = 'whole', generation = max(generation, ?) + 1 WHERE company_id = ?";
      this.#run(sql, generation, companyId);
      return this.#pastOf(companyId);
    });
    await this.#remember(companyId, past);
  }

  async markForgetful(lease: Lease, now: number): Promise<void> {
    await this.#transaction(() => {
      this.#checkLease(lease);
      this.#run("UPDATE past SET state = 'forgetful', since = ? WHERE company_id = ?", now, lease.companyId);
    });
  }

  async pinTarget(lease: Lease, target: PinnedTarget): Promise<void> {
    await this.#transaction(() => {
      this.#checkLease(lease);
      const pinned = this.#pinned(lease.companyId);
      if (pinned === undefined) {
        this.#run('INSERT INTO company VALUES (?, ?, ?)', lease.companyId, target.adapterId, target.targetCompanyId);
      } else if (pinned.adapterId !== target.adapterId || pinned.targetCompanyId !== target.targetCompanyId) {
        throw otherTarget(lease.companyId, pinned, target);
      }
    });
  }

  async pinnedTarget(companyId: string): Promise<PinnedTarget | undefined> {
    return this.#read(() => this.#pinned(companyId));
  }

  async save(lease: Lease, rows: readonly DeliveryRow[]): Promise<void> {
    await this.#transaction(() => {
      this.#checkLease(lease);
      // Facts are let go of before others take them: a reversal and what replaces it may come together.
      for (const row of rows) if (!holdsFacts(row)) this.#letGo(row);
      for (const row of rows) this.#write(row);
      for (const row of rows) if (holdsFacts(row)) this.#hold(row);
    });
  }

  async rows(companyId: string, filter: RowFilter = {}): Promise<readonly DeliveryRow[]> {
    return this.#read(() => selectRows(this.#database, companyId, filter));
  }

  async *heads(companyId: string, filter: RowFilter = {}, after?: RowPlace): AsyncGenerator<RowHead, void, undefined> {
    const pages = this.#read(() => selectHeads(this.#database, companyId, filter, after));
    for (;;) {
      const page = this.#read(() => pages.next());
      if (page.done === true) return;
      yield* page.value;
    }
  }

  async holdersOf(companyId: string, facts: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#read(() => {
      const holder = this.#database.prepare('SELECT reference FROM live_fact WHERE company_id = ? AND fact = ?');
      const held = new Map<string, string>();
      for (const fact of facts) {
        const row = holder.get(companyId, fact);
        if (row !== undefined) held.set(fact, String(row['reference']));
      }
      return held;
    });
  }

  async saveRun(lease: Lease, { companyId, id, kind, startedAt, endedAt }: RunRow): Promise<void> {
    await this.#transaction(() => {
      this.#checkLease(lease);
      this.#run('INSERT OR REPLACE INTO run VALUES (?, ?, ?, ?, ?)', companyId, id, kind, startedAt, endedAt);
    });
  }

  async saveFindings(lease: Lease, references: readonly string[], findings: readonly KeptFinding[]): Promise<void> {
    const { companyId } = lease;
    await this.#transaction(() => {
      this.#checkLease(lease);
      for (const reference of references) {
        this.#run('DELETE FROM finding WHERE company_id = ? AND reference = ?', companyId, reference);
      }
      for (const { reference, finding, foundAt, seenAt } of findings) {
        const content = JSON.stringify(finding);
        const sql = 'INSERT OR REPLACE INTO finding VALUES (?, ?, ?, ?, ?, ?)';
        this.#run(sql, companyId, reference, finding.code, content, foundAt, seenAt);
      }
    });
  }

  async findings(companyId: string): Promise<readonly KeptFinding[]> {
    const sql = 'SELECT * FROM finding WHERE company_id = ? ORDER BY reference, code';
    const rows = this.#read(() => this.#database.prepare(sql).all(companyId));
    return rows.map((row) => ({
      companyId,
      reference: String(row['reference']),
      finding: JSON.parse(String(row['finding'])) as Finding,
      foundAt: Number(row['found_at']),
      seenAt: Number(row['seen_at']),
    }));
  }

  async runs(companyId: string, { after, most = -1 }: RunPart = {}): Promise<readonly RunRow[]> {
    const later = after === undefined ? [] : [after.startedAt, after.id];
    const sql = `SELECT * FROM run WHERE company_id = ? ${later.length === 0 ? '' : 'AND (started_at, id) < (?, ?)'}
      ORDER BY started_at DESC, id DESC LIMIT ?`;
    const rows = this.#read(() => this.#database.prepare(sql).all(companyId, ...later, most));
    return rows.map((row) => ({
      companyId,
      id: String(row['id']),
      kind: row['kind'] as RunRow['kind'],
      startedAt: Number(row['started_at']),
      endedAt: row['ended_at'] as number | null,
    }));
  }

  async companies(): Promise<readonly string[]> {
    return this.#read(() => this.#database.prepare('SELECT id FROM company ORDER BY id').all()).map((row) =>
      String(row['id']),
    );
  }

  async close(): Promise<void> {
    await this.#commits.finish();
    if (this.#database.isOpen) await this.#seal.close(this.#database);
  }

  #write(row: DeliveryRow): void {
    this.#database.prepare(upsertSql).run(valuesOf(row));
    const place = [row.companyId, row.key, row.revision, row.kind] as const;
    const content = contentOf(row);
    const known = this.#database
      .prepare('SELECT voucher FROM content WHERE (company_id, key, revision, kind) = (?, ?, ?, ?)')
      .get(...place)?.['voucher'];
    if (known === content) return;
    this.#run(
      `INSERT INTO content VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (company_id, key, revision, kind) DO UPDATE SET voucher = excluded.voucher`,
      ...place,
      content,
    );
  }

  #letGo({ companyId, reference, kind }: DeliveryRow): void {
    if (kind === 'voucher')
      this.#run('DELETE FROM live_fact WHERE company_id = ? AND reference = ?', companyId, reference);
  }

  #hold({ companyId, reference, voucher }: DeliveryRow): void {
    const select = this.#database.prepare('SELECT reference FROM live_fact WHERE company_id = ? AND fact = ?');
    const insert = this.#database.prepare('INSERT INTO live_fact VALUES (?, ?, ?)');
    for (const fact of new Set(voucher.facts)) {
      const holder = select.get(companyId, fact)?.['reference'];
      if (holder === undefined) insert.run(companyId, fact, reference);
      else if (holder !== reference) throw factTaken(String(holder), reference);
    }
  }

  #leaseOf(companyId: string): Lease | undefined {
    const row = this.#database.prepare('SELECT * FROM lease WHERE company_id = ?').get(companyId);
    if (row === undefined) return undefined;
    return {
      companyId,
      token: String(row['token']),
      holder: String(row['holder']),
      since: Number(row['since']),
      expiresAt: Number(row['expires_at']),
    };
  }

  #pastOf(companyId: string): Past | undefined {
    const row = this.#database.prepare('SELECT * FROM past WHERE company_id = ?').get(companyId);
    if (row === undefined) return undefined;
    return { is: row['state'] as LogPast['is'], since: Number(row['since']), generation: Number(row['generation']) };
  }

  #id(): string {
    return String(this.#database.prepare('SELECT id FROM log').get()?.['id']);
  }

  /** Compares the log with what is remembered outside of it. What was forgotten stays so until a rebuild. */
  #recallPast(companyId: string, now: number): void {
    const past = this.#pastOf(companyId);
    const remembered = this.#memory.read(companyId);
    const isKnown =
      remembered === undefined ||
      (remembered !== 'unreadable' &&
        remembered.log === this.#id() &&
        remembered.generation <= (past?.generation ?? 0));
    const state = isKnown ? 'new' : 'forgetful';
    if (past === undefined) this.#run('INSERT INTO past VALUES (?, ?, 0, ?)', companyId, state, now);
    else if (!isKnown && past.is !== 'forgetful') {
      this.#run("UPDATE past SET state = 'forgetful', since = ? WHERE company_id = ?", now, companyId);
    }
  }

  /** A company that has delivered is remembered outside the log, once the log is on the disk: it is never behind. */
  async #remember(companyId: string, past: Past | undefined): Promise<void> {
    if (past?.is !== 'whole') return;
    await this.#told(this.#memory.write(companyId, { log: this.#id(), generation: past.generation }));
  }

  #checkLease(lease: Lease): void {
    const held = this.#leaseOf(lease.companyId);
    if (held?.token !== lease.token) throw lostLease(lease, held);
  }

  #pinned(companyId: string): PinnedTarget | undefined {
    const row = this.#database.prepare('SELECT * FROM company WHERE id = ?').get(companyId);
    return row === undefined
      ? undefined
      : { adapterId: String(row['adapter_id']), targetCompanyId: String(row['target_company_id']) };
  }

  #run(sql: string, ...values: readonly SQLInputValue[]): void {
    this.#database.prepare(sql).run(...values);
  }

  async #transaction<Result>(work: () => Result): Promise<Result> {
    return this.#told(this.#commits.make(work));
  }

  async #told<Result>(writing: Promise<Result>): Promise<Result> {
    return writing.catch((error: unknown) => {
      throw toLogError(error, this.where);
    });
  }

  #read<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw toLogError(error, this.where);
    }
  }
}

function holdsFacts({ kind, delivery }: DeliveryRow): boolean {
  return kind === 'voucher' && holdingStates.includes(delivery.state);
}
