import { realpathSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './database.ts';

/**
 * The write transactions of a durable database, whose way to the disk holds nobody up: SQLite would wait for it on the one thread
 * that all companies of a night share. It writes ahead of its database (WAL), and a thread of Node's waits until that file has
 * reached the disk. Where there is no such file, and on Windows, SQLite waits itself.
 *
 * With `synchronous = NORMAL` SQLite leaves out that wait after a commit and nothing else (sqlite.org/pragma.html#pragma_synchronous):
 * its database is whole after a power cut, and so are the transactions that were waited for here.
 */
export class Commits {
  readonly #database: DatabaseSync;
  /** Beside the database itself, not beside a link to it. */
  readonly #written: string;
  readonly #waits: boolean;
  /** What was committed before the last that began is on the disk when this resolves. A disk that failed is not believed again. */
  #syncing: Promise<void> = Promise.resolve();
  /** The one after it, for all who come meanwhile. */
  #next: Promise<void> | undefined;

  constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#written = `${realpathSync(path)}-wal`;
    const mode = database.prepare('PRAGMA journal_mode').get()?.['journal_mode'];
    this.#waits = mode === 'wal' && process.platform !== 'win32';
    if (this.#waits) database.exec('PRAGMA synchronous = NORMAL');
  }

  /** Runs work in one write transaction: all of it is committed and on the disk when this resolves, or none. The work waits for nothing. */
  async make<Result>(work: () => Result): Promise<Result> {
    const result = inTransaction(this.#database, work);
    if (this.#waits) await (this.#next ??= this.#syncing.then(() => this.#sync()));
    return result;
  }

  /** Waits for what is under way, before the database is closed. */
  async finish(): Promise<void> {
    // Whoever waits for it is told.
    await (this.#next ?? this.#syncing).catch(() => undefined);
  }

  async #sync(): Promise<void> {
    this.#next = undefined;
    this.#syncing = syncFile(this.#written);
    await this.#syncing;
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
