import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { BilagError, type PlainDate, type Voucher } from '@bilag/core';
import { inTransaction, migrate, openOrMakeDatabase, type DatabaseKind } from '../storage/database.ts';
import { bookingFingerprint } from './booking-fingerprint.ts';
import { isNameInFolder } from '../storage/name-in-folder.ts';
import { makePrivateFolder } from '../storage/private-files.ts';
import { toStorageError } from '../storage/storage-error.ts';

/** A file that was handed over. */
export interface ExportedFile {
  readonly name: string;
  readonly sha256: string;
}

/** What one export wrote. */
export interface ExportedSet {
  readonly period: ExportedPeriod;
  /** Absolute. */
  readonly folder: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly files: readonly ExportedFile[];
}

export interface ExportedPeriod {
  readonly from: PlainDate;
  readonly to: PlainDate;
}

/**
 * What was exported to a target as files: so that a period which is locked later does not move what is in the books by its
 * file already, and that older files of a period are known. It is written after the files are in place: after a crash
 * between the two, or when it is lost, the vouchers count as never exported.
 */
export interface ExportRecord {
  readonly where: string;
  /** The date under which a voucher was exported. */
  bookedOn(key: string): PlainDate | undefined;
  /** The files of the last export of just this period to a folder. */
  files(folder: string, period: ExportedPeriod): readonly (ExportedFile & { readonly createdAt: string })[];
  /** The periods of other exports that share days with a period, each with one of its files. */
  overlapping(period: ExportedPeriod): readonly (ExportedPeriod & { readonly name: string })[];
  /** Notes a voucher of the export that is being made, or of the time before its period. */
  take(voucher: Voucher): void;
  /** Keys that were exported with a date of a period, and that were taken otherwise now, or not at all. */
  differences(period: ExportedPeriod): { readonly changed: readonly string[]; readonly gone: readonly string[] };
  /**
   * Stays the same while nothing is different in what is known of vouchers that are dated up to a day, or of ledger dates up to it; a record
   * that was lost or put back from an earlier copy has another.
   */
  state(through: PlainDate): string;
  /** Remembers the export that was made: its vouchers and files replace those of its period. */
  save(set: ExportedSet): void;
  close(): void;
}

/**
 * Opens the record of exports to a target, in an SQLite file of the company, and makes it when it is not there.
 *
 * Throws `rejected` (damaged, or another database), `config` or `forbidden` (a place that cannot be used), `unavailable`.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { openExportRecord } from '@bilag/engine';
 *
 * const record = openExportRecord(join(await mkdtemp(join(tmpdir(), 'exports-')), 'kafe.exports.sqlite'), 'saf-t');
 * record.bookedOn('302321-20260115'); // => undefined
 * record.close();
 * ```
 */
export function openExportRecord(path: string, target: string): ExportRecord {
  return guarded(path, () => {
    if (!existsSync(path)) makePrivateFolder(dirname(path));
    const database = openOrMakeDatabase(path, 'PRAGMA synchronous = FULL;', (opened) => {
      migrate(opened, path, recordKind);
      opened.exec(taken);
    });
    return new SqliteExportRecord(path, database, target);
  });
}

const firstSchema = `
  CREATE TABLE exported_voucher (
    target TEXT NOT NULL,
    key TEXT NOT NULL,
    booked_on TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (target, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE exported_file (
    target TEXT NOT NULL,
    first_date TEXT NOT NULL,
    last_date TEXT NOT NULL,
    folder TEXT NOT NULL,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (target, folder, name)
  ) STRICT, WITHOUT ROWID;
`;

/** Up to the last hyphen of a key: what stands behind it has none, and the part begins at its first point. */
const ledgerInKey = "rtrim(key, replace(key, '-', ''))";
const partInKey = `instr(substr(key, length(${ledgerInKey}) + 1), '.')`;

/** A row for each voucher cost more than to book it: the vouchers of a stem, which is mostly a ledger date, are one text. */
const byStem = `
  CREATE TABLE exported_vouchers (
    target TEXT NOT NULL,
    stem TEXT NOT NULL,
    booked_on TEXT NOT NULL,
    vouchers TEXT NOT NULL,
    PRIMARY KEY (target, stem, booked_on)
  ) STRICT, WITHOUT ROWID;

  INSERT INTO exported_vouchers
    SELECT target, CASE ${partInKey} WHEN 0 THEN key ELSE substr(key, 1, length(${ledgerInKey}) + ${partInKey} - 1) END AS stem,
      booked_on, group_concat(key || ' ' || digest || char(10), '') FROM exported_voucher GROUP BY target, stem, booked_on;

  DROP TABLE exported_voucher;
`;

/**
 * What each save changed, from which date on: that of a voucher that was moved into its period may be earlier. Ids are drawn by lot, and the
 * record has one too: no other becomes like it.
 */
const bySave = `
  CREATE TABLE exported_period (
    target TEXT NOT NULL,
    first_date TEXT NOT NULL,
    last_date TEXT NOT NULL,
    changed_from TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (target, first_date, last_date)
  ) STRICT, WITHOUT ROWID;

  INSERT INTO exported_period VALUES ('', '', '', '', hex(randomblob(16)));
`;

const recordKind: DatabaseKind = {
  // "BILE".
  applicationId: 0x42494c45,
  migrations: [firstSchema, byStem, bySave],
  newer: (path) => notReadable(path, 'it was written by a newer version', 'update Bilag'),
  foreign: (path) => notReadable(path, 'it is another database', 'move it away'),
};

function notReadable(where: string, what: string, action: string): BilagError {
  return new BilagError('rejected', { what: `this is no record of exports that can be read: ${what}`, where, action });
}

/** What the export that is being made has, from the cut-over on: beside the record, so that memory stays flat. */
const taken = `
  CREATE TEMP TABLE taken (
    stem TEXT NOT NULL,
    booked_on TEXT NOT NULL,
    vouchers TEXT NOT NULL,
    PRIMARY KEY (stem, booked_on)
  ) STRICT, WITHOUT ROWID;
`;

/** So many vouchers wait for their transaction. */
const batch = 10_000;

/** What a record knows of a voucher. */
interface Known {
  readonly bookedOn: PlainDate;
  /** Its {@link bookingFingerprint}; in a record of the first release its digest. */
  readonly content: string;
}

/** Vouchers of a stem and a date that were taken, and are not in the table yet. */
interface Waiting {
  readonly stem: string;
  readonly date: PlainDate;
  vouchers: string;
}

class SqliteExportRecord implements ExportRecord {
  readonly where: string;
  readonly #database: DatabaseSync;
  readonly #target: string;
  readonly #exported: StatementSync;
  /** Whether there was an export to the target before: else nothing has to be looked up. */
  #hasExports: boolean;
  /** The stem that was asked for last, and what is known of its vouchers. */
  #known: { readonly stem: string; readonly vouchers: ReadonlyMap<string, Known> } | undefined;
  /** By stem and date. */
  #waiting = new Map<string, Waiting>();
  #waitingVouchers = 0;
  /** Nearly always that of the next voucher too. */
  #last: Waiting | undefined;
  /** By the date of vouchers that were taken and moved: the first of their ledger dates. */
  readonly #movedFrom = new Map<PlainDate, PlainDate>();

  constructor(path: string, database: DatabaseSync, target: string) {
    this.where = path;
    this.#database = database;
    this.#target = target;
    this.#exported = database.prepare(
      'SELECT booked_on, vouchers FROM exported_vouchers WHERE target = ? AND stem = ? ORDER BY booked_on',
    );
    const any = 'SELECT 1 FROM exported_vouchers WHERE target = ? LIMIT 1';
    this.#hasExports = guarded(path, () => database.prepare(any).get(target) !== undefined);
  }

  bookedOn(key: string): PlainDate | undefined {
    return this.#knownOf(key)?.bookedOn;
  }

  #knownOf(key: string): Known | undefined {
    if (!this.#hasExports) return undefined;
    const stem = stemOf(key);
    if (this.#known?.stem !== stem) {
      const rows = this.#guarded(() => this.#exported.all(this.#target, stem));
      this.#known = { stem, vouchers: knownIn(rows) };
    }
    return this.#known.vouchers.get(key);
  }

  files(folder: string, { from, to }: ExportedPeriod): ReturnType<ExportRecord['files']> {
    const sql = `SELECT name, sha256, created_at AS createdAt
      FROM exported_file WHERE target = ? AND folder = ? AND first_date = ? AND last_date = ?`;
    const rows = this.#guarded(() => this.#database.prepare(sql).all(this.#target, folder, from, to));
    // What stands there is looked for, and may be taken away: it never leads out of the folder.
    if (rows.some(({ name }) => typeof name !== 'string' || !isNameInFolder(name)))
      throw notReadable(this.where, 'it names a file outside of a folder', 'restore it from a backup');
    return rows as unknown as ReturnType<ExportRecord['files']>;
  }

  overlapping({ from, to }: ExportedPeriod): ReturnType<ExportRecord['overlapping']> {
    const sql = `SELECT first_date AS "from", last_date AS "to", min(name) AS name FROM exported_file
      WHERE target = ? AND first_date <= ? AND last_date >= ? AND NOT (first_date = ? AND last_date = ?)
      GROUP BY first_date, last_date ORDER BY first_date, last_date`;
    const rows = this.#guarded(() => this.#database.prepare(sql).all(this.#target, to, from, from, to));
    return rows as unknown as ReturnType<ExportRecord['overlapping']>;
  }

  take(voucher: Voucher): void {
    const { key, date, ledgerDate } = voucher;
    if (ledgerDate < (this.#movedFrom.get(date) ?? date)) this.#movedFrom.set(date, ledgerDate);
    const stem = stemOf(key);
    let waiting = this.#last;
    if (waiting?.stem !== stem || waiting.date !== date) this.#last = waiting = this.#waitingOf(stem, date);
    const isKnownByDigest = this.#knownOf(key)?.content.length === digestLength;
    waiting.vouchers += `${key} ${isKnownByDigest ? voucher.digest : bookingFingerprint(voucher)}\n`;
    if ((this.#waitingVouchers += 1) >= batch) this.#keepTaken();
  }

  #waitingOf(stem: string, date: PlainDate): Waiting {
    const group = `${stem} ${date}`;
    const known = this.#waiting.get(group);
    if (known !== undefined) return known;
    const waiting = { stem, date, vouchers: '' };
    this.#waiting.set(group, waiting);
    return waiting;
  }

  #keepTaken(): void {
    const sql = `INSERT INTO taken VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET vouchers = vouchers || excluded.vouchers`;
    this.#guarded(() => {
      const keep = this.#database.prepare(sql);
      this.#database.exec('BEGIN');
      for (const { stem, date, vouchers } of this.#waiting.values()) keep.run(stem, date, vouchers);
      this.#database.exec('COMMIT');
    });
    this.#waiting.clear();
    this.#last = undefined;
    this.#waitingVouchers = 0;
  }

  differences({ from, to }: ExportedPeriod): ReturnType<ExportRecord['differences']> {
    this.#keepTaken();
    const sql = `SELECT stem, booked_on, exported_vouchers.vouchers FROM exported_vouchers LEFT JOIN taken USING (stem, booked_on)
      WHERE target = ? AND booked_on BETWEEN ? AND ? AND taken.vouchers IS NOT exported_vouchers.vouchers
      ORDER BY booked_on, stem`;
    const changed: string[] = [];
    const gone: string[] = [];
    this.#guarded(() => {
      const now = this.#database.prepare('SELECT booked_on, vouchers FROM taken WHERE stem = ?');
      for (const row of this.#database.prepare(sql).iterate(this.#target, from, to)) {
        const before = knownIn([row]);
        const after = knownIn(now.all(String(row['stem'])));
        for (const key of [...before.keys()].toSorted()) {
          if (!after.has(key)) gone.push(key);
          else if (after.get(key)?.content !== before.get(key)?.content) changed.push(key);
        }
      }
    });
    return { changed, gone };
  }

  state(through: PlainDate): string {
    const sql = `SELECT id FROM exported_period WHERE target IN ('', ?) AND changed_from <= ?
      ORDER BY target, first_date, last_date`;
    const rows = this.#guarded(() => this.#database.prepare(sql).all(this.#target, through));
    const state = createHash('sha256');
    for (const { id } of rows) state.update(`${String(id)}\n`);
    return state.digest('hex');
  }

  save({ period: { from, to }, createdAt, folder, files }: ExportedSet): void {
    const database = this.#database;
    this.#keepTaken();
    this.#hasExports = true;
    this.#known = undefined;
    this.#guarded(() =>
      inTransaction(database, () => {
        database
          .prepare('DELETE FROM exported_vouchers WHERE target = ? AND booked_on BETWEEN ? AND ?')
          .run(this.#target, from, to);
        database
          .prepare('INSERT INTO exported_vouchers SELECT ?, * FROM taken WHERE booked_on BETWEEN ? AND ?')
          .run(this.#target, from, to);
        const moved = [...this.#movedFrom].flatMap(([date, first]) => (date >= from && date <= to ? [first] : []));
        database
          .prepare('INSERT OR REPLACE INTO exported_period VALUES (?, ?, ?, ?, hex(randomblob(16)))')
          .run(this.#target, from, to, [from, ...moved].toSorted()[0] ?? from);
        database
          .prepare('DELETE FROM exported_file WHERE target = ? AND first_date = ? AND last_date = ? AND folder = ?')
          .run(this.#target, from, to, folder);
        const keep = database.prepare('INSERT OR REPLACE INTO exported_file VALUES (?, ?, ?, ?, ?, ?, ?)');
        for (const { name, sha256 } of files) keep.run(this.#target, from, to, folder, name, sha256, createdAt);
      }),
    );
  }

  close(): void {
    this.#database.close();
  }

  #guarded<Result>(work: () => Result): Result {
    return guarded(this.where, work);
  }
}

/** What the keys of a ledger date, or of what its payout closes, have in common: a key without its part. */
function stemOf(key: string): string {
  const part = key.indexOf('.', key.lastIndexOf('-'));
  return part === -1 ? key : key.slice(0, part);
}

const digestLength = 64;

/** A key that was taken twice counts as it was taken last. */
function knownIn(rows: readonly Record<string, SQLOutputValue>[]): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>();
  for (const { booked_on: bookedOn, vouchers } of rows)
    for (const voucher of String(vouchers).split('\n')) {
      const [key = '', content = ''] = voucher.split(' ');
      if (key !== '') known.set(key, { bookedOn: bookedOn as PlainDate, content });
    }
  return known;
}

function guarded<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw toStorageError(error, path, 'the files that were exported are untouched');
  }
}
