export * from './demo-merchants.ts';
export * from './example-days.ts';
export type { MerchantDate, V2Entry } from './ledger-dates.ts';
export type { AccountSummary, LedgerSummary, TypeTotal } from './ledger-summary.ts';
export { generateMerchant, summarise, summariseV1, toV1Rows, type Merchant, type V2Ledger } from './merchant.ts';
export {
  eventful,
  uneventful,
  type Features,
  type MerchantOptions,
  type PayoutFrequency,
  type PriceList,
  type SalesUnitOptions,
  type Settlement,
} from './merchant-options.ts';
export { closesAt, type SettlementCalendar } from './settlement-calendar.ts';
export type { TradeKind } from './trade-kinds.ts';
export { v1Text, type V1Date, type V1Row, type V1Summary } from './v1-rows.ts';
export type { MerchantKeys, PartnerKeys, SimulatorCredentials, TokenLifetimes } from './tokens.ts';
export { namedVippsFaults, type VippsEndpoint, type VippsFault, type VippsFaultAim } from './vipps-faults.ts';
export { startVippsSimulator, type VippsSimulator, type VippsSimulatorOptions } from './vipps-simulator.ts';
export type { PageRules } from './report-pages.ts';
export { vippsSimulation } from './simulation.ts';
