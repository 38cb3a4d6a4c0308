import { fillTemplate, type PayoutHabits, type PlainDate } from '@bilag/core';
import type { BankCalendar } from './bank-calendar.ts';

/** A payout as the ledger tells it. */
export interface ScheduledPayout {
  /** The ledger date of the payout. */
  readonly date: PlainDate;
  /** Its number, such as `2000045`; null where it is not known. */
  readonly number: string | null;
  /** What settles into the ledger, as its entries name it, such as `api:123455`. */
  readonly units: readonly string[];
  /** The bank text that the provider itself tells, where it does. */
  readonly reference: string | null;
}

/** When a payout is expected at the bank, and how it may look there. A forecast: the statement is the proof. */
export interface PayoutForecast {
  /** The date on which the bank should book it. */
  readonly expected: PlainDate;
  /** Each may stand in the text of the bank line, the likeliest first; none where nobody knows. */
  readonly texts: readonly string[];
}

/**
 * Forecasts how a payout comes to the bank. A calendar that banks change at short notice, a payout that is held back and a
 * text that the merchant has configured are not known here: what is expected is a hint, never a proof.
 *
 * @example
 * ```ts
 * import { bankCalendar, forecastPayout } from '@bilag/bank';
 * import { plainDate } from '@bilag/core';
 *
 * const habits = { bankDays: 2, texts: ['Utb. {number} Vippsnr {unit}'] };
 * const payout = { date: plainDate('2026-11-27'), number: '2000045', units: ['NO:117703'], reference: null };
 * forecastPayout(payout, habits, await bankCalendar('NO'));
 * // => { expected: '2026-12-01', texts: ['Utb. 2000045 Vippsnr 117703'] }
 * ```
 */
export function forecastPayout(
  { date, number, units, reference }: ScheduledPayout,
  { bankDays, texts }: PayoutHabits,
  calendar: BankCalendar,
): PayoutForecast {
  const told = reference === null ? [] : [reference];
  const [year, month, day] = date.split('-');
  const made = texts.flatMap((text) => {
    if (number === null && text.includes('{number}')) return [];
    return units.map((handle) => {
      const unit = handle.slice(handle.indexOf(':') + 1);
      const values = {
        number: number ?? '',
        unit,
        unit8: unit.padStart(8, '0'),
        ddmmyy: `${day}${month}${year?.slice(2)}`,
      };
      return fillTemplate(text, values);
    });
  });
  return { expected: calendar.add(date, bankDays), texts: [...new Set([...told, ...made])] };
}
