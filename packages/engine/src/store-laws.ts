import type { ArchiveStore } from './archive/archive-store.ts';
import { pageLaws, progressLaws } from './store-laws/archive-laws.ts';
import { factLaws } from './store-laws/fact-laws.ts';
import { leaseLaws } from './store-laws/lease-laws.ts';
import type { BankRecord } from './bank/bank-record.ts';
import type { InvoiceRecord } from './invoices/invoice-record.ts';
import { bankRecordLaws, invoiceRecordLaws } from './store-laws/record-laws.ts';
import { rowLaws } from './store-laws/row-laws.ts';
import type { StoreLaw } from './store-laws/store-law.ts';

export {
  lawCompanies,
  mustEqual,
  mustHold,
  mustRefuse,
  withStores,
  type StoreLaw,
  type StorePlace,
} from './store-laws/store-law.ts';

/**
 * What every `DeliveryStore` must keep, for any test runner. A store of your own that breaks one of them may post a
 * voucher twice, or lose one. What they cannot see is what a disk or a server loses when it dies: a write must be durable
 * when it resolves.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { openDeliveryLog } from '@bilag/engine';
 * import { storeLaws } from '@bilag/engine/store-laws';
 *
 * const newPlace = async () => {
 *   const path = join(await mkdtemp(join(tmpdir(), 'log-')), 'delivery.sqlite');
 *   return { open: () => openDeliveryLog(path) };
 * };
 * // In a test file: for (const law of storeLaws) test(law.sentence, () => law.prove(newPlace));
 * const [law] = storeLaws;
 * await law?.prove(newPlace);
 * law?.id; // => 'as-saved'
 * ```
 */
export const storeLaws: readonly StoreLaw[] = [...rowLaws, ...factLaws, ...leaseLaws];

/**
 * What every `ArchiveStore` must keep, in the same way. A store of your own that breaks one may lose what a provider said,
 * or go on behind a date that is missing.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { openArchive } from '@bilag/engine';
 * import { archiveLaws } from '@bilag/engine/store-laws';
 *
 * const newPlace = async () => {
 *   const folder = await mkdtemp(join(tmpdir(), 'archive-'));
 *   return { open: () => openArchive(folder) };
 * };
 * const [law] = archiveLaws;
 * await law?.prove(newPlace);
 * law?.id; // => 'as-received'
 * ```
 */
export const archiveLaws: readonly StoreLaw<ArchiveStore>[] = [...pageLaws, ...progressLaws];

/** What every `BankRecord` must keep, in the same way. One of your own that breaks them may lose a payout's arrival, or book it twice. */
export const bankLaws: readonly StoreLaw<BankRecord>[] = bankRecordLaws;

/** What every `InvoiceRecord` must keep, in the same way. One of your own that breaks them may book a provider's invoice twice. */
export const invoiceLaws: readonly StoreLaw<InvoiceRecord>[] = invoiceRecordLaws;
