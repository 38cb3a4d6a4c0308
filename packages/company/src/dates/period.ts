import {
  addDays,
  BilagError,
  isPlainDate,
  lastDayOfMonth,
  plainDate,
  type Market,
  type PlainDate,
  quotedName,
} from '@bilag/core';

/** A first and a last day, both included. */
export interface Period {
  readonly from: PlainDate;
  readonly to: PlainDate;
}

/**
 * Reads a period: `2026`, `2026-Q3`, `2026-07` or `2026-07-01`. With an accounting year that does not start in January, a
 * year is the one named after the calendar year it ends in, and quarters are calendar quarters all the same.
 *
 * @example
 * ```ts
 * import { parsePeriod } from '@bilag/company';
 *
 * parsePeriod('2026-Q3'); // => { from: '2026-07-01', to: '2026-09-30' }
 * ```
 */
export function parsePeriod(text: string, fiscalYearStartMonth = 1): Period {
  const [, year = '', quarter, month] = /^(\d{4})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?$/i.exec(text) ?? [];
  if (quarter !== undefined) return monthsFrom(Number(year), Number(quarter) * 3 - 2, 3);
  if (month !== undefined) return monthsFrom(Number(year), Number(month), 1);
  if (year !== '')
    return monthsFrom(fiscalYearStartMonth === 1 ? Number(year) : Number(year) - 1, fiscalYearStartMonth, 12);
  if (isPlainDate(text)) return { from: text, to: text };
  throw new BilagError('config', {
    what: `${quotedName(text)} is not a period`,
    where: '--period',
    action: 'write a year (2026), a quarter (2026-Q3), a month (2026-07) or a day (2026-07-01)',
  });
}

function monthsFrom(year: number, month: number, count: number): Period {
  const last = month + count - 1;
  return {
    from: firstOf(year, month),
    to: lastDayOfMonth(firstOf(year + Math.floor((last - 1) / 12), ((last - 1) % 12) + 1)),
  };
}

function firstOf(year: number, month: number): PlainDate {
  return plainDate(`${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-01`);
}

/** Reads a date given as an argument. */
export function parseDate(text: string, option: string): PlainDate {
  if (isPlainDate(text)) return text;
  throw new BilagError('config', {
    what: `${quotedName(text)} is not a date`,
    where: option,
    action: 'write an existing day as YYYY-MM-DD, such as 2026-01-31',
  });
}

/** Refuses a range that ends before it begins. */
export function checkRange(from: PlainDate, to: PlainDate, options = '--from and --to'): void {
  if (from <= to) return;
  throw new BilagError('config', {
    what: `the range ends (${to}) before it begins (${from})`,
    where: options,
    action: 'give the earlier date first; nothing was done',
  });
}

/** Where each market's clocks stand. */
const timeZones: Readonly<Record<Market, string>> = {
  NO: 'Europe/Oslo',
  DK: 'Europe/Copenhagen',
  SE: 'Europe/Stockholm',
  FI: 'Europe/Helsinki',
};

/** The calendar date of a moment in a market. */
export function dateIn(market: Market, moment: Date): PlainDate {
  // All of them are one to three hours ahead. What knows the hour to the minute takes 20 ms to load.
  if (moment.getUTCHours() < 21) return plainDate(moment.toISOString().slice(0, 10));
  let format = formats.get(market);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: timeZones[market], dateStyle: 'short' });
    formats.set(market, format);
  }
  return plainDate(format.format(moment));
}

/** To make one takes a hundred times as long as to use it. */
const formats = new Map<Market, Intl.DateTimeFormat>();

/** The last ledger date that has surely ended: cut-offs may be as late as some hours after midnight. */
export function lastEndedDate(market: Market, now: Date): PlainDate {
  return addDays(dateIn(market, new Date(now.getTime() - cutoffMarginMs)), -1);
}

const cutoffMarginMs = 6 * 60 * 60 * 1000;
