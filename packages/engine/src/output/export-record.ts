import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { BilagError, type PlainDate, type Voucher } from '@bilag/core';
import { inTransaction, migrate, openOrMakeDatabase, type DatabaseKind } from '../storage/database.ts';
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
  take(voucher: Pick<Voucher, 'key' | 'date' | 'digest'>): void;
  /** Keys that were exported with a date of a period, and that were taken otherwise now, or not at all. */
  differences(period: ExportedPeriod): { readonly changed: readonly string[]; readonly gone: readonly string[] };
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

const schema = `
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

const recordKind: DatabaseKind = {
  // "BILE".
  applicationId: 0x42494c45,
  migrations: [schema],
  newer: (path) => notReadable(path, 'it was written by a newer version', 'update Bilag'),
  foreign: (path) => notReadable(path, 'it is another database', 'move it away'),
};

function notReadable(where: string, what: string, action: string): BilagError {
  return new BilagError('rejected', { what: `this is no record of exports that can be read: ${what}`, where, action });
}

/** What the export that is being made has, from the cut-over on: beside the record, so that memory stays flat. */
const taken = `
  CREATE TEMP TABLE taken (
    key TEXT NOT NULL PRIMARY KEY,
    booked_on TEXT NOT NULL,
    digest TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** A transaction for each voucher would cost more than to book it. */
const batch = 1000;

class SqliteExportRecord implements ExportRecord {
  readonly where: string;
  readonly #database: DatabaseSync;
  readonly #target: string;
  readonly #bookedOn: StatementSync;
  readonly #take: StatementSync;
  /** Whether there was an export to the target before: else nothing has to be looked up. */
  #hasExports: boolean;
  /** Taken, and not in the table yet. */
  #waiting: Pick<Voucher, 'key' | 'date' | 'digest'>[] = [];

  constructor(path: string, database: DatabaseSync, target: string) {
    this.where = path;
    this.#database = database;
    this.#target = target;
    this.#bookedOn = database.prepare('SELECT booked_on FROM exported_voucher WHERE target = ? AND key = ?');
    this.#take = database.prepare('INSERT OR REPLACE INTO taken VALUES (?, ?, ?)');
    const any = 'SELECT 1 FROM exported_voucher WHERE target = ? LIMIT 1';
    this.#hasExports = guarded(path, () => database.prepare(any).get(target) !== undefined);
  }

  bookedOn(key: string): PlainDate | undefined {
    if (!this.#hasExports) return undefined;
    return this.#guarded(() => this.#bookedOn.get(this.#target, key)?.['booked_on'] as PlainDate | undefined);
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

  take({ key, date, digest }: Pick<Voucher, 'key' | 'date' | 'digest'>): void {
    this.#waiting.push({ key, date, digest });
    if (this.#waiting.length >= batch) this.#keepTaken();
  }

  #keepTaken(): void {
    this.#guarded(() => {
      this.#database.exec('BEGIN');
      for (const { key, date, digest } of this.#waiting) this.#take.run(key, date, digest);
      this.#database.exec('COMMIT');
    });
    this.#waiting = [];
  }

  differences({ from, to }: ExportedPeriod): ReturnType<ExportRecord['differences']> {
    this.#keepTaken();
    const sql = `SELECT key, taken.key IS NULL AS isGone FROM exported_voucher LEFT JOIN taken USING (key)
      WHERE target = ? AND exported_voucher.booked_on BETWEEN ? AND ? AND taken.digest IS NOT exported_voucher.digest
      ORDER BY exported_voucher.booked_on, key`;
    const rows = this.#guarded(() => this.#database.prepare(sql).all(this.#target, from, to));
    const keysWhere = (isGone: number): string[] =>
      rows.flatMap((row) => (row['isGone'] === isGone ? [String(row['key'])] : []));
    return { changed: keysWhere(0), gone: keysWhere(1) };
  }

  save({ period: { from, to }, createdAt, folder, files }: ExportedSet): void {
    const database = this.#database;
    this.#keepTaken();
    this.#hasExports = true;
    this.#guarded(() =>
      inTransaction(database, () => {
        database
          .prepare('DELETE FROM exported_voucher WHERE target = ? AND booked_on BETWEEN ? AND ?')
          .run(this.#target, from, to);
        database
          .prepare('INSERT OR REPLACE INTO exported_voucher SELECT ?, * FROM taken WHERE booked_on BETWEEN ? AND ?')
          .run(this.#target, from, to);
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

function guarded<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw toStorageError(error, path, 'the files that were exported are untouched');
  }
}
