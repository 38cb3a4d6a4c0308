export type { ArchivedCheckpoint, ArchivedLedger, ArchiveStore } from './archive/archive-store.ts';
export * from './archive/archive.ts';
export type { KeptReading } from './archive/history.ts';
export { type ExportRecord, openExportRecord } from './output/export-record.ts';
export {
  type BankDecision,
  type BankHistory,
  type BankRecord,
  type KeptBankFile,
  openBankRecord,
} from './bank/bank-record.ts';
export {
  type FeeInvoice,
  type InvoiceRecord,
  openInvoiceRecord,
  type RecordedInvoice,
  type Settlement,
} from './invoices/invoice-record.ts';
export { type WrittenFile, writeOutputSet } from './output/output-set.ts';
export {
  type RowHead,
  type RowPlace,
  type RunPart,
  type DeliveryRow,
  type RowFilter,
  type Lease,
  type LeaseRequest,
  type LogPast,
  type RunRow,
  type KeptFinding,
  type PinnedTarget,
  type DeliveryStore,
  holdingStates,
} from './log/delivery-store.ts';
export { openDeliveryLog } from './log/delivery-log.ts';
export { BusyLease, refuseHeldLease } from './log/lease-rules.ts';
export type {
  DeliveryContext,
  DeliveryWait,
  DeliveryOutcome,
  DeliveryResult,
  AttachmentSource,
} from './delivery/delivery-run.ts';
export { type PlanItem, type Plan, type HeldDate, plan, waitsForPerson } from './planning/plan.ts';
export type { PlanCheckpoint, SettledBooks } from './planning/settled-books.ts';
export * from './delivery/apply.ts';
export * from './delivery/undo.ts';
export * from './delivery/hold.ts';
export * from './delivery/verify.ts';
export * from './delivery/rebuild.ts';
export { foreignPostings } from './writing/revenue-guard.ts';
export * from './delivery/settle.ts';
export * from './archive/source-attachment.ts';
export { toStorageError } from './storage/storage-error.ts';
export { openVoucherSpool } from './spool/voucher-spool.ts';
export * from './system-clock.ts';
export { createTurnstile } from './turns/turnstile.ts';
export { encryptedCredentials } from './credentials/encrypted-credentials.ts';
export * from './credentials/environment-credentials.ts';
