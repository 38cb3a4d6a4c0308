import { addDays, type LedgerDate, type LedgerEntry, type OriginalsLookUp, type PlainDate } from '@bilag/core';
import { DatabaseSync } from 'node:sqlite';

/** Entries by reference, for what a later one takes back. */
export interface OriginalsIndex {
  readonly find: OriginalsLookUp;
  close(): void;
}

/**
 * Finds entries of an archive by reference. The archive is read once more, as far as it is asked about and only when
 * something is asked; what was read is kept in a temporary database, which SQLite moves to the disk and removes when it is
 * closed: a year's sales need not fit into memory.
 */
export function indexOriginals(
  read: (from: PlainDate, through: PlainDate) => AsyncIterable<LedgerDate>,
  cutOver: PlainDate,
): OriginalsIndex {
  let database: DatabaseSync | undefined;
  let next = cutOver;
  return {
    async find(references, through) {
      database ??= temporaryDatabase();
      if (next <= through) {
        await keep(database, read(next, through));
        next = addDays(through, 1);
      }
      const rows = database
        .prepare(
          `SELECT DISTINCT number, facts FROM reference JOIN entry USING (number)
           WHERE text IN (SELECT value FROM json_each(?)) ORDER BY number`,
        )
        .all(JSON.stringify(references));
      return rows.map((row) => JSON.parse(String(row['facts'])) as LedgerEntry);
    },
    close: () => database?.close(),
  };
}

function temporaryDatabase(): DatabaseSync {
  const database = new DatabaseSync('');
  database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
    CREATE TABLE entry (number INTEGER PRIMARY KEY, facts TEXT NOT NULL);
    CREATE TABLE reference (text TEXT, number INTEGER, PRIMARY KEY (text, number)) WITHOUT ROWID;`);
  return database;
}

/** What stands on funds alone: no fee is taken back by its reference. */
async function keep(database: DatabaseSync, dates: AsyncIterable<LedgerDate>): Promise<void> {
  const insertEntry = database.prepare('INSERT INTO entry (facts) VALUES (?)');
  const insertReference = database.prepare('INSERT OR IGNORE INTO reference VALUES (?, ?)');
  database.exec('BEGIN');
  try {
    for await (const { entries } of dates) {
      for (const entry of entries) {
        if (entry.account !== 'funds') continue;
        const { lastInsertRowid } = insertEntry.run(JSON.stringify(entry));
        for (const reference of [entry.pspReference, entry.reference])
          if (reference !== null) insertReference.run(reference, lastInsertRowid);
      }
    }
  } finally {
    database.exec('COMMIT');
  }
}
