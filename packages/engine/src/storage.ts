/**
 * What a store of one's own on SQLite stands on, as the archive and the delivery log do: a file for its owner alone, a schema
 * that is brought up to date, whole transactions, and storage troubles in Bilag's words.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { BilagError } from '@bilag/core';
 * import { durable, migrate, openOrMakeDatabase } from '@bilag/engine/storage';
 *
 * const refuse = (where: string) =>
 *   new BilagError('config', { what: 'this is another database', where, action: 'choose another file' });
 * const kind = { applicationId: 0x4e4f5445, migrations: ['CREATE TABLE note (text TEXT) STRICT'], newer: refuse, foreign: refuse };
 * const path = join(await mkdtemp(join(tmpdir(), 'notes-')), 'notes.sqlite');
 * const database = openOrMakeDatabase(path, durable, (opened) => migrate(opened, path, kind));
 * database.prepare('SELECT count(*) AS notes FROM note').get()?.['notes']; // => 0
 * database.close();
 * ```
 *
 * @module
 */
export { type DatabaseKind, durable, migrate, openKept, openOrMakeDatabase } from './storage/database.ts';
export { Commits } from './storage/commits.ts';
export { makePrivateFolder } from './storage/private-files.ts';
export { toStorageError } from './storage/storage-error.ts';
export {
  bankFilesThatHold,
  decisionTakenBack,
  noSuchFile,
  refuseDecided,
  refuseDecidedSince,
  refuseOtherBank,
} from './bank/bank-rules.ts';
export { invoiceTakenBack, refuseOtherInvoices, refuseRecorded } from './invoices/invoice-rules.ts';
export { closedDateChanged, currencyChanged } from './archive/archive-refusals.ts';
export { lastClosedOf, nextDateOf } from './archive/closed-dates.ts';
export { type HistoryPage, type KeptReading, otherHistory, readingsOf } from './archive/history.ts';
export { digestOf } from './archive/page-files.ts';
export { digestsIn, pagesToStore, type PageToStore, placeOf } from './archive/reading.ts';
export { startTimes } from './turns/start-times.ts';
export { factTaken, lostLease, otherLease, otherTarget } from './log/log-refusals.ts';
export type { ArchivedDate, PageFilter } from './archive/archive-queries.ts';
export type { ArchivedCheckpoint, ArchivedExtent, ArchivedLedger, StoredReading } from './archive/archive-store.ts';
export type { ArchiveVerification } from './archive/verify-archive.ts';
