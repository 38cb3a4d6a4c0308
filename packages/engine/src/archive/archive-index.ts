import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { BilagError } from '@bilag/core';
import { durable, migrate, openOrMakeDatabase, type DatabaseKind } from '../storage/database.ts';

/** The file of the index inside an archive folder. */
export function indexPathOf(archiveFolder: string): string {
  return join(archiveFolder, 'index.sqlite');
}

/** Opens the index, makes it when it is new, and brings an older one up to date. */
export function openIndex(archiveFolder: string): DatabaseSync {
  const path = indexPathOf(archiveFolder);
  if (!existsSync(path) && hasPages(archiveFolder)) throw lostIndex(path);
  // A cursor that is newer than its pages would lose a day: hence durable.
  return openOrMakeDatabase(path, durable, (database) => migrate(database, path, archiveKind));
}

/**
 * Keys are ordered (ledger, date): random keys, such as the digests, would make inserts about ten times slower as an
 * archive grows.
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
  `
  CREATE TABLE checkpoint (
    name TEXT NOT NULL PRIMARY KEY,
    made_of TEXT NOT NULL,
    content TEXT NOT NULL
  ) STRICT;
  `,
];

const archiveKind: DatabaseKind = {
  // "BILA".
  applicationId: 0x42494c41,
  migrations,
  newer: newerIndex,
  foreign: foreignDatabase,
  beforeFirst: (path) => {
    if (hasPages(dirname(path))) throw lostIndex(path);
  },
};

function hasPages(archiveFolder: string): boolean {
  return existsSync(join(archiveFolder, 'pages'));
}

function lostIndex(path: string): BilagError {
  return new BilagError('not-found', {
    what: 'the archive has pages but its index is missing or empty',
    where: path,
    action: 'restore the file from a backup, or fetch into a new folder; nothing was changed',
  });
}

function newerIndex(path: string, { found, known }: { readonly found: number; readonly known: number }): BilagError {
  return new BilagError('unsupported', {
    what: `the archive was written by a newer version of Bilag (schema ${found}, this one knows ${known})`,
    where: path,
    action: 'update Bilag; nothing was changed',
  });
}

function foreignDatabase(path: string): BilagError {
  return new BilagError('config', {
    what: 'the file is a database, but not of an archive',
    where: path,
    action: 'choose another folder for the archive; nothing was changed',
  });
}
