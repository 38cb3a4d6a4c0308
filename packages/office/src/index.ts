export { discover, Looks, withConnectionsOf } from './discovery/discover.ts';
export { changesBetween, knownAfter, type KnownLedger, type SeenLedger } from './discovery/ledger-changes.ts';
export { companyNight, type Rest, type SliceSize } from './night/company-night.ts';
export { night, type NightResult } from './night/night.ts';
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
} from './store/office-store.ts';
