import type { BookCompany } from '../contracts/contract.ts';
import { BilagError } from '../errors.ts';
import { monthOf, yearOf, type PlainDate } from '../money/plain-date.ts';

/**
 * The first day of the accounting year that a date is in.
 *
 * @example
 * ```ts
 * import { fiscalYearStart, plainDate } from '@bilag/core';
 *
 * fiscalYearStart(plainDate('2026-03-31'), 7); // => '2025-07-01'
 * ```
 */
export function fiscalYearStart(date: PlainDate, startMonth: number): PlainDate {
  const year = monthOf(date) >= startMonth ? yearOf(date) : yearOf(date) - 1;
  return `${String(year).padStart(4, '0')}-${String(startMonth).padStart(2, '0')}-01` as PlainDate;
}

/**
 * The month in which the company's accounting year begins, for an adapter whose config may say it too; undefined where
 * neither does. Throws `config` where the two differ: the file would count its periods from another month than the books
 * count their results.
 */
export function fiscalYearStartMonthOf(company: BookCompany, configured: number | undefined): number | undefined {
  const own = company.fiscalYearStartMonth;
  if (own === undefined || configured === undefined || own === configured) return own ?? configured;
  throw new BilagError('config', {
    what: `the accounting year begins in month ${own} for the company, and in month ${configured} for this target`,
    where: 'fiscalYearStartMonth',
    action: "write it once, in the company, and leave it out of the target's config; nothing was written",
  });
}
