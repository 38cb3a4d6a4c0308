import { fiscalYearStart, lastDayOfMonth, monthOf, yearOf, type PlainDate } from '@bilag/core';

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

/** The first and last day of the month a date is in. */
export function monthAround(date: PlainDate): { readonly from: PlainDate; readonly to: PlainDate } {
  return { from: `${date.slice(0, 8)}01` as PlainDate, to: lastDayOfMonth(date) };
}

function yearNameOf(date: PlainDate, { startMonth, namedBy }: FiscalYear): number {
  const startYear = yearOf(fiscalYearStart(date, startMonth));
  return startMonth === 1 || namedBy === 'start' ? startYear : startYear + 1;
}
