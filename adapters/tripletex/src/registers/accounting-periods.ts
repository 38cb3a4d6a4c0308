import { addDays, type PlainDate } from '@bilag/core';
import type { TripletexPeriod } from '../replies.ts';

/** Whether a date lies in a period that is closed. */
export function isClosed(date: PlainDate, periods: readonly TripletexPeriod[]): boolean {
  return periods.some((period) => period.isClosed === true && date >= period.start && date <= lastDayOf(period));
}

/** The last day of the closed periods that have no open one before them; undefined when the first is open. */
export function lockedThrough(periods: readonly TripletexPeriod[]): PlainDate | undefined {
  let last: PlainDate | undefined;
  for (const period of periods.toSorted((a, b) => (a.start < b.start ? -1 : 1))) {
    if (period.isClosed !== true) break;
    last = lastDayOf(period);
  }
  return last;
}

/** Date ranges end before their last date in Tripletex; a period that ends on the first of a month does too. */
function lastDayOf({ end }: TripletexPeriod): PlainDate {
  return end.endsWith('-01') ? addDays(end, -1) : end;
}
