import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BilagError } from '@bilag/core';
import { databaseFiles, makePrivate, makePrivateFile } from '../storage/private-files.ts';

/** The file of the index inside an archive folder. */
export function indexPathOf(archiveFolder: string): string {
  return join(archiveFolder, 'index.sqlite');
}

/** Opens the index, makes it when it is new, and brings an older one up to date. */
export function openIndex(archiveFolder: string): DatabaseSync {
  const path = indexPathOf(archiveFolder);
  if (!existsSync(path) && hasPages(archiveFolder)) throw lostIndex(path);
  makePrivateFile(path);
  makePrivate(...databaseFiles(path));
  const database = new DatabaseSync(path, { timeout: lockPatienceMs });
  try {
    // FULL, because a cursor that is newer than its pages would lose a day: every commit reaches the disk.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    migrate(database, path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Opens the index for one long reading: it sees the archive as it was at its first query, whatever is written meanwhile. */
export function openSnapshot(archiveFolder: string): DatabaseSync {
  const database = new DatabaseSync(indexPathOf(archiveFolder), { readOnly: true, timeout: lockPatienceMs });
  database.exec('BEGIN');
  return database;
}

const lockPatienceMs = 5_000;

/** "BILA": tells an archive's index from any other SQLite file. */
const applicationId = 0x42494c41;

/**
 * Each step brings the schema one version on; steps are never edited once released. Keys are ordered (ledger, date):
 * random keys, such as the digests, would make inserts about ten times slower as an archive grows.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE reading (
    ledger_id TEXT NOT NULL,
    date TEXT NOT NULL,
    topic TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number >= 1),
    closed INTEGER NOT NULL CHECK (closed IN (0, 1)),
    fingerprint TEXT,
    PRIMARY KEY (ledger_id, date, topic, number)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE page (
    ledger_id TEXT NOT NULL,
    date TEXT NOT NULL,
    topic TEXT NOT NULL,
    number INTEGER NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    bytes INTEGER NOT NULL,
    request TEXT NOT NULL,
    received_at TEXT NOT NULL,
    PRIMARY KEY (ledger_id, date, topic, number, sequence),
    FOREIGN KEY (ledger_id, date, topic, number) REFERENCES reading
  ) STRICT, WITHOUT ROWID;

  CREATE VIEW current_reading AS
    SELECT * FROM reading AS candidate
    WHERE number = (
      SELECT max(number) FROM reading
      WHERE ledger_id = candidate.ledger_id AND date = candidate.date AND topic = candidate.topic
    );

  CREATE TABLE source_cursor (
    source TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE ledger (
    id TEXT NOT NULL PRIMARY KEY,
    currency TEXT NOT NULL,
    handles TEXT NOT NULL CHECK (json_valid(handles))
  ) STRICT, WITHOUT ROWID;
  `,
];

function migrate(database: DatabaseSync, path: string): void {
  if (versionOf(database) === migrations.length && isArchive(database)) return;
  inTransaction(database, () => {
    const version = versionOf(database);
    if (version > migrations.length) throw newerIndex(path, version);
    if (!isArchive(database) && !isEmpty(database)) throw foreignDatabase(path);
    if (version === 0 && hasPages(dirname(path))) throw lostIndex(path);
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length};`);
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

function hasPages(archiveFolder: string): boolean {
  return existsSync(join(archiveFolder, 'pages'));
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}

function isArchive(database: DatabaseSync): boolean {
  return Number(database.prepare('PRAGMA application_id').get()?.['application_id']) === applicationId;
}

function isEmpty(database: DatabaseSync): boolean {
  return Number(database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables']) === 0;
}

function lostIndex(path: string): BilagError {
  return new BilagError('not-found', {
    what: 'the archive has pages but its index is missing or empty',
    where: path,
    now: 'restore the file from a backup, or fetch into a new folder; nothing was changed',
  });
}

function newerIndex(path: string, version: number): BilagError {
  return new BilagError('unsupported', {
    what: `the archive was written by a newer version of Bilag (schema ${version}, this one knows ${migrations.length})`,
    where: path,
    now: 'update Bilag; nothing was changed',
  });
}

function foreignDatabase(path: string): BilagError {
  return new BilagError('config', {
    what: 'the file is a database, but not of an archive',
    where: path,
    now: 'choose another folder for the archive; nothing was changed',
  });
}
