import { BilagError, named } from '@bilag/core';
import type { FeeInvoice, RecordedInvoice } from '@bilag/engine';
import { readFile, stat } from 'node:fs/promises';
import type { Company } from '../config/company.ts';
import { withRecord, withRecordIfAny } from '../stores.ts';
import { parseInvoice } from './invoice-file.ts';

/** Longer than any invoice of fees. */
const mostBytes = 1_048_576;

/** Records an invoice or a credit note of the provider out of a file. Throws `conflict` where its number is recorded already. */
export async function recordInvoice(company: Company, path: string, now: Date): Promise<RecordedInvoice> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true || found.size > mostBytes) {
    throw new BilagError(found === undefined ? 'not-found' : 'config', {
      what: found === undefined ? 'there is no such file' : 'this is no file of one invoice',
      where: path,
      action: 'name a JSON file with one invoice; nothing was recorded',
    });
  }
  const invoice = settled(parseInvoice(await readFile(path, 'utf8'), path, company), path, company);
  return withRecord(company.stores.openInvoices(company, { create: true }), (record) =>
    record.add(invoice, now.toISOString()),
  );
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
export async function takeBackInvoice(company: Company, number: number, now: Date): Promise<RecordedInvoice> {
  return withRecord(company.stores.openInvoices(company, { create: true }), (record) =>
    record.takeBack(number, now.toISOString()),
  );
}

/** What the provider invoiced, as far as it was recorded and not taken back. Nothing is written. */
export async function invoicesOf(company: Company): Promise<readonly RecordedInvoice[]> {
  const opening = company.stores.openInvoices(company, { create: false });
  const all = (await withRecordIfAny(opening, (record) => record.invoices())) ?? [];
  return all.filter(({ takenBackAt }) => takenBackAt === null);
}
