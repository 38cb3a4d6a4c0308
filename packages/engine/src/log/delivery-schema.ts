import { existsSync, linkSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { BilagError } from '@bilag/core';
import {
  durable,
  migrate,
  openDatabase,
  openOrMakeDatabase,
  sqliteCodeOf,
  sqliteCodes,
  type DatabaseKind,
} from '../storage/database.ts';
import { syncFolder } from '../storage/durable-file.ts';
import { makePrivateFolder } from '../storage/private-files.ts';
import { Seal } from '../storage/seal.ts';

/** A database, and the seal that closes it. */
export interface OpenedDatabase {
  readonly database: DatabaseSync;
  readonly seal: Seal;
}

/** Opens the database of a delivery log, makes it when it is new, and brings an older one up to date. */
export async function openDeliveryDatabase(
  path: string,
  { create, onlyReads }: { readonly create: boolean; readonly onlyReads: boolean },
): Promise<OpenedDatabase> {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined && !create) throw noLog(path);
  if (size === undefined) await createDatabase(path);
  if (size === 0) throw damagedLog(path, 'the file is empty');
  refuseSecondName(path);
  const seal = new Seal(path);
  const database = openDatabase(path, settings, (opened) => {
    // Before anything is written to it, also by the journal.
    if (!seal.holds() && !onlyReads) {
      checkWhole(opened, path);
      seal.renew();
    }
    opened.exec(durable);
    migrate(opened, path, logKind);
    if (onlyReads) opened.exec('PRAGMA query_only = ON');
  });
  return { database, seal };
}

/** Before 40 MB are written, SQLite leaves the file alone until it is closed: its seal holds after a night of hundreds of vouchers. */
const settings = 'PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 10000;';

/**
 * A log that is there is a whole log: it is made beside its place and linked into it. A file of zero bytes has lost what
 * it held, and an empty log would let vouchers be posted again to a target that cannot be searched.
 */
async function createDatabase(path: string): Promise<void> {
  makePrivateFolder(dirname(path));
  const newPath = `${path}.new-${process.pid}`;
  rmSync(newPath, { force: true });
  try {
    openOrMakeDatabase(newPath, durable, (database) => migrate(database, path, logKind)).close();
    linkSync(newPath, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    for (const end of ['', '-wal', '-shm']) rmSync(newPath + end, { force: true });
  }
  await syncFolder(dirname(path));
}

/**
 * SQLite keeps what was written last beside the name a database was opened by: under two names it would be two, and each
 * would miss what the other sent.
 */
function refuseSecondName(path: string): void {
  const { ino, nlink } = statSync(path);
  // The folder may hold the logs of thousands of companies.
  if (nlink === 1) return;
  // Making a log may have been cut off before its first name was taken away.
  for (const name of readdirSync(dirname(path)).filter((each) => each.startsWith(`${basename(path)}.new-`))) {
    const other = join(dirname(path), name);
    if (statSync(other, { throwIfNoEntry: false })?.ino === ino) rmSync(other, { force: true });
  }
  if (statSync(path).nlink > 1) throw hasSecondName(path);
}

function checkWhole(database: DatabaseSync, path: string): void {
  try {
    const verdict = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (verdict !== 'ok') throw damagedLog(path, String(verdict).split('\n')[0] ?? '');
  } catch (error) {
    const code = sqliteCodeOf(error);
    if (code === sqliteCodes.damaged) throw damagedLog(path, 'pages are missing or unreadable');
    if (code === sqliteCodes.notADatabase) throw damagedLog(path, 'it is not a database');
    throw error;
  }
}

/**
 * Keys are ordered (company, voucher): random keys would make inserts slower as the log grows. The voucher lies apart from
 * its state, which changes often.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE company (
    id TEXT NOT NULL PRIMARY KEY,
    adapter_id TEXT NOT NULL,
    target_company_id TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE lease (
    company_id TEXT NOT NULL PRIMARY KEY,
    token TEXT NOT NULL,
    holder TEXT NOT NULL,
    since INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE delivery (
    company_id TEXT NOT NULL,
    key TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision BETWEEN 1 AND 99),
    kind TEXT NOT NULL CHECK (kind IN ('voucher', 'reversal')),
    reference TEXT NOT NULL,
    date TEXT NOT NULL,
    digest TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN
      ('planned', 'intended', 'posted', 'rejected', 'conflict', 'blocked', 'unknown-outcome', 'reversed')),
    expected TEXT,
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    uncertain INTEGER NOT NULL CHECK (uncertain >= 0),
    first_sent_at INTEGER,
    sent_at INTEGER,
    misses INTEGER NOT NULL CHECK (misses >= 0),
    first_miss_at INTEGER,
    last_miss_at INTEGER,
    target_id TEXT,
    number TEXT,
    problem TEXT CHECK (problem IS NULL OR json_valid(problem)),
    is_doubled INTEGER NOT NULL CHECK (is_doubled IN (0, 1)),
    run TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    is_attached INTEGER NOT NULL CHECK (is_attached IN (0, 1)),
    PRIMARY KEY (company_id, key, revision, kind)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX delivery_reference ON delivery (company_id, reference);
  CREATE INDEX delivery_date ON delivery (company_id, date);

  CREATE TABLE content (
    company_id TEXT NOT NULL,
    key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    kind TEXT NOT NULL,
    voucher TEXT NOT NULL CHECK (json_valid(voucher)),
    UNIQUE (company_id, key, revision, kind),
    FOREIGN KEY (company_id, key, revision, kind) REFERENCES delivery
  ) STRICT;

  CREATE TABLE live_fact (
    company_id TEXT NOT NULL,
    fact TEXT NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (company_id, fact)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX live_fact_reference ON live_fact (company_id, reference);

  CREATE TABLE run (
    company_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (company_id, id)
  ) STRICT, WITHOUT ROWID;
  `,
  // What the log knows of its own past. A log of the first version that has delivered was trusted until now.
  `
  CREATE TABLE log (id TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
  INSERT INTO log VALUES (lower(hex(randomblob(16))));

  CREATE TABLE past (
    company_id TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('new', 'whole', 'forgetful')),
    generation INTEGER NOT NULL,
    since INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO past SELECT DISTINCT company_id, 'whole', 1, 0 FROM delivery;
  INSERT INTO past SELECT id, 'new', 0, 0 FROM company WHERE id NOT IN (SELECT company_id FROM past);
  `,
  'ALTER TABLE delivery ADD COLUMN is_held INTEGER NOT NULL DEFAULT 0 CHECK (is_held IN (0, 1));',
  // What verify found, until it is settled or gone.
  `
  CREATE TABLE finding (
    company_id TEXT NOT NULL,
    reference TEXT NOT NULL,
    code TEXT NOT NULL,
    finding TEXT NOT NULL CHECK (json_valid(finding)),
    found_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (company_id, reference, code)
  ) STRICT, WITHOUT ROWID;
  `,
  // A night asks for what is under way, and for what the target shows: neither may read years of vouchers.
  `
  CREATE INDEX delivery_open ON delivery (company_id, state) WHERE state NOT IN ('posted', 'reversed');
  CREATE INDEX delivery_run ON delivery (company_id, run);
  CREATE INDEX delivery_target ON delivery (company_id, target_id) WHERE target_id IS NOT NULL;
  `,
  // What to do about a problem is its action, as in every error and finding.
  `
  UPDATE delivery SET problem = json_remove(json_set(problem, '$.action', problem ->> '$.now'), '$.now')
  WHERE problem ->> '$.now' IS NOT NULL;
  `,
];

const logKind: DatabaseKind = {
  // "BILD".
  applicationId: 0x42494c44,
  migrations,
  newer: newerLog,
  foreign: foreignDatabase,
};

function noLog(path: string): BilagError {
  return new BilagError('not-found', {
    what: 'there is no delivery log',
    where: path,
    action: 'look at the path, or apply a plan first',
  });
}

/** What to do about a log that cannot be read. */
export function damagedLog(path: string, why: string): BilagError {
  return new BilagError('rejected', {
    what: `the delivery log is damaged: ${why}`,
    where: path,
    action: 'restore it from a backup, or move it away and rebuild it from the target; nothing was sent',
  });
}

function hasSecondName(path: string): BilagError {
  return new BilagError('config', {
    what: 'the delivery log has a second name (a hard link)',
    where: path,
    action: 'take the other name away, or copy the file; nothing was sent',
  });
}

function newerLog(path: string, { found, known }: { readonly found: number; readonly known: number }): BilagError {
  return new BilagError('unsupported', {
    what: `the delivery log was written by a newer version of Bilag (schema ${found}, this one knows ${known})`,
    where: path,
    action: 'update Bilag; nothing was changed',
  });
}

function foreignDatabase(path: string): BilagError {
  return new BilagError('config', {
    what: 'the file is a database, but not a delivery log',
    where: path,
    action: 'choose another file for the log; nothing was changed',
  });
}
