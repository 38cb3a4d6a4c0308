import {
  add,
  linesOf,
  subtract,
  sum,
  zero,
  type Amount,
  type BookAccount,
  type BookedDate,
  type Finding,
  type LedgerBalances,
  type LedgerTotals,
  type PlainDate,
  type Voucher,
} from '@bilag/core';
import type { Period } from './period.ts';

/** What the books of a period came to. */
export interface BooksSummary {
  readonly period: Period;
  readonly vouchers: number;
  readonly lines: number;
  /** Dates that may not be delivered yet because the provider still keeps them open. */
  readonly openDates: readonly { readonly ledgerId: string; readonly date: PlainDate }[];
  readonly ledgers: readonly LedgerOfBooks[];
  readonly trialBalance: readonly TrialBalanceLine[];
  readonly findings: readonly Finding[];
}

/** A ledger at the end of the period. */
export interface LedgerOfBooks {
  readonly ledgerId: string;
  readonly currency: string;
  readonly totals: LedgerTotals;
  readonly balances: LedgerBalances;
  /** The provider's balances equal our books', counting what another system has booked. */
  readonly isProved: boolean;
  /** Dates of the period, and on how many of them that held at the end of the day. */
  readonly dates: number;
  readonly provedDates: number;
}

/** An account of the trial balance; opening + debit − credit = closing. */
export interface TrialBalanceLine {
  readonly account: string;
  readonly name: string;
  readonly opening: Amount;
  readonly debit: Amount;
  readonly credit: Amount;
  readonly closing: Amount;
}

/** Adds booked dates up, those before the period into the openings. */
export class BooksTally {
  readonly #period: Period;
  readonly #yearStart: PlainDate;
  readonly #accounts: Map<
    string,
    { readonly name: string; readonly isResult: boolean; opening: Amount; debit: Amount; credit: Amount }
  >;
  readonly #ledgers = new Map<string, Omit<LedgerOfBooks, 'ledgerId' | 'isProved'>>();
  readonly #findings: Finding[] = [];
  readonly #openDates: { ledgerId: string; date: PlainDate }[] = [];
  #vouchers = 0;
  #lines = 0;

  /** The accounts carry what the policy opens with. */
  constructor(period: Period, yearStart: PlainDate, accounts: readonly BookAccount[]) {
    this.#period = period;
    this.#yearStart = yearStart;
    this.#accounts = new Map(
      accounts.map(({ number, name, role, opening }) => {
        return [number, { name, isResult: role === 'revenue' || role === 'fee', opening, debit: zero, credit: zero }];
      }),
    );
  }

  take(booked: BookedDate): void {
    const { ledgerId, date, currency } = booked;
    for (const voucher of booked.vouchers) this.#post(voucher);
    // A later date may still bring a voucher of the period, but its balances are of another day.
    if (date > this.#period.to) return;
    const isInside = date >= this.#period.from;
    for (const balances of booked.balances) {
      const known = this.#ledgers.get(balances.ledgerId) ?? {
        currency,
        totals: added(undefined, undefined),
        dates: 0,
        provedDates: 0,
      };
      this.#ledgers.set(balances.ledgerId, { ...known, balances });
      // An item that names another ledger moves that ledger's balances, which may have no dates of its own.
      if (!isInside || balances.ledgerId !== ledgerId) continue;
      this.#ledgers.set(ledgerId, {
        currency,
        balances,
        totals: added(known.totals, booked.totals),
        dates: known.dates + 1,
        provedDates: known.provedDates + (isProved(balances) ? 1 : 0),
      });
    }
    if (!isInside) return;
    this.#findings.push(...booked.findings);
    if (!booked.bookable) this.#openDates.push({ ledgerId, date });
  }

  summary(): BooksSummary {
    return {
      period: this.#period,
      vouchers: this.#vouchers,
      lines: this.#lines,
      openDates: this.#openDates,
      ledgers: [...this.#ledgers].map(([ledgerId, ledger]) => ({
        ledgerId,
        ...ledger,
        isProved: isProved(ledger.balances),
      })),
      trialBalance: this.#trialBalance(),
      findings: this.#findings,
    };
  }

  #post(voucher: Voucher): void {
    if (voucher.date > this.#period.to) return;
    const isBefore = voucher.date < this.#period.from;
    const lines = linesOf(voucher, 'explicit');
    if (!isBefore) {
      this.#vouchers += 1;
      this.#lines += lines.length;
    }
    for (const line of lines) {
      const account = this.#accountOf(line.account);
      if (isBefore) {
        // The result starts anew with each accounting year.
        if (!account.isResult || voucher.date >= this.#yearStart) account.opening = add(account.opening, line.amount);
      } else if (line.amount > 0) account.debit = add(account.debit, line.amount);
      else account.credit = subtract(account.credit, line.amount);
    }
  }

  #accountOf(number: string): { isResult: boolean; opening: Amount; debit: Amount; credit: Amount } {
    const known = this.#accounts.get(number);
    if (known !== undefined) return known;
    const account = { name: '', isResult: false, opening: zero, debit: zero, credit: zero };
    this.#accounts.set(number, account);
    return account;
  }

  #trialBalance(): TrialBalanceLine[] {
    return [...this.#accounts]
      .map(([account, { name, opening, debit, credit }]) => {
        return { account, name, opening, debit, credit, closing: sum([opening, debit, subtract(zero, credit)]) };
      })
      .filter(({ opening, debit, credit }) => opening !== 0 || debit !== 0 || credit !== 0)
      .sort((a, b) => (a.account < b.account ? -1 : 1));
  }
}

function isProved({ funds, fees, preBooked }: LedgerBalances): boolean {
  return funds.provider === add(funds.books, preBooked) && (fees === undefined || fees.provider === fees.books);
}

function added(a: LedgerTotals | undefined, b: LedgerTotals | undefined): LedgerTotals {
  const of = (name: Exclude<keyof LedgerTotals, 'entries'>): Amount => add(a?.[name] ?? zero, b?.[name] ?? zero);
  return {
    captures: of('captures'),
    refunds: of('refunds'),
    fees: of('fees'),
    payouts: of('payouts'),
    other: of('other'),
    entries: (a?.entries ?? 0) + (b?.entries ?? 0),
  };
}
