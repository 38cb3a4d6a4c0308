import type { ExpectedPayout, IdentifiedLine } from '@bilag/bank';
import type { Amount, LedgerDate, PlainDate } from '@bilag/core';
import { expectedPayouts } from '../bank/expected-payouts.ts';
import type { Company } from '../config/company.ts';
import type { CompanyDates } from '../dates/company-dates.ts';
import type { FundsKind } from '../proof/ledger-book.ts';
import { PayoutParts } from './payout-parts.ts';

/** What a ledger date moved of the funds on the way to a payout, by kind. */
export interface PayoutDay {
  readonly date: PlainDate;
  readonly kinds: Readonly<Partial<Record<FundsKind, Amount>>>;
  /** What the provider owed after it. */
  readonly balance: Amount;
}

/** A payout, what it was made of, and what came of it at the bank. */
export interface CompanyPayout extends Omit<ExpectedPayout, 'texts' | 'accounts'> {
  /** What the provider owed after the payout before; opening + everything on its days = amount + closing. */
  readonly opening: Amount;
  /** The dates since the payout before, each with what moved the funds; none of money that was under way at the cut-over. */
  readonly days: readonly PayoutDay[];
  /** What the provider still owed when it was scheduled. */
  readonly closing: Amount;
  /** Whether its ledger date is open: the provider may still change it. */
  readonly isOpen: boolean;
  /** The ids of its entries, and of the lines of the bank that are booked as it. */
  readonly facts: readonly string[];
  /** The lines of the bank that are this payout. */
  readonly bankLines: readonly IdentifiedLine[];
}

/** Every payout that a company's ledgers tell of, in the order of their dates. Nothing is written. */
export async function companyPayouts(company: Company, dates: CompanyDates): Promise<readonly CompanyPayout[]> {
  if (dates.last === undefined) return [];
  const parts = new PayoutParts(company.policy);
  const bank = await dates.bank();
  const { payouts } = await expectedPayouts(company, noted(dates.until(dates.last), parts), () => []);
  const linesOf = (payout: ExpectedPayout): readonly IdentifiedLine[] =>
    (bank?.matches ?? []).flatMap(({ outcome, line, payouts: those }) =>
      outcome === 'matched' && those.some(({ reference }) => reference === payout.reference) ? [line] : [],
    );
  return payouts
    .map(({ texts: _texts, accounts: _accounts, ...payout }): CompanyPayout => {
      const own = parts.of(payout.reference);
      const facts = (bank?.facts ?? []).filter(({ payoutReference }) => payoutReference === payout.reference);
      const bankLines = linesOf(payout as ExpectedPayout);
      return { ...payout, ...own, facts: [...own.facts, ...facts.map(({ id }) => id)], bankLines };
    })
    .toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

async function* noted(
  dates: AsyncIterable<LedgerDate>,
  parts: PayoutParts,
): AsyncGenerator<LedgerDate, void, undefined> {
  for await (const date of dates) {
    parts.take(date);
    yield date;
  }
}
