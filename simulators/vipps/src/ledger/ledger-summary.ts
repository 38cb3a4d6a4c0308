import { amount, negate, sum, zero, type Amount, type PlainDate } from '@bilag/core';

/** How many entries of a type, and what they come to. */
export interface TypeTotal {
  readonly count: number;
  readonly amount: Amount;
}

/** One account over a period: opening + Σ byType = closing. */
export interface AccountSummary {
  readonly opening: Amount;
  readonly closing: Amount;
  readonly byType: Readonly<Record<string, TypeTotal>>;
}

/**
 * What a ledger should come to, as the generator meant it: counted from what happened, not from the entries that tell of
 * it. Sales, refunds, fees and payouts are positive.
 */
export interface LedgerSummary {
  readonly ledgerId: string;
  readonly currency: string;
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly funds: AccountSummary;
  readonly fees: AccountSummary;
  readonly sales: Amount;
  readonly refunds: Amount;
  /** Fees for captures and services, less corrections. */
  readonly feesCharged: Amount;
  /** Payouts scheduled, less those aborted. */
  readonly payouts: Amount;
  readonly bySalesUnit: Readonly<Record<string, { readonly sales: Amount; readonly refunds: Amount }>>;
}

/** Counts what happens to a ledger. */
export class Tally {
  readonly #ledgerId: string;
  readonly #currency: string;
  readonly #from: PlainDate;
  #to: PlainDate;
  readonly #openings: { funds: number; fees: number };
  readonly #accounts = { funds: new Map<string, MutableTotal>(), fees: new Map<string, MutableTotal>() };
  readonly #units = new Map<string, { sales: number; refunds: number }>();

  constructor(
    ledger: { ledgerId: string; currency: string },
    from: PlainDate,
    openings: { funds: number; fees: number },
  ) {
    this.#ledgerId = ledger.ledgerId;
    this.#currency = ledger.currency;
    this.#from = from;
    this.#to = from;
    this.#openings = { funds: openings.funds, fees: openings.fees };
  }

  count(account: 'funds' | 'fees', type: string, value: number, handle: string | null, date: PlainDate): void {
    this.#to = date;
    const total = this.#accounts[account].get(type) ?? { count: 0, amount: 0 };
    this.#accounts[account].set(type, { count: total.count + 1, amount: total.amount + value });
    if (account === 'fees' || handle === null || (type !== 'capture' && type !== 'refund')) return;
    const unit = this.#units.get(handle) ?? { sales: 0, refunds: 0 };
    if (type === 'capture') unit.sales += value;
    else unit.refunds -= value;
    this.#units.set(handle, unit);
  }

  summary(to: PlainDate = this.#to): LedgerSummary {
    const funds = accountSummary(this.#openings.funds, this.#accounts.funds);
    const fees = accountSummary(this.#openings.fees, this.#accounts.fees);
    return {
      ledgerId: this.#ledgerId,
      currency: this.#currency,
      from: this.#from,
      to,
      funds,
      fees,
      sales: totalOf(funds, 'capture'),
      refunds: negate(totalOf(funds, 'refund')),
      feesCharged: negate(totalOf(fees, 'capture-fee', 'service-fee', 'correction')),
      payouts: negate(totalOf(funds, 'payout-scheduled', 'payout-aborted')),
      bySalesUnit: Object.fromEntries(
        sorted(this.#units).map(([handle, unit]) => [
          handle,
          { sales: amount(unit.sales), refunds: amount(unit.refunds) },
        ]),
      ),
    };
  }
}

interface MutableTotal {
  count: number;
  amount: number;
}

function totalOf(account: AccountSummary, ...types: readonly string[]): Amount {
  return sum(types.map((type) => account.byType[type]?.amount ?? zero));
}

function accountSummary(opening: number, totals: ReadonlyMap<string, MutableTotal>): AccountSummary {
  let closing = opening;
  for (const total of totals.values()) closing += total.amount;
  return {
    opening: amount(opening),
    closing: amount(closing),
    byType: Object.fromEntries(
      sorted(totals).map(([type, total]) => [type, { count: total.count, amount: amount(total.amount) }]),
    ),
  };
}

function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
