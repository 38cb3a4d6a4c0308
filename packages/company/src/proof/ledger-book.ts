import { add, currentType, named, zero, type Amount, type LedgerEntry, type PlainDate } from '@bilag/core';
import type { ProofRow } from './proof.ts';

/** What an entry is in a table: its line. */
export type FundsKind =
  | 'captures'
  | 'refunds'
  | 'fees'
  | 'disputes'
  | 'corrections'
  | 'topUps'
  | 'other'
  | 'scheduled'
  | 'aborted';
export type FeesKind = 'charged' | 'retained' | 'invoiced' | 'corrected';

/** A movement of an account, added up by date. */
interface Movement {
  readonly byDate: Map<PlainDate, { amount: Amount; count: number }>;
}

/** One account of a ledger as the entries tell it: by kind and date, with what came before the period in one sum. */
export class LedgerBook<Kind extends string> {
  readonly #from: PlainDate;
  readonly #movements = new Map<Kind, Movement>();
  #opening: Amount;

  constructor(opening: Amount, from: PlainDate) {
    this.#opening = opening;
    this.#from = from;
  }

  take(kind: Kind, date: PlainDate, value: Amount): void {
    if (date < this.#from) {
      this.#opening = add(this.#opening, value);
      return;
    }
    const movement = this.#movements.get(kind) ?? { byDate: new Map() };
    const day = movement.byDate.get(date) ?? { amount: zero, count: 0 };
    movement.byDate.set(date, { amount: add(day.amount, value), count: day.count + 1 });
    this.#movements.set(kind, movement);
  }

  get opening(): Amount {
    return this.#opening;
  }

  /** What a kind came to on a date of the period. */
  on(kind: Kind, date: PlainDate): Amount {
    return this.#movements.get(kind)?.byDate.get(date)?.amount ?? zero;
  }

  /** What a kind came to in the period, and the dates behind it; none where there was nothing. */
  movement(
    kind: Kind,
    vouchersOf: (date: PlainDate) => readonly string[],
  ): { readonly amount: Amount; readonly rows: readonly ProofRow[] } {
    const days = [...(this.#movements.get(kind)?.byDate ?? [])];
    const rows = days.map(([date, { amount, count }]): ProofRow => ({
      date,
      text: '',
      amount,
      count,
      vouchers: vouchersOf(date),
    }));
    return { amount: rows.reduce((total, row) => add(total, row.amount), zero), rows };
  }
}

export function fundsKindOf(entry: LedgerEntry): FundsKind {
  return named(fundsKinds, currentType(entry)) ?? 'other';
}

const fundsKinds: Readonly<Record<string, FundsKind>> = {
  capture: 'captures',
  refund: 'refunds',
  'capture-fee': 'fees',
  'service-fee': 'fees',
  'fees-retained': 'fees',
  'retained-disputed-capture': 'disputes',
  'returned-disputed-capture': 'disputes',
  correction: 'corrections',
  'credit-note': 'corrections',
  'top-up': 'topUps',
  'payout-scheduled': 'scheduled',
  'payout-aborted': 'aborted',
};

export function feesKindOf(entry: LedgerEntry): FeesKind {
  return named(feesKinds, currentType(entry)) ?? 'corrected';
}

const feesKinds: Readonly<Record<string, FeesKind>> = {
  'capture-fee': 'charged',
  'service-fee': 'charged',
  'fees-retained': 'retained',
  'fees-invoiced': 'invoiced',
};
