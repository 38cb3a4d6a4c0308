import { dayOf, type PlainDate } from '@bilag/core';
import type { Random } from './random.ts';

/** What a sales unit sells, which decides when and for how much. */
export type TradeKind = 'cafe' | 'bar' | 'web-shop' | 'gym';

/** The habits of a trade. Prices are in øre. */
export interface Trade {
  /** Relative turnover of the local hours 0 to 23. */
  readonly hours: readonly number[];
  /** Percent of an ordinary day, Monday to Sunday. */
  readonly weekdays: readonly number[];
  readonly items: readonly number[];
  readonly mostItems: number;
  /** Added once to a sale, such as shipping. */
  readonly extras: readonly number[];
  /** How the merchant's order references begin. */
  readonly orderPrefix: string;
  /** Sales gather on the first and the fifteenth: subscriptions. */
  readonly gathers?: true;
}

export const trades: Readonly<Record<TradeKind, Trade>> = {
  cafe: {
    hours: [0, 0, 0, 0, 0, 0, 0, 5, 9, 7, 6, 10, 12, 8, 7, 6, 4, 2, 0, 0, 0, 0, 0, 0],
    weekdays: [90, 95, 100, 105, 125, 110, 0],
    items: [3500, 3900, 4500, 4900, 5200, 8900, 11900],
    mostItems: 4,
    extras: [0],
    orderPrefix: 'table',
  },
  bar: {
    hours: [9, 7, 4, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 5, 6, 7, 8, 9, 11, 11],
    weekdays: [0, 50, 70, 100, 190, 220, 40],
    items: [9800, 11200, 12900, 14500],
    mostItems: 5,
    extras: [0],
    orderPrefix: 'tab',
  },
  'web-shop': {
    hours: [2, 1, 1, 1, 1, 1, 2, 4, 5, 6, 6, 6, 7, 6, 6, 6, 6, 7, 8, 10, 12, 11, 8, 4],
    weekdays: [110, 100, 95, 100, 90, 85, 120],
    items: [14900, 19900, 24990, 34950, 49900, 89900, 129900],
    mostItems: 3,
    extras: [0, 4900, 7900],
    orderPrefix: 'order',
  },
  gym: {
    hours: [0, 0, 0, 20, 30, 10, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 3, 2, 2, 1, 0, 0, 0],
    weekdays: [100, 100, 100, 100, 100, 100, 100],
    items: [29900, 39900, 44900, 59900],
    mostItems: 1,
    extras: [0],
    orderPrefix: 'membership',
    gathers: true,
  },
};

/** How many sales a date sees when an ordinary day sees `ordinary`. */
export function salesOn(date: PlainDate, trade: Trade, ordinary: number, random: Random): number {
  const gathered = trade.gathers ? (dayOf(date) === 1 || dayOf(date) === 15 ? 700 : 55) : 100;
  const percent = ((trade.weekdays[weekdayIndex(date)] ?? 100) * gathered) / 100;
  const scaled = Math.floor(ordinary * percent * random.between(70, 130));
  return Math.floor(scaled / 10_000) + (random.chance(scaled % 10_000) ? 1 : 0);
}

/** What one sale comes to, in minor units of the currency. */
export function priceOf(trade: Trade, currency: string, random: Random): number {
  let total = random.pick(trade.extras);
  for (let items = random.between(1, trade.mostItems); items > 0; items -= 1) total += random.pick(trade.items);
  const { percent, step } = priceLevels[currency] ?? { percent: 100, step: 10 };
  return Math.max(step, Math.round((total * percent) / (100 * step)) * step);
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayIndex(date: PlainDate): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
}

/** Prices against Norwegian ones, and what they are rounded to. */
const priceLevels: Readonly<Record<string, { percent: number; step: number }>> = {
  NOK: { percent: 100, step: 10 },
  SEK: { percent: 95, step: 100 },
  DKK: { percent: 65, step: 50 },
  EUR: { percent: 9, step: 5 },
};
