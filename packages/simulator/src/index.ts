export * from './vipps/demo-merchants.ts';
export * from './vipps/example-days.ts';
export type { MerchantDate, V2Entry } from './vipps/ledger-dates.ts';
export type { AccountSummary, LedgerSummary, TypeTotal } from './vipps/ledger-summary.ts';
export { generateMerchant, summarise, summariseV1, toV1Rows, type Merchant, type V2Ledger } from './vipps/merchant.ts';
export {
  eventful,
  uneventful,
  type Features,
  type MerchantOptions,
  type PayoutFrequency,
  type PriceList,
  type SalesUnitOptions,
  type Settlement,
} from './vipps/merchant-options.ts';
export { closesAt, type SettlementCalendar } from './vipps/settlement-calendar.ts';
export type { TradeKind } from './vipps/trade-kinds.ts';
export { v1Text, type V1Date, type V1Row, type V1Summary } from './vipps/v1-rows.ts';
export type { MerchantKeys, PartnerKeys, SimulatorCredentials, TokenLifetimes } from './vipps/tokens.ts';
export { namedVippsFaults, type VippsEndpoint, type VippsFault, type VippsFaultAim } from './vipps/vipps-faults.ts';
export { startVippsSimulator, type VippsSimulator, type VippsSimulatorOptions } from './vipps/vipps-simulator.ts';
export type { PageRules } from './vipps/report-pages.ts';
export { startFikenSimulator, type FikenSimulator, type FikenSimulatorOptions } from './fiken/fiken-simulator.ts';
export type { FikenAccess, FikenCredentials, FikenTokenRules } from './fiken/fiken-access.ts';
export type { FikenCompany, FikenCompanyOptions } from './fiken/fiken-company.ts';
export type {
  FikenBankAccount,
  FikenBooks,
  FikenEntry,
  FikenFile,
  FikenSale,
  FikenTransaction,
} from './fiken/fiken-books.ts';
export type { FikenLine } from './fiken/fiken-journal.ts';
export type { FikenLocks } from './fiken/fiken-locks.ts';
export type { Pace } from './fiken/fiken-pace.ts';
export type { VatRounding } from './fiken/fiken-vat.ts';
export type { HeldAttachment, HeldPosting, HeldVoucher, TypedRow } from './tripletex/held-voucher.ts';
export type {
  ImportedSettlement,
  TripletexBackDoor,
  TripletexCompanyBackDoor,
  TypedVoucher,
} from './tripletex/tripletex-back-door.ts';
export { namedTripletexFaults, type TripletexEndpoint, type TripletexFaultAim } from './tripletex/tripletex-faults.ts';
export {
  defaultTripletexCompany,
  type TripletexAccountOptions,
  type TripletexCompanyOptions,
  type TripletexSimulatorOptions,
} from './tripletex/tripletex-options.ts';
export type { TripletexCredentials } from './tripletex/tripletex-sessions.ts';
export { startTripletexSimulator, type TripletexSimulator } from './tripletex/tripletex-simulator.ts';
export type {
  HeldLedgerLine,
  HeldLedgerVoucher,
  HeldTransaction,
  PowerOfficeVoucherType,
  TypedLedgerRow,
} from './poweroffice/held-ledger-voucher.ts';
export type { PowerOfficeAccess, PowerOfficeCredentials } from './poweroffice/poweroffice-access.ts';
export type {
  LedgerAlteration,
  PowerOfficeBackDoor,
  PowerOfficeClientBackDoor,
  TypedLedgerVoucher,
} from './poweroffice/poweroffice-back-door.ts';
export type { LedgerLineDraft } from './poweroffice/poweroffice-books.ts';
export type { PowerOfficeEndpoint, PowerOfficeFaultAim } from './poweroffice/poweroffice-faults.ts';
export {
  defaultPowerOfficeAccounts,
  defaultPowerOfficeClient,
  type PowerOfficeAccountOptions,
  type PowerOfficeClientOptions,
  type PowerOfficePrivilege,
  type PowerOfficeSimulatorOptions,
} from './poweroffice/poweroffice-options.ts';
export { startPowerOfficeSimulator, type PowerOfficeSimulator } from './poweroffice/poweroffice-simulator.ts';
