export type { VippsClientOptions } from './api.ts';
export { type VippsClient, createVippsClient } from './client.ts';
export type { VippsConfig } from './config.ts';
export {
  type VippsCredentials,
  type VippsSystem,
  systemHeaders,
  checkCredentials,
  secretsOf,
  keyHeaders,
  createTokenSource,
} from './credentials.ts';
export { type V1Format, toEntriesV1 } from './entries-v1.ts';
export { toEntriesV2 } from './entries-v2.ts';
export * from './errors.ts';
export {
  ledgerDateFromPages,
  ledgerDatesFromPages,
  ledgerDatesFromV1,
  ledgerDatesFromV2,
  toLedgerDate,
} from './ledger-dates.ts';
export { type VippsLedger, parseLedgersPage } from './ledgers.ts';
export { parseDatesPage, parseFeedPage, parseV1Page } from './pages.ts';
export { vippsProfile } from './profile.ts';
export { type ReadLedgerOptions, readLedger } from './read-ledger.ts';
export type { ReadingBounds } from './reading-bounds.ts';
export * from './recipient-handle.ts';
export { v1Files, vipps } from './source.ts';
export { readV1File, type V1File, readV1Files } from './v1-file.ts';
