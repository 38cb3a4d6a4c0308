export type { VippsClientOptions } from './api/api.ts';
export { type VippsClient, createVippsClient } from './api/client.ts';
export type { VippsConfig } from './config.ts';
export {
  type VippsCredentials,
  type VippsSystem,
  systemHeaders,
  checkCredentials,
  secretsOf,
  keyHeaders,
  createTokenSource,
} from './api/credentials.ts';
export { type V1Format, toEntriesV1 } from './entries/entries-v1.ts';
export { toEntriesV2 } from './entries/entries-v2.ts';
export * from './api/errors.ts';
export {
  ledgerDateFromPages,
  ledgerDatesFromPages,
  ledgerDatesFromV1,
  ledgerDatesFromV2,
  toLedgerDate,
} from './entries/ledger-dates.ts';
export { type VippsLedger, parseLedgersPage } from './api/ledgers.ts';
export { parseDatesPage, parseFeedPage, parseV1Page } from './api/pages.ts';
export { vippsProfile } from './profile.ts';
export { type ReadLedgerOptions, readLedger } from './api/read-ledger.ts';
export type { ReadingBounds } from './api/reading-bounds.ts';
export * from './entries/recipient-handle.ts';
export { v1Files, vipps } from './source.ts';
export { readV1File, type V1File, readV1Files } from './entries/v1-file.ts';
