import {
  add,
  currentType,
  factIdentity,
  isClosed,
  named,
  zero,
  type Amount,
  type LedgerDate,
  type PlainDate,
  type Policy,
} from '@bilag/core';
import { payoutReference } from '../bank/expected-payouts.ts';
import { fundsKindOf, type FundsKind } from '../proof/ledger-book.ts';
import type { CompanyPayout } from './company-payouts.ts';

type Parts = Pick<CompanyPayout, 'opening' | 'days' | 'closing' | 'isOpen' | 'facts'>;
type Day = { date: PlainDate; kinds: Partial<Record<FundsKind, Amount>>; balance: Amount };

/** What stands on a ledger since its last payout. */
interface Standing {
  balance: Amount;
  opening: Amount;
  days: Day[];
  /** Entries that are delivered twice are told once. */
  seen: { date: string; ids: Set<string> };
}

/** Adds up what the funds of each ledger were moved by between its payouts. */
export class PayoutParts {
  readonly #policy: Policy;
  readonly #ledgers = new Map<string, Standing>();
  readonly #payouts = new Map<string, Parts>();

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  take(date: LedgerDate): void {
    for (const entry of date.entries) {
      if (entry.account !== 'funds') continue;
      const ledger = this.#ledgerOf(entry.ledgerId);
      if (ledger.seen.date !== date.date) ledger.seen = { date: date.date, ids: new Set() };
      const identity = factIdentity(entry.id);
      if (ledger.seen.ids.has(identity)) continue;
      ledger.seen.ids.add(identity);
      ledger.balance = add(ledger.balance, entry.amount);
      const kind = fundsKindOf(entry);
      if (currentType(entry) === 'payout-scheduled') {
        this.#close(payoutReference(entry), ledger, { isOpen: !isClosed(date), fact: entry.id });
        continue;
      }
      let day = ledger.days.at(-1);
      if (day?.date !== date.date) ledger.days.push((day = { date: date.date, kinds: {}, balance: zero }));
      day.kinds[kind] = add(day.kinds[kind] ?? zero, entry.amount);
      day.balance = ledger.balance;
    }
  }

  /** Of a payout that no ledger tells of, such as money under way at the cut-over, nothing. */
  of(reference: string): Parts {
    return this.#payouts.get(reference) ?? { opening: zero, days: [], closing: zero, isOpen: false, facts: [] };
  }

  #close(
    reference: string,
    ledger: Standing,
    { isOpen, fact }: { readonly isOpen: boolean; readonly fact: string },
  ): void {
    const before = this.#payouts.get(reference);
    this.#payouts.set(reference, {
      opening: before?.opening ?? ledger.opening,
      days: [...(before?.days ?? []), ...ledger.days],
      closing: ledger.balance,
      isOpen: isOpen || before?.isOpen === true,
      facts: [...(before?.facts ?? []), fact],
    });
    ledger.opening = ledger.balance;
    ledger.days = [];
  }

  #ledgerOf(ledgerId: string): Standing {
    const known = this.#ledgers.get(ledgerId);
    if (known !== undefined) return known;
    const opening = named(this.#policy.openings, ledgerId)?.funds ?? zero;
    const ledger: Standing = { balance: opening, opening, days: [], seen: { date: '', ids: new Set() } };
    this.#ledgers.set(ledgerId, ledger);
    return ledger;
  }
}
