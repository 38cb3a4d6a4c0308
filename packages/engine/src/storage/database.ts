import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { BilagError } from '@bilag/core';
import { databaseFiles, makePrivate, makePrivateFile, makePrivateFolder } from './private-files.ts';

/** What tells a database of ours from any other SQLite file, and how it came to be as it is. */
export interface DatabaseKind {
  /** Four letters in a number, in the head of the file. */
  readonly applicationId: number;
  /** Each step brings the schema one version on; steps are never edited once released. */
  readonly migrations: readonly string[];
  /** What to say of a file that a newer version wrote. */
  readonly newer: (path: string, versions: { readonly found: number; readonly known: number }) => BilagError;
  /** What to say of a database of something else. */
  readonly foreign: (path: string) => BilagError;
  /** Throws where an empty database may not be filled. */
  readonly beforeFirst?: (path: string) => void;
}

/** {@link openDatabase}, which makes the file when it is not there. A link in its place is refused. */
export function openOrMakeDatabase(path: string, ...how: [settings: string, prepare: Preparation]): DatabaseSync {
  makePrivateFile(path);
  return openDatabase(path, ...how);
}

/** Opens a durable database of a kind, up to date; it is made where it is not there, with a folder for its owner alone. */
export function openKept(path: string, kind: DatabaseKind): DatabaseSync {
  if (!existsSync(path)) makePrivateFolder(dirname(path));
  return openOrMakeDatabase(path, durable, (opened) => migrate(opened, path, kind));
}

type Preparation = (database: DatabaseSync) => void;

/** Opens a database file, and takes from others what they may do with it. `settings` are pragmas; it is closed where `prepare` fails. */
export function openDatabase(path: string, settings: string, prepare: Preparation): DatabaseSync {
  makePrivate(...databaseFiles(path));
  const database = new DatabaseSync(path, { timeout: lockPatienceMs });
  try {
    database.exec(`${pagesChecked} ${settings}`);
    prepare(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Opens a database for one long reading: it sees what was there at its first query, whatever is written meanwhile. */
export function openSnapshot(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true, timeout: lockPatienceMs });
  database.exec(`${pagesChecked} BEGIN`);
  return database;
}

/** A page that is damaged is refused when it is read, before anything goes from it to another. */
const pagesChecked = 'PRAGMA cell_size_check = ON;';

/** How long a writer waits for another. */
const lockPatienceMs = 5_000;

/** FULL: every commit reaches the disk, so that a crash takes nothing back that was said to be written. */
export const durable = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;';

/** Fills a new database and brings an older one up to date. */
export function migrate(database: DatabaseSync, path: string, kind: DatabaseKind): void {
  const { applicationId, migrations } = kind;
  const known = migrations.length;
  const isOurs = (): boolean => pragma(database, 'application_id') === applicationId;
  if (pragma(database, 'user_version') === known && isOurs()) return;
  inTransaction(database, () => {
    const found = pragma(database, 'user_version');
    if (!isOurs() && !isEmpty(database)) throw kind.foreign(path);
    if (found > known) throw kind.newer(path, { found, known });
    if (found === 0) kind.beforeFirst?.(path);
    for (const migration of migrations.slice(found)) database.exec(migration);
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${known};`);
  });
}

/** Runs work in one write transaction: all of it is committed, or none. The work must not wait for anything. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk may have ended the transaction already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** SQLite's primary result codes (sqlite.org/rescode.html). */
export const sqliteCodes = { error: 1, busy: 5, locked: 6, damaged: 11, notADatabase: 26 } as const;

/** The primary result code of an error of SQLite; 0 for any other. */
export function sqliteCodeOf(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function isEmpty(database: DatabaseSync): boolean {
  return Number(database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables']) === 0;
}
