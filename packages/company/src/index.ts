export type { AdoptDifference } from './adopt/compare-lines.ts';
export type { Adoption, ProposedCutOver } from './adopt/adopt-company.ts';
export type { BooksFile } from './adopt/existing-books.ts';
export type { CompanyBank } from './bank/company-bank.ts';
export { lineName } from './bank/decide.ts';
export type { BooksSummary, LedgerOfBooks } from './books/books-summary.ts';
export {
  checkCompany,
  defineConfig,
  type Companies,
  type Company,
  type CompanyInput,
  type Config,
  type Target,
} from './config/company.ts';
export { settingMarks } from './config/setting-marks.ts';
export type { SourceInput } from './config/source.ts';
export { credentialsFor } from './config/credential-store.ts';
export { loadTarget } from './config/load-adapter.ts';
export type { OwnPackages } from './config/import-from.ts';
export { loadConfig, type LoadedConfig } from './config/load-config.ts';
export { checkRange, dateIn, parseDate, parsePeriod, type Period } from './dates/period.ts';
export { type LogStatus, writesOf } from './delivery/company-status.ts';
export { connectedTargets } from './delivery/delivery-connection.ts';
export type { CompanyPlan, PlanOptions, Standing } from './delivery/plan-company.ts';
export { accountsToSend, plannedVoucher, type PlannedLine } from './delivery/plan-lines.ts';
export type { Explained } from './explain/explained.ts';
export type { Replay } from './explain/replay-company.ts';
export type { ExportedCompany } from './export/export-company.ts';
export type { ComparedFees } from './fees/compare-fees.ts';
export type { FetchedLedger } from './fetch/fetch-company.ts';
export type { LedgerProgress } from './fetch/ledger-progress.ts';
export { SourceConnections } from './fetch/source-connections.ts';
export type { ImportResult } from './import/import-files.ts';
export {
  countPersonalData,
  findPersonalData,
  removePersonalData,
  type KeptPersonalData,
  type PersonalDataCount,
} from './import/personal-data.ts';
export type { OrderReport } from './orders/match-company.ts';
export type { MatchedOrder, OrderOutcome } from './orders/order.ts';
export type { OrderColumns } from './orders/order-rows.ts';
export { readOrders } from './orders/read-orders.ts';
export { OpenCompany, openCompany } from './open-company.ts';
export type { ConnectedTarget } from './target/connect-target.ts';
export { OpenTarget, type Delivered } from './delivery/open-target.ts';
export type { AskedUndo } from './delivery/undo-choice.ts';
export type { CompanyPayout, PayoutDay } from './payouts/company-payouts.ts';
export type { FundsKind } from './proof/ledger-book.ts';
export type { ProposedOpening } from './fetch/propose-openings.ts';
export { proofPage } from './proof/page/proof-page.ts';
export type { BalancePoint, Proof, ProofLine, ProofRow, ProofTable } from './proof/proof.ts';
export { copyCompany } from './copy/copy-company.ts';
export { fileStores, type CompanyStores } from './stores.ts';
export type { Surroundings } from './surroundings.ts';
