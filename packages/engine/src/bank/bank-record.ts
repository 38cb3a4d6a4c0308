import type { DatabaseSync } from 'node:sqlite';
import { BilagError } from '@bilag/core';
import {
  bankFilesThatHold,
  decisionTakenBack,
  noSuchFile,
  refuseDecided,
  refuseDecidedSince,
  refuseOtherBank,
} from './bank-rules.ts';
import { inTransaction, openKept, type DatabaseKind } from '../storage/database.ts';
import { toStorageError } from '../storage/storage-error.ts';

/** A file of a bank, byte for byte as it came. */
export interface KeptBankFile {
  /** SHA-256 of its bytes. */
  readonly digest: string;
  readonly name: string;
  /** The account that whoever imported it named; null where the file does. */
  readonly account: string | null;
  /** ISO 8601. */
  readonly importedAt: string;
  readonly bytes: Uint8Array;
}

/** What a person decided about lines of a bank account. It is never changed: it is taken back, and another is made. */
export interface BankDecision {
  /** Counting up from 1. */
  readonly number: number;
  readonly kind: 'match' | 'unrelated';
  /** Ids of lines. */
  readonly lines: readonly string[];
  /** References of payouts. */
  readonly payouts: readonly string[];
  /** In the person's words. */
  readonly note: string | null;
  /** ISO 8601. */
  readonly decidedAt: string;
  /** ISO 8601; null while it holds. */
  readonly takenBackAt: string | null;
}

/** Everything that was ever kept of a bank, in its order: what a copy is made of. */
export interface BankHistory {
  readonly files: readonly (KeptBankFile & { readonly takenBackAt: string | null })[];
  readonly decisions: readonly BankDecision[];
}

/**
 * What a company's bank delivered and what was decided about it. Everything else is read out of these. A record on another database
 * keeps the laws of `@bilag/engine/store-laws` (`bankLaws`).
 */
export interface BankRecord {
  readonly where: string;
  /** Keeps files, all or none; those that are there already are told, and stay as they are. */
  keep(files: readonly KeptBankFile[]): Promise<readonly ('kept' | 'known')[]>;
  /** Those that hold, in the order of their import. Throws `rejected` for one that is damaged. */
  files(): Promise<readonly KeptBankFile[]>;
  /**
   * Takes a file back: nothing of it is read any more, its bytes stay, and it may be imported again. Throws `not-found` where no such
   * file holds, and `conflict` where somebody decided something after `seen`.
   */
  takeBackFile(digest: string, at: string, seen: number): Promise<void>;
  /**
   * Records a decision of somebody who has seen those up to the number `seen`. Throws `conflict` where a line has one that holds, or
   * a payout got one since.
   */
  decide(decision: Omit<BankDecision, 'number' | 'takenBackAt'>, seen: number): Promise<BankDecision>;
  /** Throws `not-found` for a decision that is not there, and `conflict` for one that was taken back before. */
  takeBack(number: number, at: string): Promise<BankDecision>;
  decisions(): Promise<readonly BankDecision[]>;
  history(): Promise<BankHistory>;
  /** Takes in the history of another record. Throws `conflict` where this one has not the same, or an older state of it. */
  restore(history: BankHistory): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the record of a company's bank, in an SQLite file, and makes it when it is not there.
 *
 * Throws `rejected` (damaged, or another database), `config` or `forbidden` (a place that cannot be used), `unavailable`.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { openBankRecord } from '@bilag/engine';
 *
 * const record = openBankRecord(join(await mkdtemp(join(tmpdir(), 'bank-')), 'kafe.bank.sqlite'));
 * await record.decisions(); // => []
 * await record.close();
 * ```
 */
export function openBankRecord(path: string): BankRecord {
  return guarded(path, () => new SqliteBankRecord(path, openKept(path, recordKind)));
}

const schema = `
  CREATE TABLE bank_file (
    number INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
    name TEXT NOT NULL,
    account TEXT,
    imported_at TEXT NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;

  CREATE TABLE bank_decision (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('match', 'unrelated')),
    lines TEXT NOT NULL,
    payouts TEXT NOT NULL,
    note TEXT,
    decided_at TEXT NOT NULL,
    taken_back_at TEXT
  ) STRICT;
`;

/** Bank files are taken back, too. */
const takenBackFiles = 'ALTER TABLE bank_file ADD COLUMN taken_back_at TEXT';

const recordKind: DatabaseKind = {
  // "BILK".
  applicationId: 0x42494c4b,
  migrations: [schema, takenBackFiles],
  newer: (path) => notReadable(path, 'it was written by a newer version', 'update Bilag'),
  foreign: (path) => notReadable(path, 'it is another database', 'move it away'),
};

function notReadable(where: string, what: string, action: string): BilagError {
  return new BilagError('rejected', { what: `this is no record of a bank that can be read: ${what}`, where, action });
}

class SqliteBankRecord implements BankRecord {
  readonly where: string;
  readonly #database: DatabaseSync;

  constructor(path: string, database: DatabaseSync) {
    this.where = path;
    this.#database = database;
  }

  async keep(files: readonly KeptBankFile[]): Promise<readonly ('kept' | 'known')[]> {
    const sql = `INSERT INTO bank_file (digest, name, account, imported_at, bytes) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (digest) DO UPDATE
      SET name = excluded.name, account = excluded.account, imported_at = excluded.imported_at, taken_back_at = NULL
      WHERE taken_back_at IS NOT NULL`;
    return guarded(this.where, () =>
      inTransaction(this.#database, () => {
        const insert = this.#database.prepare(sql);
        return files.map(({ digest, name, account, importedAt, bytes }) =>
          insert.run(digest, name, account, importedAt, bytes).changes === 0 ? 'known' : 'kept',
        );
      }),
    );
  }

  async files(): Promise<readonly KeptBankFile[]> {
    return bankFilesThatHold(this.#history(), this.where);
  }

  async takeBackFile(digest: string, at: string, seen: number): Promise<void> {
    guarded(this.where, () =>
      inTransaction(this.#database, () => {
        refuseDecidedSince(this.#decisions(), seen, this.where);
        const sql = 'UPDATE bank_file SET taken_back_at = ? WHERE digest = ? AND taken_back_at IS NULL';
        if (this.#database.prepare(sql).run(at, digest).changes === 1) return;
        throw noSuchFile(this.where);
      }),
    );
  }

  async decide(decision: Omit<BankDecision, 'number' | 'takenBackAt'>, seen: number): Promise<BankDecision> {
    const { kind, lines, payouts, note, decidedAt } = decision;
    const sql = 'INSERT INTO bank_decision (kind, lines, payouts, note, decided_at) VALUES (?, ?, ?, ?, ?)';
    return guarded(this.where, () =>
      inTransaction(this.#database, () => {
        refuseDecided(this.#decisions(), decision, seen, this.where);
        const written = [kind, JSON.stringify(lines), JSON.stringify(payouts), note, decidedAt];
        const { lastInsertRowid } = this.#database.prepare(sql).run(...written);
        return { ...decision, number: Number(lastInsertRowid), takenBackAt: null };
      }),
    );
  }

  async takeBack(number: number, at: string): Promise<BankDecision> {
    const sql = 'UPDATE bank_decision SET taken_back_at = ? WHERE number = ? AND taken_back_at IS NULL';
    const { changes } = guarded(this.where, () => this.#database.prepare(sql).run(at, number));
    return decisionTakenBack(this.#decisions(), number, changes === 1, this.where);
  }

  async decisions(): Promise<readonly BankDecision[]> {
    return this.#decisions();
  }

  async history(): Promise<BankHistory> {
    return this.#history();
  }

  async restore({ files, decisions }: BankHistory): Promise<void> {
    guarded(this.where, () =>
      inTransaction(this.#database, () => {
        refuseOtherBank(this.#history(), { files, decisions }, this.where);
        this.#database.exec('DELETE FROM bank_file; DELETE FROM bank_decision');
        const file = this.#database.prepare(
          'INSERT INTO bank_file (digest, name, account, imported_at, bytes, taken_back_at) VALUES (?, ?, ?, ?, ?, ?)',
        );
        for (const { digest, name, account, importedAt, bytes, takenBackAt } of files)
          file.run(digest, name, account, importedAt, bytes, takenBackAt);
        const decision = this.#database.prepare('INSERT INTO bank_decision VALUES (?, ?, ?, ?, ?, ?, ?)');
        for (const { number, kind, lines, payouts, note, decidedAt, takenBackAt } of decisions)
          decision.run(number, kind, JSON.stringify(lines), JSON.stringify(payouts), note, decidedAt, takenBackAt);
      }),
    );
  }

  #history(): BankHistory {
    const sql = `SELECT digest, name, account, imported_at AS importedAt, bytes, taken_back_at AS takenBackAt
      FROM bank_file ORDER BY number`;
    const rows = guarded(this.where, () => this.#database.prepare(sql).all());
    return { files: rows.map((row) => ({ ...row })) as unknown as BankHistory['files'], decisions: this.#decisions() };
  }

  #decisions(): readonly BankDecision[] {
    const sql = `SELECT number, kind, lines, payouts, note, decided_at AS decidedAt, taken_back_at AS takenBackAt
      FROM bank_decision ORDER BY number`;
    const rows = guarded(this.where, () => this.#database.prepare(sql).all());
    return rows.map(
      (row) =>
        ({
          ...row,
          lines: JSON.parse(String(row['lines'])) as string[],
          payouts: JSON.parse(String(row['payouts'])) as string[],
        }) as unknown as BankDecision,
    );
  }

  async close(): Promise<void> {
    this.#database.close();
  }
}

function guarded<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw toStorageError(error, path, 'what the bank delivered is kept as it was');
  }
}
