import { defineAdapter, type FileAdapter } from '@bilag/core';
import { csvConfig, type CsvConfig } from './config.ts';
import { toCsv } from './to-csv.ts';

export type { CsvConfig } from './config.ts';

/**
 * One row per posting, for spreadsheets and for programs that import CSV.
 *
 * @example
 * ```ts
 * import { csv } from '@bilag/csv';
 *
 * csv.id; // => 'csv'
 * ```
 */
export const csv: FileAdapter<CsvConfig> = defineAdapter<CsvConfig>({
  contract: 1,
  kind: 'file',
  id: 'csv',
  title: 'CSV for spreadsheets and importers',
  config: csvConfig,
  // VAT has rows of its own, so the amounts of a voucher add up to zero; gross amounts have a column of their own.
  vat: 'explicit',
  render: toCsv,
});
