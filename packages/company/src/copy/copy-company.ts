import type { Company } from '../config/company.ts';
import { withRecord, withRecordIfAny, type CompanyStores } from '../stores.ts';
import { copyArchive, type CopiedArchive } from './copy-archive.ts';
import { copyLog, type CopiedLog } from './copy-log.ts';

/** What was copied, and is the same in both places. */
export interface CompanyCopy extends CopiedArchive, CopiedLog {
  /** Where it is now. */
  readonly archive: string;
  readonly delivery: string;
}

/** What a copy goes by. */
export interface CopyOptions {
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onProgress?: (copied: Partial<CopiedArchive & CopiedLog>) => void;
}

/**
 * Copies a company's archive, its bank and invoices, and its delivery log from where it is kept to other stores, compares both, and leaves the old log
 * forgetful: nothing is posted from it any more. An interrupted copy is begun again and goes on. Whoever delivers meanwhile is
 * refused.
 *
 * Throws `conflict` where the other place holds what this one does not, or where deliveries went on in another log already;
 * `busy` while somebody delivers or fetches.
 */
export async function copyCompany(company: Company, to: CompanyStores, options: CopyOptions): Promise<CompanyCopy> {
  const { stores } = company;
  const archives = await Promise.all([
    stores.openArchive(company, { create: false }),
    to.openArchive(company, { create: true }),
  ]);
  try {
    const copied = await copyArchive(...archives, options);
    await copyRecords(company, to);
    return { ...to.placesOf(company), ...copied, ...(await copiedLog(company, to, options)) };
  } finally {
    for (const archive of archives) await archive.close();
  }
}

/** A company that was never connected has no log. */
async function copiedLog(company: Company, to: CompanyStores, options: CopyOptions): Promise<CopiedLog> {
  const copied = await withRecordIfAny(company.stores.openDeliveries(company, { create: false }), (log) =>
    withRecord(to.openDeliveries(company, { create: true }), (copy) => copyLog(company.id, log, copy, options)),
  );
  return copied ?? { rows: 0, runs: 0 };
}

/** What the bank delivered and what was invoiced: what comes of it in the books goes with it. */
async function copyRecords(company: Company, to: CompanyStores): Promise<void> {
  const { stores } = company;
  await withRecordIfAny(stores.openBank(company, { create: false }), async (bank) => {
    const history = await bank.history();
    await withRecord(to.openBank(company, { create: true }), (copy) => copy.restore(history));
  });
  await withRecordIfAny(stores.openInvoices(company, { create: false }), async (record) => {
    const invoices = await record.invoices();
    await withRecord(to.openInvoices(company, { create: true }), (copy) => copy.restore(invoices));
  });
}
