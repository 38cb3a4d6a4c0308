import { monthOf, yearOf, lastDayOfMonth, type PlainDate } from '@bilag/core';

/** How the company counts its accounting periods. */
export interface FiscalYear {
  /** 1 to 12; 1 is the calendar year. */
  readonly startMonth: number;
  /** The calendar year a deviating year is named after. */
  readonly namedBy: 'start' | 'end';
}

/** An accounting period: a month, counted from the start of the accounting year. */
export interface Period {
  readonly year: number;
  readonly number: number;
}

/** The accounting period of a date. */
export function periodOf(date: PlainDate, fiscalYear: FiscalYear): Period {
  const number = ((monthOf(date) - fiscalYear.startMonth + 12) % 12) + 1;
  return { year: yearNameOf(date, fiscalYear), number };
}

/** The first day of the accounting year a date is in. */
export function fiscalYearStart(date: PlainDate, fiscalYear: FiscalYear): PlainDate {
  return `${startYearOf(date, fiscalYear)}-${String(fiscalYear.startMonth).padStart(2, '0')}-01` as PlainDate;
}

/** The first and last day of the month a date is in. */
export function monthAround(date: PlainDate): { readonly from: PlainDate; readonly to: PlainDate } {
  return { from: `${date.slice(0, 8)}01` as PlainDate, to: lastDayOfMonth(date) };
}

function startYearOf(date: PlainDate, { startMonth }: FiscalYear): number {
  return monthOf(date) >= startMonth ? yearOf(date) : yearOf(date) - 1;
}

function yearNameOf(date: PlainDate, fiscalYear: FiscalYear): number {
  const startYear = startYearOf(date, fiscalYear);
  return fiscalYear.startMonth === 1 || fiscalYear.namedBy === 'start' ? startYear : startYear + 1;
}
