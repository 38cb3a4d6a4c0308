import type { FeeInvoice, InvoiceRecord, RecordedInvoice } from '@bilag/engine';
import { invoiceTakenBack, refuseOtherInvoices, refuseRecorded } from '@bilag/engine/storage';
import type { Connection, Run } from '../connection.ts';

/** What a company's provider has invoiced. Whoever writes for a company waits for the one before. */
export class PostgresInvoiceRecord implements InvoiceRecord {
  readonly where: string;
  readonly #connection: Connection;
  readonly #companyId: string;

  constructor(connection: Connection, companyId: string) {
    this.where = `invoices of ${companyId} in ${connection.where}`;
    this.#connection = connection;
    this.#companyId = companyId;
  }

  async add(invoice: FeeInvoice, at: string): Promise<RecordedInvoice> {
    return this.#alone(async (run) => {
      const before = await this.#invoices(run);
      refuseRecorded(before, invoice, this.where);
      const recorded = { ...invoice, record: 1 + (before.at(-1)?.record ?? 0), recordedAt: at, takenBackAt: null };
      await this.#insert(run, recorded);
      return recorded;
    });
  }

  async takeBack(record: number, at: string): Promise<RecordedInvoice> {
    const sql = `UPDATE fee_invoice SET taken_back_at = $3
      WHERE company_id = $1 AND record = $2 AND taken_back_at IS NULL RETURNING record`;
    return this.#alone(async (run) => {
      const taken = await run(sql, [this.#companyId, record, at]);
      return invoiceTakenBack(await this.#invoices(run), record, taken.length === 1, this.where);
    });
  }

  async invoices(): Promise<readonly RecordedInvoice[]> {
    return this.#invoices(this.#connection.run);
  }

  async restore(invoices: readonly RecordedInvoice[]): Promise<void> {
    await this.#alone(async (run) => {
      refuseOtherInvoices(await this.#invoices(run), invoices, this.where);
      await run('DELETE FROM fee_invoice WHERE company_id = $1', [this.#companyId]);
      for (const invoice of invoices) await this.#insert(run, invoice);
    });
  }

  /** The connections are the pool's. */
  async close(): Promise<void> {
    return undefined;
  }

  async #insert(run: Run, { record, recordedAt, takenBackAt, ...invoice }: RecordedInvoice): Promise<void> {
    const values = [this.#companyId, record, JSON.stringify(invoice), recordedAt, takenBackAt];
    await run('INSERT INTO fee_invoice VALUES ($1, $2, $3, $4, $5)', values);
  }

  async #invoices(run: Run): Promise<readonly RecordedInvoice[]> {
    const rows = await run('SELECT * FROM fee_invoice WHERE company_id = $1 ORDER BY record', [this.#companyId]);
    return rows.map((row) => ({
      ...(JSON.parse(String(row['document'])) as FeeInvoice),
      record: Number(row['record']),
      recordedAt: String(row['recorded_at']),
      takenBackAt: row['taken_back_at'] as string | null,
    }));
  }

  /** One transaction, and nobody else's for this company at the same time. */
  #alone<Result>(work: (run: Run) => Promise<Result>): Promise<Result> {
    return this.#connection.alone(`invoices ${this.#companyId}`, work);
  }
}
