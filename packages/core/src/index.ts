export * from './contracts/adapter.ts';
export * from './money/amount.ts';
export * from './money/exact-number.ts';
export { accountNaming } from './policy/account-names.ts';
export { type AccountRole, markets, type Market, chartPresets } from './policy/chart.ts';
export * from './contracts/config-object.ts';
export { configProblem } from './contracts/config-problem.ts';
export {
  contractVersion,
  type ConfigSchema,
  type VoucherShape,
  type BookCompany,
  type BookAccount,
  type BookVatCode,
  type BookDimension,
  type BookParty,
  type Book,
} from './contracts/contract.ts';
export * from './errors.ts';
export * from './ledger/finding.ts';
export * from './ledger/first-balances.ts';
export * from './ledger/gathered-findings.ts';
export * from './policy/fiscal-year.ts';
export { currentType, entryId, factDate, factIdentity, isClosed, ledgerEntry } from './ledger/ledger.ts';
export { payoutNumber } from './posting/payouts.ts';
export { entriesNotIn } from './ledger/same-facts.ts';
export type {
  AccountRead,
  BankLine,
  EntryFacts,
  LedgerAccount,
  LedgerDate,
  LedgerEntry,
  ProviderDocument,
} from './ledger/ledger.ts';
export type { PayoutHabits, SourceProfile } from './ledger/source-profile.ts';
export * from './policy/lock.ts';
export { named } from './named.ts';
export * from './quoted-name.ts';
export * from './money/plain-date.ts';
export { containedVat, addedVat } from './money/vat.ts';
export * from './voucher/text-beside-reference.ts';
export {
  type DocumentKind,
  type LineVat,
  type LineParty,
  type JournalLine,
  type Voucher,
  type VoucherParts,
  createVoucher,
  voucherReference,
  digestOf,
  type VatView,
  type ViewedLine,
  linesOf,
  debitOf,
} from './voucher/voucher.ts';
export {
  type FeeVat,
  type SalesUnitPolicy,
  type PolicyVersion,
  type Policy,
  type PolicyInput,
  definePolicy,
  accountsOf,
} from './policy/policy.ts';
export { openingBalances } from './policy/opening-balances.ts';
export { supplierAccounts } from './policy/policy-accounts.ts';
export * from './policy/sales-unit.ts';
export { fillTemplate, languages, type Language } from './policy/texts.ts';
export * from './booking/book.ts';
export { checkpointFit, type BookCheckpoint } from './booking/checkpoint.ts';
export { type LedgerBalances, type LedgerTotals, type BookedDate, isDeliverable } from './booking/booked-date.ts';
export type { OrderLinesLookUp, OriginalsLookUp } from './posting/originals.ts';
export type { OrderLine } from './posting/booked-fact.ts';
export { versionOn } from './policy/policy.ts';
export { keyDate } from './voucher/voucher-key.ts';
export { weaveFacts } from './ledger/weave.ts';
export { prepareBook, type BookOpening } from './booking/prepare-book.ts';
export * from './contracts/credentials.ts';
export {
  isLiveVoucher,
  type Dedupe,
  type ServiceLimits,
  type ServiceContext,
  type BeforeWrite,
  type CompanyInfo,
  type ServiceAccount,
  type ServiceChart,
  type PostedLine,
  type Posted,
  type Receipt,
  type Attachment,
  type Service,
  type SearchableService,
  type ServiceAdapter,
} from './contracts/service.ts';
export {
  rawPagesOf,
  defineSource,
  type RawPage,
  type Reading,
  type SourceCursor,
  type SourceLedger,
  type DateToRead,
  type FeedPage,
  type FeedToFollow,
  type ReadDate,
  type SourceContext,
  type SourceConnection,
  type SalesScope,
  type SourceScope,
  type ToldSale,
  type SourceApi,
  type FileHead,
  type SourceFile,
  type SourceFiles,
  type FileToImport,
  type FileReading,
  type ImportContext,
  type PersonalData,
  type SourceImports,
  fileTopic,
  isFromFile,
  type Source,
} from './contracts/source.ts';
export { voucherTexts } from './contracts/voucher-texts.ts';
export { unitOf } from './posting/sale-posting.ts';
export { afterWrite, isReference, receiptOf } from './delivery/after-write.ts';
export * from './delivery/delivery.ts';
export {
  type DeliveryEnd,
  consequences,
  endOfState,
  worstEnd,
  type DeliveryRules,
  deliveryRules,
  provesNoAbsence,
} from './delivery/delivery-rules.ts';
export { viewDigest, expectedLines, expectedDigest } from './delivery/view-digest.ts';
export type { VoucherSpool } from './voucher/voucher-spool.ts';
export { plainTextPdf } from './voucher/plain-text-pdf.ts';
export { encodeWindows1252, isWindows1252, toWindows1252Text } from './voucher/windows-1252.ts';
