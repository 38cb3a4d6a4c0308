import { BilagError, named } from '@bilag/core';
import { openInvoiceRecord, type FeeInvoice, type InvoiceRecord, type RecordedInvoice } from '@bilag/engine';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { Company } from '../config/company.ts';
import { fileStores } from '../stores.ts';
import { parseInvoice } from './invoice-file.ts';

/** Longer than any invoice of fees. */
const mostBytes = 1_048_576;

/** Records an invoice or a credit note of the provider out of a file. Throws `conflict` where its number is recorded already. */
export async function recordInvoice(company: Company, path: string, now: Date): Promise<RecordedInvoice> {
  refuseDatabase(company);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true || found.size > mostBytes) {
    throw new BilagError(found === undefined ? 'not-found' : 'config', {
      what: found === undefined ? 'there is no such file' : 'this is no file of one invoice',
      where: path,
      action: 'name a JSON file with one invoice; nothing was recorded',
    });
  }
  const invoice = settled(parseInvoice(await readFile(path, 'utf8'), path, company), path, company);
  return withRecord(company, (record) => record.add(invoice, now.toISOString()));
}

/** As the invoice says, or the config. Where the ledger tells its own invoices, or fees beside its sales, it knows by itself. */
function settled(invoice: FeeInvoice, where: string, { source, feeSettlement }: Company): FeeInvoice {
  const settlement = invoice.settlement ?? named(feeSettlement, invoice.ledgerId);
  if (settlement !== undefined) return { ...invoice, settlement };
  const reading = source.declaration.api?.scope(source.config)?.fees;
  if (reading === 'own-account' || reading === 'accrued') return invoice;
  throw new BilagError('config', {
    what: 'nobody says whether the invoice is to be paid, or only states what was withheld from payouts: booking that would double the cost',
    where,
    action: `write "settlement": "gross" (it is to be paid) or "net" (it was withheld) into it, or feeSettlement for ledger ${invoice.ledgerId} into the config; nothing was recorded`,
  });
}

/** Takes a recorded invoice back, by its record. */
export function takeBackInvoice(company: Company, number: number, now: Date): RecordedInvoice {
  refuseDatabase(company);
  return withRecord(company, (record) => record.takeBack(number, now.toISOString()));
}

/** What the provider invoiced, as far as it was recorded and not taken back. Nothing is written. */
export function invoicesOf(company: Company): readonly RecordedInvoice[] {
  if (!existsSync(invoiceRecordPath(company))) return [];
  return withRecord(company, (record) => record.invoices()).filter(({ takenBackAt }) => takenBackAt === null);
}

/** Each machine would have invoices of its own. */
function refuseDatabase({ stores, id }: Company): void {
  if (stores === fileStores) return;
  throw new BilagError('unsupported', {
    what: 'invoices are kept in a file beside the delivery log, and this company is kept in a database',
    where: `company ${id}`,
    action:
      "compare them in the accounting system, or keep the company in files (store: 'files'); nothing was recorded",
  });
}

/** Where a company keeps what its provider has invoiced: beside its delivery log. */
export function invoiceRecordPath({ delivery }: Pick<Company, 'delivery'>): string {
  return `${delivery.replace(/\.sqlite$/, '')}.invoices.sqlite`;
}

function withRecord<Result>(company: Pick<Company, 'delivery'>, work: (record: InvoiceRecord) => Result): Result {
  const record = openInvoiceRecord(invoiceRecordPath(company));
  try {
    return work(record);
  } finally {
    record.close();
  }
}
