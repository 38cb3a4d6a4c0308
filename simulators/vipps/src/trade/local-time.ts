import { addDays, dayOf, monthOf, yearOf, type Market, type PlainDate } from '@bilag/core';

/** Microseconds since 1970 in UTC: the precision the Report API shows. Exact in a number until the year 2255. */
export type Instant = number;

export const secondUs = 1_000_000;
export const hourUs: number = 3600 * secondUs;

/** When a ledger date starts: at the cut-off hour, local time of the market. */
export function startOf(date: PlainDate, market: Market, cutoffHour: number): Instant {
  const asUtcMs = Date.UTC(yearOf(date), monthOf(date) - 1, dayOf(date), cutoffHour);
  const standardMs = asUtcMs - standardHours[market] * 3_600_000;
  return (isSummerTime(standardMs) ? standardMs - 3_600_000 : standardMs) * 1000;
}

/** When a ledger date ends, which is when the next one starts. */
export function endOf(date: PlainDate, market: Market, cutoffHour: number): Instant {
  return startOf(addDays(date, 1), market, cutoffHour);
}

/** Such as `2026-07-01T14:33:00.824993Z`. */
export function utcText(instant: Instant): string {
  return `${new Date(Math.floor(instant / 1000)).toISOString().slice(0, 23)}${microseconds(instant)}Z`;
}

/** Such as `2026-07-01T16:33:00.824993+0200`: no colon in the offset, as the first version of the Report API wrote it. */
export function localText(instant: Instant, market: Market): string {
  const utcMs = Math.floor(instant / 1000);
  const hours = standardHours[market] + (isSummerTime(utcMs) ? 1 : 0);
  const local = new Date(utcMs + hours * 3_600_000).toISOString().slice(0, 23);
  return `${local}${microseconds(instant)}+0${hours}00`;
}

const standardHours: Readonly<Record<Market, number>> = { NO: 1, DK: 1, SE: 1, FI: 2 };

/** Directive 2000/84/EC: from the last Sunday of March to the last Sunday of October, at 01:00 UTC. */
function isSummerTime(utcMs: number): boolean {
  const year = new Date(utcMs).getUTCFullYear();
  return utcMs >= lastSunday(year, 2) && utcMs < lastSunday(year, 9);
}

function lastSunday(year: number, monthIndex: number): number {
  const lastDayMs = Date.UTC(year, monthIndex, 31, 1);
  return lastDayMs - new Date(lastDayMs).getUTCDay() * 86_400_000;
}

function microseconds(instant: Instant): string {
  return String(instant % 1000).padStart(3, '0');
}
