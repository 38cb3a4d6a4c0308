export { reportFiles } from './report/report-files.ts';
export type { Permission } from './server/page-options.ts';
export { startPage, type PageServer } from './server/start-page.ts';
export { officeOf } from './office.ts';
export type { Office } from './view.ts';
