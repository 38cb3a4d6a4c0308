export type { VippsClientOptions } from './api.ts';
export * from './client.ts';
export type { VippsConfig } from './config.ts';
export * from './credentials.ts';
export * from './entries-v1.ts';
export * from './entries-v2.ts';
export * from './errors.ts';
export {
  ledgerDateFromPages,
  ledgerDatesFromPages,
  ledgerDatesFromV1,
  ledgerDatesFromV2,
  toLedgerDate,
  type DateParts,
  type LedgerDatesV1Options,
  type LedgerItemsV2,
  type PagesOptions,
} from './ledger-dates.ts';
export * from './ledgers.ts';
export * from './pages.ts';
export { vippsProfile } from './profile.ts';
export * from './read-ledger.ts';
export type { ReadingBounds } from './reading-bounds.ts';
export * from './recipient-handle.ts';
export { v1Files, vipps } from './source.ts';
export * from './v1-file.ts';
