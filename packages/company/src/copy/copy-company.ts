import { existsSync } from 'node:fs';
import { BilagError, isBilagError } from '@bilag/core';
import { bankRecordPath } from '../bank/company-bank.ts';
import type { Company } from '../config/company.ts';
import { invoiceRecordPath } from '../invoices/company-invoices.ts';
import { fileStores, type CompanyStores } from '../stores.ts';
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
 * Copies a company's archive and delivery log from where it is kept to other stores, compares both, and leaves the old log
 * forgetful: nothing is posted from it any more. An interrupted copy is begun again and goes on. Whoever delivers meanwhile is
 * refused.
 *
 * Throws `conflict` where the other place holds what this one does not, or where deliveries went on in another log already;
 * `unsupported` for a company whose bank or invoices lie in files beside its log; `busy` while somebody delivers or fetches.
 */
export async function copyCompany(company: Company, to: CompanyStores, options: CopyOptions): Promise<CompanyCopy> {
  const { stores } = company;
  refuseFilesBeside(company, to);
  const archives = await Promise.all([
    stores.openArchive(company, { create: false }),
    to.openArchive(company, { create: true }),
  ]);
  try {
    const copied = await copyArchive(...archives, options);
    return { ...to.placesOf(company), ...copied, ...(await copiedLog(company, to, options)) };
  } finally {
    for (const archive of archives) await archive.close();
  }
}

/** A company that was never connected has no log. */
async function copiedLog(company: Company, to: CompanyStores, options: CopyOptions): Promise<CopiedLog> {
  const log = await company.stores.openDeliveries(company, { create: false }).catch((error: unknown) => {
    if (isBilagError(error) && error.kind === 'not-found') return undefined;
    throw error;
  });
  if (log === undefined) return { rows: 0, runs: 0 };
  try {
    const copy = await to.openDeliveries(company, { create: true });
    try {
      return await copyLog(company.id, log, copy, options);
    } finally {
      await copy.close();
    }
  } finally {
    await log.close();
  }
}

/** What lies beside the log in files would be left behind, and the vouchers that come of it would go. */
function refuseFilesBeside(company: Company, to: CompanyStores): void {
  if (to === fileStores) return;
  for (const path of [bankRecordPath(company), invoiceRecordPath(company)]) {
    if (!existsSync(path)) continue;
    throw new BilagError('unsupported', {
      what: 'bank statements and invoices are kept in files, and only there',
      where: path,
      action: 'keep this company in files; nothing was copied',
    });
  }
}
