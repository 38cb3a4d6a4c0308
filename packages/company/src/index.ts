export { type BooksSummary, type LedgerOfBooks, type TrialBalanceLine } from './books/books-summary.ts';
export { previewBooks, type PreviewOptions } from './books/preview-books.ts';
export {
  checkCompany,
  defineConfig,
  type Companies,
  type Company,
  type CompanyInput,
  type CompanyPlace,
  type Config,
  type CredentialFile,
  type Target,
} from './config/company.ts';
export type { CompanySource, SourceInput } from './config/source.ts';
export { credentialsFor } from './config/credential-store.ts';
export {
  loadAdapter,
  loadFileTarget,
  loadServiceTarget,
  loadTarget,
  type LoadedTarget,
} from './config/load-adapter.ts';
export type { OwnPackages } from './config/import-from.ts';
export { hasConfig, loadConfig, type LoadedConfig } from './config/load-config.ts';
export { withCompanyDates, type CompanyDates, type DateSource } from './dates/company-dates.ts';
export { checkRange, dateIn, parseDate, parsePeriod, type Period } from './dates/period.ts';
export { checkTarget, type CheckedPlace, type CheckedTarget } from './target/check-target.ts';
export {
  withConnection,
  withLog,
  type ConnectionOptions,
  type DeliveryConnection,
} from './delivery/delivery-connection.ts';
export { isRunning, leaseState, type LeaseState } from './delivery/lease-state.ts';
export { planCompany, type CompanyPlan, type PlanOptions } from './delivery/plan-company.ts';
export { accountsToSend, plannedVoucher, type PlannedLine } from './delivery/plan-lines.ts';
export { sourceDataOf } from './delivery/source-data.ts';
export { checkFiles, type Checker, type ChosenFile } from './export/check-files.ts';
export { refuseContainer } from './export/checked-file.ts';
export { exportCompany, type ExportedCompany, type ExportOptions } from './export/export-company.ts';
export { fetchCompany, type FetchedLedger, type FetchFailure, type FetchOptions } from './fetch/fetch-company.ts';
export { SourceConnections } from './fetch/source-connections.ts';
export { OpenCompany, openCompany, type OpenOptions } from './open-company.ts';
export type { ConnectedTarget } from './target/connect-target.ts';
export { OpenTarget, type Delivered } from './delivery/open-target.ts';
export type { AskedUndo } from './delivery/undo-choice.ts';
export type { ProposedOpening } from './fetch/propose-openings.ts';
export type { Surroundings } from './surroundings.ts';
