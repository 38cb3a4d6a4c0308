export { formatOf, type Format } from './format.ts';
export { reportFiles, type ReportOptions } from './report/report-files.ts';
export type { PageOptions, Permission } from './server/page-options.ts';
export { startPage, type PageServer, type ServerOptions } from './server/start-page.ts';
export { officeOf, type OfficeParts } from './office.ts';
export type { Office } from './view.ts';
