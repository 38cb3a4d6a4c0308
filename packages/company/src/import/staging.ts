import type { FileReading, PlainDate, RawPage } from '@bilag/core';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { KeptPersonalData } from './personal-data.ts';

/** A ledger, a date and a topic of a file. */
export interface StagedKey {
  readonly ledgerId: string;
  readonly date: PlainDate;
  readonly topic: string;
}

/**
 * The pages of files before anything of them is stored: sorted, in a temporary database, which SQLite moves to the disk and
 * removes when it is closed. A file that turns out to be bad in its last line has left nothing behind.
 */
export class Staging {
  readonly #database: DatabaseSync = new DatabaseSync('');
  readonly #insert: StatementSync;
  readonly #receivedAt: string;
  #count = 0;

  constructor(now: Date) {
    this.#receivedAt = now.toISOString();
    this.#database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
      CREATE TABLE page (file INTEGER, ledger TEXT, date TEXT, topic TEXT, number INTEGER, closed INTEGER, request TEXT,
        body BLOB, accepted INTEGER DEFAULT 0, PRIMARY KEY (ledger, date, topic, file, number)) WITHOUT ROWID;
      CREATE TABLE person (data TEXT);`);
    this.#insert = this.#database.prepare(
      'INSERT INTO page (file, ledger, date, topic, number, closed, request, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#database.exec('BEGIN');
  }

  add(file: number, { ledgerId, date, topic, closed, page }: FileReading, name: string): void {
    const request = `${name} ${page.where}`;
    this.#insert.run(file, ledgerId, date, topic, this.#count++, closed ? 1 : 0, request, page.body);
  }

  /** Apart from the pages, which are kept for years. */
  addPersonal({ ledgerId, date, personal = [] }: FileReading): void {
    const insert = this.#database.prepare('INSERT INTO person VALUES (?)');
    for (const about of personal) insert.run(JSON.stringify({ ledgerId, date, ...about }));
  }

  *personal(): Generator<KeptPersonalData> {
    const rows = this.#database.prepare('SELECT data FROM person').iterate();
    for (const row of rows) yield JSON.parse(String(row['data'])) as KeptPersonalData;
  }

  /** What a file has, ledger by ledger and date by date. */
  keysOf(file: number): StagedKey[] {
    const rows = this.#database
      .prepare('SELECT DISTINCT ledger AS ledgerId, date, topic FROM page WHERE file = ? ORDER BY ledger, date, topic')
      .all(file);
    return rows as unknown as StagedKey[];
  }

  /** The pages of a topic of a date: of one file, or of the files that were accepted. */
  pages({ ledgerId, date, topic }: StagedKey, file: number): RawPage[] {
    return this.#pages('topic = ? AND file = ?', ledgerId, date, [topic, file]);
  }

  accepted(ledgerId: string, date: PlainDate): RawPage[] {
    return this.#pages('accepted = 1', ledgerId, date, []);
  }

  /** Takes a file's pages of a topic in place of those of an earlier file. */
  accept({ ledgerId, date, topic }: StagedKey, file: number): void {
    this.#database
      .prepare('UPDATE page SET accepted = (file = ?) WHERE ledger = ? AND date = ? AND topic = ?')
      .run(file, ledgerId, date, topic);
  }

  /** Every topic of every date that is to be stored. */
  *toStore(): Generator<StagedKey & { readonly file: number }> {
    const rows = this.#database
      .prepare(
        'SELECT DISTINCT ledger AS ledgerId, date, topic, file FROM page WHERE accepted = 1 ORDER BY ledger, date',
      )
      .iterate();
    yield* rows as unknown as Iterable<StagedKey & { readonly file: number }>;
  }

  close(): void {
    this.#database.close();
  }

  #pages(which: string, ledgerId: string, date: PlainDate, more: readonly (string | number)[]): RawPage[] {
    const rows = this.#database
      .prepare(
        `SELECT topic, file, closed, request, body FROM page WHERE ledger = ? AND date = ? AND ${which}
         ORDER BY topic, file, number`,
      )
      .all(ledgerId, date, ...more) as unknown as readonly StagedPage[];
    return [...Map.groupBy(rows, ({ topic }) => topic).values()].flatMap((own) => {
      const closed = own.at(-1)?.closed === 1;
      return own.map(({ topic, request, body }, sequence) => {
        return { ledgerId, topic, date, sequence, closed, request, receivedAt: this.#receivedAt, body };
      });
    });
  }
}

interface StagedPage {
  readonly topic: string;
  readonly closed: number;
  readonly request: string;
  readonly body: Uint8Array;
}
