import type { DatabaseSync } from 'node:sqlite';
import { BilagError, type Amount, type PlainDate } from '@bilag/core';
import { invoiceTakenBack, refuseOtherInvoices, refuseRecorded } from './invoice-rules.ts';
import { inTransaction, openKept, type DatabaseKind } from '../storage/database.ts';
import { toStorageError } from '../storage/storage-error.ts';

/** An invoice or a credit note of a provider, as printed: in minor units, and positive for what is owed. */
export interface FeeInvoice {
  readonly kind: 'invoice' | 'credit-note';
  /** The number printed on it. */
  readonly number: string;
  readonly ledgerId: string;
  readonly date: PlainDate;
  /** The month whose fees it bills or credits: `2026-07`. */
  readonly month: string;
  readonly currency: string;
  readonly net: Amount;
  readonly vat: Amount;
  readonly total: Amount;
  /** By the ledger's name of the fee: `capture-fee`, `service-fee`, `correction`. */
  readonly fees: Readonly<Record<string, { readonly net: Amount; readonly vat: Amount }>>;
  /** `gross`: it is to be paid. `net`: a statement of fees that the payouts were less by. Absent where the ledger itself tells it. */
  readonly settlement?: Settlement | undefined;
}

/** How a provider is paid its fees: by invoice (`gross`), or out of the funds before they are paid out (`net`). */
export type Settlement = 'gross' | 'net';

/** An invoice that was recorded. It is never changed: it is taken back, and another is recorded. */
export interface RecordedInvoice extends FeeInvoice {
  /** Counting up from 1. */
  readonly record: number;
  /** ISO 8601. */
  readonly recordedAt: string;
  /** ISO 8601; null while it holds. */
  readonly takenBackAt: string | null;
}

/** What a company's provider has invoiced. One on another database keeps the laws of `@bilag/engine/store-laws` (`invoiceLaws`). */
export interface InvoiceRecord {
  readonly where: string;
  /** Throws `conflict` where a document of this number holds already. */
  add(invoice: FeeInvoice, at: string): Promise<RecordedInvoice>;
  /** Throws `not-found` for a record that is not there, and `conflict` for one that was taken back before. */
  takeBack(record: number, at: string): Promise<RecordedInvoice>;
  /** In the order in which they were recorded; those that were taken back too. */
  invoices(): Promise<readonly RecordedInvoice[]>;
  /** Takes in everything of another record. Throws `conflict` where this one has not the same, or an older state of it. */
  restore(invoices: readonly RecordedInvoice[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the record of a provider's invoices, in an SQLite file, and makes it when it is not there.
 *
 * Throws `rejected` (damaged, or another database), `config` or `forbidden` (a place that cannot be used), `unavailable`.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { openInvoiceRecord } from '@bilag/engine';
 *
 * const record = openInvoiceRecord(join(await mkdtemp(join(tmpdir(), 'invoices-')), 'kafe.invoices.sqlite'));
 * await record.invoices(); // => []
 * await record.close();
 * ```
 */
export function openInvoiceRecord(path: string): InvoiceRecord {
  return guarded(path, () => new SqliteInvoiceRecord(path, openKept(path, recordKind)));
}

const schema = `
  CREATE TABLE invoice (
    record INTEGER PRIMARY KEY,
    number TEXT NOT NULL COLLATE NOCASE,
    document TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    taken_back_at TEXT
  ) STRICT;

  CREATE UNIQUE INDEX invoice_once ON invoice (number) WHERE taken_back_at IS NULL;
`;

const recordKind: DatabaseKind = {
  // "BILF".
  applicationId: 0x42494c46,
  migrations: [schema],
  newer: (path) => notReadable(path, 'it was written by a newer version', 'update Bilag'),
  foreign: (path) => notReadable(path, 'it is another database', 'move it away'),
};

function notReadable(where: string, what: string, action: string): BilagError {
  return new BilagError('rejected', {
    what: `this is no record of invoices that can be read: ${what}`,
    where,
    action,
  });
}

class SqliteInvoiceRecord implements InvoiceRecord {
  readonly where: string;
  readonly #database: DatabaseSync;

  constructor(path: string, database: DatabaseSync) {
    this.where = path;
    this.#database = database;
  }

  async add(invoice: FeeInvoice, at: string): Promise<RecordedInvoice> {
    return guarded(this.where, () =>
      inTransaction(this.#database, () => {
        refuseRecorded(this.#invoices(), invoice, this.where);
        const insert = 'INSERT INTO invoice (number, document, recorded_at) VALUES (?, ?, ?)';
        const { lastInsertRowid } = this.#database.prepare(insert).run(invoice.number, JSON.stringify(invoice), at);
        return { ...invoice, record: Number(lastInsertRowid), recordedAt: at, takenBackAt: null };
      }),
    );
  }

  async takeBack(record: number, at: string): Promise<RecordedInvoice> {
    const sql = 'UPDATE invoice SET taken_back_at = ? WHERE record = ? AND taken_back_at IS NULL';
    const { changes } = guarded(this.where, () => this.#database.prepare(sql).run(at, record));
    return invoiceTakenBack(this.#invoices(), record, changes === 1, this.where);
  }

  async invoices(): Promise<readonly RecordedInvoice[]> {
    return this.#invoices();
  }

  async restore(invoices: readonly RecordedInvoice[]): Promise<void> {
    guarded(this.where, () =>
      inTransaction(this.#database, () => {
        refuseOtherInvoices(this.#invoices(), invoices, this.where);
        this.#database.exec('DELETE FROM invoice');
        const insert = this.#database.prepare('INSERT INTO invoice VALUES (?, ?, ?, ?, ?)');
        for (const { record, recordedAt, takenBackAt, ...invoice } of invoices)
          insert.run(record, invoice.number, JSON.stringify(invoice), recordedAt, takenBackAt);
      }),
    );
  }

  #invoices(): readonly RecordedInvoice[] {
    const sql = `SELECT record, document, recorded_at AS recordedAt, taken_back_at AS takenBackAt
      FROM invoice ORDER BY record`;
    const rows = guarded(this.where, () => this.#database.prepare(sql).all());
    return rows.map(({ document, ...row }) => ({
      ...(JSON.parse(String(document)) as FeeInvoice),
      ...(row as unknown as Pick<RecordedInvoice, 'record' | 'recordedAt' | 'takenBackAt'>),
    }));
  }

  async close(): Promise<void> {
    this.#database.close();
  }
}

function guarded<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw toStorageError(error, path, 'the invoices that were recorded are kept as they were');
  }
}
