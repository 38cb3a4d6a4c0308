export {
  checkCompany,
  defineConfig,
  type Companies,
  type Company,
  type CompanyInput,
  type Config,
  type CredentialFile,
  type Source,
  type Target,
  type V1FilesSource,
  type VippsSource,
} from './config/company.ts';
export { loadConfig, type LoadedConfig } from './config/load-config.ts';
export { loadFileTarget, loadServiceTarget, loadTarget, type LoadedTarget } from './config/load-adapter.ts';
export { credentialsFor } from './config/credential-store.ts';
export { VippsClients, type StoreOf } from './books/vipps-clients.ts';
export { fetchCompany, type FetchedLedger, type FetchFailure, type FetchOptions } from './books/fetch-company.ts';
export { withCompanyDates, type CompanyDates, type DateSource } from './books/company-dates.ts';
export { previewBooks, type PreviewOptions } from './books/preview-books.ts';
export { exportCompany, type ExportedCompany, type ExportOptions } from './books/export-company.ts';
export { checkTarget, type CheckedPlace, type CheckedTarget } from './delivery/check-target.ts';
export { withConnection, type ConnectionOptions, type DeliveryConnection } from './delivery/delivery-connection.ts';
export { planCompany, type CompanyPlan, type PlanOptions } from './delivery/plan-company.ts';
export { sourceDataOf } from './delivery/source-data.ts';
export type { BooksSummary, LedgerOfBooks, TrialBalanceLine } from './books/books-summary.ts';
export { parsePeriod, type Period } from './books/period.ts';
export { toTable, type Column } from './output/table.ts';
export { exitCodes, type ExitCode } from './exit-codes.ts';
export { run } from './run.ts';
export type { TextStream, World } from './world.ts';
