import {
  add,
  currentType,
  factIdentity,
  negate,
  zero,
  named,
  type Amount,
  type LedgerDate,
  type PlainDate,
} from '@bilag/core';
import type { Company } from '../config/company.ts';
import type { Period } from '../dates/period.ts';

/** What one ledger charged and settled of fees in a month; amounts are positive for what is owed. */
export interface LedgerMonth {
  /** What was owed before the month. */
  opening: Amount;
  /** By the ledger's name of the fee, and by date. */
  readonly charged: Map<string, Map<PlainDate, Amount>>;
  /** Taken from the funds. */
  retained: Amount;
  /** What the ledger says was invoiced, less what was credited. */
  invoiced: Amount;
  /** That the ledger has an account of fees of its own, on which it tells what was invoiced. */
  tellsInvoices: boolean;
  /** That fees were read at all. */
  isRead: boolean;
}

/** Fees that the funds pay as they arise (net settlement, told beside each sale). */
const withheld: readonly string[] = ['capture-fee', 'service-fee'];

/** Adds up the fees of a month as the ledgers tell them: each entry once, whatever it was delivered with. */
export class MonthOfFees {
  readonly #company: Company;
  readonly #month: Period;
  readonly #ledgers = new Map<string, LedgerMonth>();
  #seen = { date: '', ids: new Set<string>() };

  constructor(company: Company, month: Period) {
    this.#company = company;
    this.#month = month;
  }

  get ledgers(): ReadonlyMap<string, LedgerMonth> {
    return this.#ledgers;
  }

  take({ ledgerId, date, accounts, entries }: LedgerDate): void {
    if (date > this.#month.to) return;
    if (this.#seen.date !== date) this.#seen = { date, ids: new Set() };
    const asked = this.ledgerOf(ledgerId);
    if (date >= this.#month.from) {
      asked.isRead &&= accounts.fees !== undefined;
      asked.tellsInvoices &&= accounts.fees !== undefined && accounts.fees.accrued !== true;
    }
    for (const entry of entries) {
      const identity = factIdentity(entry.id);
      const type = currentType(entry);
      const isWithheld = entry.account === 'funds' && withheld.includes(type);
      if ((entry.account !== 'fees' && !isWithheld) || this.#seen.ids.has(identity)) continue;
      this.#seen.ids.add(identity);
      const ledger = this.ledgerOf(entry.ledgerId);
      this.#post(ledger, type, date, entry.amount);
      if (isWithheld) this.#post(ledger, 'fees-retained', date, negate(entry.amount));
    }
  }

  ledgerOf(ledgerId: string): LedgerMonth {
    const known = this.#ledgers.get(ledgerId);
    if (known !== undefined) return known;
    const ledger: LedgerMonth = {
      opening: negate(named(this.#company.policy.openings, ledgerId)?.fees ?? zero),
      charged: new Map(),
      retained: zero,
      invoiced: zero,
      tellsInvoices: true,
      isRead: true,
    };
    this.#ledgers.set(ledgerId, ledger);
    return ledger;
  }

  #post(ledger: LedgerMonth, type: string, date: PlainDate, value: Amount): void {
    if (date < this.#month.from) ledger.opening = add(ledger.opening, negate(value));
    else if (type === 'fees-retained') ledger.retained = add(ledger.retained, value);
    else if (type === 'fees-invoiced' || type === 'credit-note') ledger.invoiced = add(ledger.invoiced, value);
    else {
      const days = ledger.charged.get(type) ?? new Map<PlainDate, Amount>();
      ledger.charged.set(type, days.set(date, add(days.get(date) ?? zero, negate(value))));
    }
  }
}
