import { addDays, dayOf, lastDayOfMonth, type Market, type PlainDate } from '@bilag/core';
import { endOf, secondUs, type Instant } from './local-time.ts';
import type { PayoutFrequency } from '../merchant/merchant-options.ts';
import { weekdayIndex } from './trade-kinds.ts';

/** How a ledger's dates are cut and paid out. */
export interface SettlementCalendar {
  readonly market: Market;
  readonly cutoffHour: number;
  readonly payouts: PayoutFrequency;
}

/** The last ledger date of the payout that covers a date: itself, its Sunday or its month's last day. */
export function lastDateOfPayout(date: PlainDate, payouts: PayoutFrequency): PlainDate {
  if (payouts === 'daily') return date;
  return payouts === 'weekly' ? addDays(date, 6 - weekdayIndex(date)) : lastDayOfMonth(date);
}

/** Whether a date ends in a payout: daily, before a Monday, before the first of a month. */
export function paysOut(date: PlainDate, payouts: PayoutFrequency): boolean {
  return lastDateOfPayout(date, payouts) === date;
}

/** Whether a date is the last of its month. */
export function endsMonth(date: PlainDate): boolean {
  return dayOf(addDays(date, 1)) === 1;
}

/** When a date's retained fees and payout are entered: ten minutes into the next date, as merchants' reports show. */
export function settledAt(date: PlainDate, { market, cutoffHour }: SettlementCalendar): Instant {
  return endOf(date, market, cutoffHour) + settlementDelayUs;
}

/** When a date closes: when the payout that covers it has been entered. */
export function closesAt(date: PlainDate, calendar: SettlementCalendar): Instant {
  return settledAt(lastDateOfPayout(date, calendar.payouts), calendar);
}

export const settlementDelayUs: number = 600 * secondUs;
