export * from './contracts/adapter.ts';
export * from './money/amount.ts';
export * from './money/exact-number.ts';
export { accountNaming } from './policy/account-names.ts';
export * from './policy/chart.ts';
export * from './contracts/config-object.ts';
export * from './contracts/contract.ts';
export * from './errors.ts';
export * from './ledger/finding.ts';
export * from './ledger/first-balances.ts';
export * from './ledger/gathered-findings.ts';
export * from './policy/fiscal-year.ts';
export { entryId, factDate, factIdentity, isClosed, ledgerEntry } from './ledger/ledger.ts';
export type {
  AccountRead,
  BankLine,
  EntryFacts,
  LedgerAccount,
  LedgerDate,
  LedgerEntry,
  ProviderDocument,
} from './ledger/ledger.ts';
export type { SourceProfile } from './ledger/source-profile.ts';
export * from './policy/lock.ts';
export * from './named.ts';
export * from './quoted-name.ts';
export * from './money/plain-date.ts';
export * from './money/vat.ts';
export * from './voucher/text-beside-reference.ts';
export * from './voucher/voucher.ts';
export * from './policy/policy.ts';
export * from './policy/opening-balances.ts';
export * from './policy/policy-accounts.ts';
export * from './policy/sales-unit.ts';
export * from './policy/texts.ts';
export * from './booking/book.ts';
export * from './booking/booked-date.ts';
export type { OrderLinesLookUp, OriginalsLookUp } from './posting/originals.ts';
export type { BookedFact, FeesReading, OrderLine, Posting, PostingVat } from './posting/booked-fact.ts';
export { voucherKey, dateStem, keyDate, payoutStem, monthStem } from './voucher/voucher-key.ts';
export * from './ledger/weave.ts';
export * from './booking/prepare-book.ts';
export * from './contracts/credentials.ts';
export * from './contracts/service.ts';
export * from './contracts/source.ts';
export { afterWrite, isReference, receiptOf } from './delivery/after-write.ts';
export * from './delivery/delivery.ts';
export * from './delivery/delivery-rules.ts';
export * from './delivery/view-digest.ts';
export * from './voucher/plain-text-pdf.ts';
