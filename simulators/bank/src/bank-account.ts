import { add, amount, datesBetween, zero, type Amount, type PlainDate } from '@bilag/core';
import { createHash } from 'node:crypto';

/** Money that comes to an account, or goes from it. */
export interface BankPayment {
  /** The booking date. */
  readonly on: PlainDate;
  /** Signed: plus is money in. Minor units. */
  readonly amount: Amount;
  /** What the sender wrote. */
  readonly text: string;
  readonly counterparty?: string;
  /** That it takes an earlier one back. */
  readonly isReversal?: boolean;
}

/** An account of the simulated bank. */
export interface BankAccountOptions {
  /** Its IBAN, or its national number. */
  readonly number: string;
  readonly currency: string;
  readonly from: PlainDate;
  /** Included. */
  readonly to: PlainDate;
  readonly payments: readonly BankPayment[];
  /** Default 0. */
  readonly opening?: Amount;
  /** Rows a day, on average, that have nothing to do with payouts; default 0. The same seed gives the same. */
  readonly otherRows?: number;
  readonly seed?: string;
}

/** A row of the account's own books. */
export interface BankEntry extends BankPayment {
  /** The bank's own reference. */
  readonly reference: string;
}

/** A date of the account. */
export interface BankDay {
  readonly date: PlainDate;
  readonly opening: Amount;
  readonly closing: Amount;
  readonly entries: readonly BankEntry[];
}

/** Keeps an account's books: every day of it, with balances that follow on one another. */
export function bankDays(options: BankAccountOptions): readonly BankDay[] {
  const byDate = Map.groupBy(options.payments, ({ on }) => on);
  let balance = options.opening ?? zero;
  return [...datesBetween(options.from, options.to)].map((date) => {
    const payments = [...(byDate.get(date) ?? []), ...otherRows(options, date)];
    const entries = payments.map((payment, index) => ({ ...payment, reference: referenceOf(options, date, index) }));
    const opening = balance;
    for (const entry of entries) balance = add(balance, entry.amount);
    return { date, opening, closing: balance, entries };
  });
}

/** Days of an account, put together by the periods a bank makes statements of. */
export function statementsOf(days: readonly BankDay[], per: 'day' | 'month'): readonly (readonly BankDay[])[] {
  return [...Map.groupBy(days, ({ date }) => (per === 'day' ? date : date.slice(0, 7))).values()];
}

function referenceOf({ number, seed = '' }: BankAccountOptions, date: PlainDate, index: number): string {
  return `${date.replaceAll('-', '')}${String(fraction(nationalNumber(number), seed, date, index)).slice(2, 8)}${index}`;
}

/** Rent, cards, suppliers: amounts that may by chance be those of a payout, and texts that are not. */
function otherRows({ otherRows: average = 0, seed = '', number }: BankAccountOptions, date: PlainDate): BankPayment[] {
  const count = Math.round(average * 2 * fraction(seed, nationalNumber(number), date, 'count'));
  return Array.from({ length: count }, (_, index) => {
    const chance = fraction(seed, nationalNumber(number), date, 'row', index);
    const [text, counterparty, sign] = others[Math.floor(chance * others.length)] ?? ['Varekjøp', 'Butikken', -1];
    const value = amount(
      sign * (100 + Math.floor(fraction(seed, nationalNumber(number), date, 'amount', index) * 500_000)),
    );
    return { on: date, amount: value, text, counterparty };
  });
}

const others: readonly (readonly [string, string, 1 | -1])[] = [
  ['Husleie, lokale 2', 'Gårdeier Eksempel AS', -1],
  ['Faktura 20114', 'Grossisten & Sønn AS', -1],
  ['Varekjøp', 'Matbutikken Ås', -1],
  ['Kortinnløsning', 'Innløser AS', 1],
  ['Faktura betalt', 'Kunde Eksempel', 1],
];

/** The same account has the same rows, however its number is written. */
function nationalNumber(number: string): string {
  return number.replace(/^[A-Z]{2}\d{2}/, '');
}

/** From 0 up to 1, the same for the same words. */
function fraction(...words: readonly (string | number)[]): number {
  return createHash('sha256').update(JSON.stringify(words)).digest().readUInt32BE() / 2 ** 32;
}
