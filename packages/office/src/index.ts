export { discover, Looks, withConnectionsOf, type Discovery } from './discovery/discover.ts';
export {
  changesBetween,
  knownAfter,
  type KnownLedger,
  type LedgerChange,
  type SeenLedger,
} from './discovery/ledger-changes.ts';
export { companyNight, type CompanyNight, type CompanyTurn, type Rest, type SliceSize } from './night/company-night.ts';
export { night, type NightOptions, type NightProgress, type NightResult } from './night/night.ts';
export { openOffice } from './store/open-office.ts';
export { reasonsAfter } from './store/kept-reasons.ts';
export type {
  Act,
  CompaniesFilter,
  CompanyState,
  Confirmation,
  KeptChange,
  KeptReason,
  NightRun,
  OfficeStore,
  Reason,
  TopicState,
} from './store/office-store.ts';
