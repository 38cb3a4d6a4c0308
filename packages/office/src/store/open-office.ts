import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { BilagError } from '@bilag/core';
import { Commits, type DatabaseKind, openKept, toStorageError } from '@bilag/engine/storage';
import { changesBetween, knownAfter, type KnownLedger, type SeenLedger } from '../discovery/ledger-changes.ts';
import { reasonsAfter } from './kept-reasons.ts';
import type {
  Act,
  CompaniesFilter,
  CompanyState,
  Confirmation,
  KeptChange,
  KeptReason,
  NightRun,
  OfficeStore,
} from './office-store.ts';

/**
 * Opens the office's memory, an SQLite file, and makes it when it is not there.
 *
 * Throws `rejected` (damaged), `unsupported` (written by a newer version), `config` or `forbidden` (a place that cannot be
 * used), `unavailable` (disk full).
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { openOffice } from '@bilag/office';
 *
 * const office = await openOffice(join(await mkdtemp(join(tmpdir(), 'office-')), 'office.sqlite'));
 * const ledger = { id: '302321', currency: 'NOK', owner: '987654321', units: ['api:123455'], payoutAccount: 'BBAN:NO 1' };
 * await office.look('vipps', [ledger], Date.now());
 * const [change] = await office.look('vipps', [{ ...ledger, payoutAccount: 'BBAN:NO 2' }], Date.now());
 * change?.asks; // => 'confirm'
 * await office.close();
 * ```
 */
export async function openOffice(path: string): Promise<OfficeStore> {
  return guarded(path, () => {
    return new SqliteOffice(path, openKept(path, officeKind));
  });
}

const schema = `
  CREATE TABLE ledger (
    keys TEXT NOT NULL,
    id TEXT NOT NULL,
    currency TEXT,
    owner TEXT,
    units TEXT NOT NULL CHECK (json_valid(units)),
    payout_account TEXT,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    is_gone INTEGER NOT NULL CHECK (is_gone IN (0, 1)),
    PRIMARY KEY (keys, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE change (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    keys TEXT NOT NULL,
    ledger_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    what TEXT NOT NULL,
    asks TEXT NOT NULL CHECK (asks IN ('nothing', 'look', 'confirm')),
    at INTEGER NOT NULL,
    confirmed_by TEXT,
    confirmed_at INTEGER
  ) STRICT;
  CREATE INDEX change_open ON change (ledger_id) WHERE asks = 'confirm' AND confirmed_at IS NULL;
  CREATE INDEX change_ledger ON change (ledger_id, number);
  CREATE INDEX change_at ON change (at);

  CREATE TABLE night (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    target TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER
  ) STRICT;

  CREATE TABLE company (
    company_id TEXT NOT NULL,
    target TEXT NOT NULL,
    night_id TEXT NOT NULL,
    asks_for TEXT NOT NULL CHECK (asks_for IN ('nothing', 'retry', 'person')),
    state TEXT NOT NULL CHECK (json_valid(state)),
    PRIMARY KEY (company_id, target)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX company_night ON company (night_id, company_id);
  CREATE INDEX company_asks ON company (asks_for, company_id, target) WHERE asks_for <> 'nothing';
`;

/** What waits for a person since when, and what persons did. */
const memory = `
  CREATE TABLE reason (
    company_id TEXT NOT NULL,
    target TEXT NOT NULL,
    found_at INTEGER NOT NULL,
    place INTEGER NOT NULL,
    reason TEXT NOT NULL CHECK (json_valid(reason)),
    PRIMARY KEY (company_id, target, found_at, place)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO reason SELECT company_id, target, json_extract(state, '$.at'), each.key,
    json_object('companyId', company_id, 'target', target, 'what', each.value ->> 'what', 'where', each.value ->> 'where',
      'action', each.value ->> 'action', 'foundAt', json_extract(state, '$.at'), 'seenAt', json_extract(state, '$.at'))
    FROM company, json_each(state, '$.reasons') AS each WHERE asks_for = 'person';

  CREATE TABLE act (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    company_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    what TEXT NOT NULL,
    by TEXT NOT NULL,
    at INTEGER NOT NULL,
    ended TEXT CHECK (json_valid(ended))
  ) STRICT;
  CREATE INDEX act_company ON act (company_id, number);
`;

const officeKind: DatabaseKind = {
  // "BILO".
  applicationId: 0x42494c4f,
  migrations: [schema, memory],
  newer: (where, { found, known }) =>
    new BilagError('unsupported', {
      what: `the memory of the office was written by a newer version of Bilag (schema ${found}, this one knows ${known})`,
      where,
      action: 'update Bilag; nothing was changed',
    }),
  foreign: (where) =>
    new BilagError('config', {
      what: 'the file is a database, but not the memory of an office',
      where,
      action: 'choose another file; nothing was changed',
    }),
};

class SqliteOffice implements OfficeStore {
  readonly where: string;
  readonly #database: DatabaseSync;
  readonly #commits: Commits;
  /** Which file was opened. */
  readonly #file: number | undefined;

  constructor(path: string, database: DatabaseSync) {
    this.where = path;
    this.#file = fileAt(path);
    this.#database = database;
    this.#commits = new Commits(database, path);
  }

  async ledgers(keys: string): Promise<readonly KnownLedger[]> {
    return this.#ledgers(keys);
  }

  async look(keys: string, seen: readonly SeenLedger[], at: number): Promise<readonly KeptChange[]> {
    return this.#write(() => {
      const known = this.#ledgers(keys);
      const save = this.#database.prepare('INSERT OR REPLACE INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
      for (const ledger of knownAfter(known, seen, at)) {
        const { id, currency, owner, units, payoutAccount, firstSeen, lastSeen, isGone } = ledger;
        const list = JSON.stringify(units);
        save.run(keys, id, currency, owner, list, payoutAccount, firstSeen, lastSeen, isGone ? 1 : 0);
      }
      const keep = this.#database.prepare('INSERT INTO change VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)');
      return changesBetween(known, seen).map((change): KeptChange => {
        const id = randomUUID();
        keep.run(id, keys, change.ledgerId, change.kind, change.what, change.asks, at);
        return { ...change, id, keys, at, confirmed: null };
      });
    });
  }

  async changes({ ledgerIds, isOpen, since }: Parameters<OfficeStore['changes']>[0] = {}): Promise<
    readonly KeptChange[]
  > {
    const conditions = [
      ...(ledgerIds === undefined ? [] : ['ledger_id IN (SELECT value FROM json_each(?))']),
      ...(isOpen === true ? ["asks = 'confirm' AND confirmed_at IS NULL"] : []),
      ...(since === undefined ? [] : ['at >= ?']),
    ];
    const values = [
      ...(ledgerIds === undefined ? [] : [JSON.stringify(ledgerIds)]),
      ...(since === undefined ? [] : [since]),
    ];
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    return this.#all(`SELECT * FROM change ${where} ORDER BY number DESC`, ...values).map(changeOf);
  }

  async confirm(ledgerId: string, { by, at }: Confirmation): Promise<readonly KeptChange[]> {
    const open = "ledger_id = ? AND asks = 'confirm' AND confirmed_at IS NULL";
    return this.#write(() => {
      const found = this.#all(`SELECT * FROM change WHERE ${open} ORDER BY number DESC`, ledgerId).map(changeOf);
      this.#run(`UPDATE change SET confirmed_by = ?, confirmed_at = ? WHERE ${open}`, by, at, ledgerId);
      return found.map((change) => ({ ...change, confirmed: { by, at } }));
    });
  }

  async beginNight({ target, at, goesOnSince }: Parameters<OfficeStore['beginNight']>[0]): Promise<NightRun> {
    return this.#write(() => {
      const [last] = this.#all('SELECT * FROM night WHERE target = ? ORDER BY number DESC LIMIT 1', target).map(
        nightOf,
      );
      if (last !== undefined && last.endedAt === null && last.startedAt >= goesOnSince) return last;
      const night = { id: randomUUID(), target, startedAt: at, endedAt: null };
      this.#run('INSERT INTO night VALUES (NULL, ?, ?, ?, NULL)', night.id, target, at);
      return night;
    });
  }

  async companiesOf({ id }: NightRun): Promise<ReadonlySet<string>> {
    const rows = this.#all('SELECT company_id FROM company WHERE night_id = ?', id);
    return new Set(rows.map((row) => String(row['company_id'])));
  }

  async endNight({ id }: NightRun, at: number): Promise<void> {
    await this.#write(() => this.#run('UPDATE night SET ended_at = ? WHERE id = ?', at, id));
  }

  async nights(most: number): Promise<readonly NightRun[]> {
    return this.#all('SELECT * FROM night ORDER BY number DESC LIMIT ?', most).map(nightOf);
  }

  async saveCompany({ id }: NightRun, state: CompanyState): Promise<void> {
    const { companyId, target, asksFor } = state;
    const sql = 'INSERT OR REPLACE INTO company VALUES (?, ?, ?, ?, ?)';
    await this.#write(() => {
      this.#run(sql, companyId, target, id, asksFor, JSON.stringify(state));
      const rows = this.#all('SELECT reason FROM reason WHERE company_id = ? AND target = ?', companyId, target);
      this.#run('DELETE FROM reason WHERE company_id = ? AND target = ?', companyId, target);
      const keep = this.#database.prepare('INSERT INTO reason VALUES (?, ?, ?, ?, ?)');
      for (const [place, reason] of reasonsAfter(rows.map(reasonOf), state).entries())
        keep.run(companyId, target, reason.foundAt, place, JSON.stringify(reason));
    });
  }

  async *companies({ asksFor, after = '' }: CompaniesFilter = {}): AsyncGenerator<CompanyState> {
    const condition = asksFor === undefined ? '' : 'asks_for = ? AND';
    const sql = `SELECT company_id, target, state FROM company
      WHERE ${condition} company_id > ? AND (company_id, target) > (?, ?) ORDER BY company_id, target LIMIT 200`;
    for (let last: readonly [string, string] = ['', '']; ;) {
      const rows = this.#all(sql, ...(asksFor === undefined ? [] : [asksFor]), after, ...last);
      for (const row of rows) yield JSON.parse(String(row['state'])) as CompanyState;
      const end = rows.at(-1);
      if (end === undefined) return;
      last = [String(end['company_id']), String(end['target'])];
    }
  }

  async *reasons({ companyId }: Parameters<OfficeStore['reasons']>[0] = {}): AsyncGenerator<KeptReason> {
    const condition = companyId === undefined ? '' : 'company_id = ? AND';
    const sql = `SELECT company_id, target, found_at, place, reason FROM reason
      WHERE ${condition} (company_id, target, found_at, place) > (?, ?, ?, ?)
      ORDER BY company_id, target, found_at, place LIMIT 200`;
    for (let last: readonly [string, string, number, number] = ['', '', 0, 0]; ;) {
      const rows = this.#all(sql, ...(companyId === undefined ? [] : [companyId]), ...last);
      yield* rows.map(reasonOf);
      const end = rows.at(-1);
      if (end === undefined) return;
      last = [String(end['company_id']), String(end['target']), Number(end['found_at']), Number(end['place'])];
    }
  }

  async beginAct(act: Omit<Act, 'id' | 'ended'>): Promise<Act> {
    const { companyId, kind, what, by, at } = act;
    const id = randomUUID();
    const sql = 'INSERT INTO act VALUES (NULL, ?, ?, ?, ?, ?, ?, NULL)';
    await this.#write(() => this.#run(sql, id, companyId, kind, what, by, at));
    return { id, companyId, kind, what, by, at, ended: null };
  }

  async endAct(id: string, ended: NonNullable<Act['ended']>): Promise<void> {
    const sql = 'UPDATE act SET ended = ? WHERE id = ? AND ended IS NULL';
    await this.#write(() => this.#run(sql, JSON.stringify(ended), id));
  }

  async acts({ companyId, before, most }: Parameters<OfficeStore['acts']>[0]): Promise<readonly Act[]> {
    const conditions = [
      ...(companyId === undefined ? [] : ['company_id = ?']),
      ...(before === undefined ? [] : ['number < (SELECT number FROM act WHERE id = ?)']),
    ];
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const values = [companyId, before].filter((value) => value !== undefined);
    return this.#all(`SELECT * FROM act ${where} ORDER BY number DESC LIMIT ?`, ...values, most).map(actOf);
  }

  async close(): Promise<void> {
    await this.#commits.finish();
    if (this.#database.isOpen) this.#database.close();
  }

  #ledgers(keys: string): readonly KnownLedger[] {
    return this.#all('SELECT * FROM ledger WHERE keys = ? ORDER BY id', keys).map((row) => ({
      id: String(row['id']),
      currency: row['currency'] as string | null,
      owner: row['owner'] as string | null,
      units: JSON.parse(String(row['units'])) as string[],
      payoutAccount: row['payout_account'] as string | null,
      firstSeen: Number(row['first_seen']),
      lastSeen: Number(row['last_seen']),
      isGone: row['is_gone'] === 1,
    }));
  }

  #all(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    this.#refuseReplaced();
    return guarded(this.where, () => this.#database.prepare(sql).all(...values));
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#database.prepare(sql).run(...values);
  }

  /** Under a name that has another file by now, or none, nobody finds what is written, and what others write is not seen. */
  #refuseReplaced(): void {
    if (fileAt(this.where) === this.#file) return;
    throw new BilagError('conflict', {
      what: 'the memory of the office was replaced or taken away while it was open',
      where: this.where,
      action: 'start the program anew; nothing was written',
    });
  }

  async #write<Result>(work: () => Result): Promise<Result> {
    this.#refuseReplaced();
    try {
      return await this.#commits.make(work);
    } catch (error) {
      throw toOfficeError(error, this.where);
    }
  }
}

function fileAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

function changeOf(row: Record<string, unknown>): KeptChange {
  const { confirmed_by: by, confirmed_at: at } = row;
  return {
    ledgerId: String(row['ledger_id']),
    kind: row['kind'] as KeptChange['kind'],
    what: String(row['what']),
    asks: row['asks'] as KeptChange['asks'],
    id: String(row['id']),
    keys: String(row['keys']),
    at: Number(row['at']),
    confirmed: at === null ? null : { by: String(by), at: Number(at) },
  };
}

function reasonOf(row: Record<string, unknown>): KeptReason {
  return JSON.parse(String(row['reason'])) as KeptReason;
}

function actOf(row: Record<string, unknown>): Act {
  const { ended } = row;
  return {
    id: String(row['id']),
    companyId: String(row['company_id']),
    kind: String(row['kind']),
    what: String(row['what']),
    by: String(row['by']),
    at: Number(row['at']),
    ended: ended === null ? null : (JSON.parse(String(ended)) as NonNullable<Act['ended']>),
  };
}

function nightOf(row: Record<string, unknown>): NightRun {
  return {
    id: String(row['id']),
    target: String(row['target']),
    startedAt: Number(row['started_at']),
    endedAt: row['ended_at'] === null ? null : Number(row['ended_at']),
  };
}

function guarded<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw toOfficeError(error, path);
  }
}

function toOfficeError(error: unknown, path: string): unknown {
  return toStorageError(error, path, 'what the office knew is still there');
}
