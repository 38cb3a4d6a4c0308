import { add, addDays, negate, zero, type Amount, type LedgerDate, type PlainDate } from '@bilag/core';
import type { Company } from '../config/company.ts';
import { MonthOfFees } from '../fees/month-of-fees.ts';

/** What is owed in fees at the end of a date, however they are read and whenever they become a cost. */
export class FeesOwed {
  readonly #through: PlainDate;
  readonly #charged: MonthOfFees;
  readonly #invoiced = new Map<string, Amount>();

  constructor(company: Company, through: PlainDate) {
    this.#through = through;
    const next = addDays(through, 1);
    this.#charged = new MonthOfFees(company, { from: next, to: next });
  }

  async *watch(dates: AsyncIterable<LedgerDate>): AsyncGenerator<LedgerDate, void, undefined> {
    for await (const date of dates) {
      if (date.date <= this.#through) this.#take(date);
      yield date;
    }
  }

  /** With the sign of the provider's balance: negative while it is owed. */
  of(ledgerId: string): Amount {
    return add(negate(this.#charged.ledgerOf(ledgerId).opening), this.#invoiced.get(ledgerId) ?? zero);
  }

  #take(date: LedgerDate): void {
    this.#charged.take(date);
    // The fees account tells its invoices itself; where fees stand beside sales, their documents settle them.
    if (date.accounts.fees?.accrued !== true) return;
    for (const { ledgerId, amount } of date.documents ?? [])
      this.#invoiced.set(ledgerId, add(this.#invoiced.get(ledgerId) ?? zero, amount));
  }
}
