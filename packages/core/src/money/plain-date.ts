import { UTCDateMini } from '@date-fns/utc/date/mini';
// By their own names: all of date-fns would take longer to load than core.
import { addDays as addDaysTo } from 'date-fns/addDays';
import { lastDayOfMonth as lastDayOfMonthOf } from 'date-fns/lastDayOfMonth';
import { BilagError } from '../errors.ts';

declare const plainDateBrand: unique symbol;

/**
 * A calendar date such as `2026-01-31`. Never a `Date`, never derived from a timestamp: ledger dates may be cut off at
 * 04:00, so the two differ (see the Report API guide on ledger dates). Two plain dates compare with `<`.
 */
export type PlainDate = string & { readonly [plainDateBrand]: 'PlainDate' };

/**
 * Makes a plain date of text, or throws: the form must be `YYYY-MM-DD` and the day must exist.
 *
 * @example
 * ```ts
 * import { plainDate } from '@bilag/core';
 *
 * plainDate('2028-02-29'); // => '2028-02-29'
 * ```
 */
export function plainDate(text: string): PlainDate {
  if (!isPlainDate(text)) {
    throw new BilagError('rejected', {
      what: `"${text.slice(0, 40)}" is not a date`,
      where: 'plainDate()',
      action: 'write an existing day as YYYY-MM-DD, such as 2026-01-31',
    });
  }
  return text;
}

/** Whether text is an existing day written `YYYY-MM-DD`. */
export function isPlainDate(text: string): text is PlainDate {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8));
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(Number(text.slice(0, 4)), month);
}

/** The date a number of days later (earlier when negative). */
export function addDays(date: PlainDate, days: number): PlainDate {
  return fromUtc(addDaysTo(new UTCDateMini(date), days));
}

/** Every date from the first to the last, both included. */
export function* datesBetween(first: PlainDate, last: PlainDate): Generator<PlainDate> {
  for (let date = first; date <= last; date = addDays(date, 1)) yield date;
}

/** The last day of the date's month. */
export function lastDayOfMonth(date: PlainDate): PlainDate {
  return fromUtc(lastDayOfMonthOf(new UTCDateMini(date)));
}

/** The year, 2026 of `2026-01-31`. */
export function yearOf(date: PlainDate): number {
  return Number(date.slice(0, 4));
}

/** The month, 1 to 12. */
export function monthOf(date: PlainDate): number {
  return Number(date.slice(5, 7));
}

/** The day of the month, 1 to 31. */
export function dayOf(date: PlainDate): number {
  return Number(date.slice(8));
}

/** A day of the calendar has no zone: in some, days were skipped or begin at one o'clock. */
function fromUtc(date: Date): PlainDate {
  return date.toISOString().slice(0, 10) as PlainDate;
}

/** By hand, because every entry's date is checked: date-fns takes ten times as long, most of it to make a date. */
function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
