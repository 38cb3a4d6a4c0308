import {
  add,
  factIdentity,
  named,
  subtract,
  sum,
  voucherReference,
  zero,
  type Amount,
  type BookedDate,
  type Finding,
  type LedgerBalances,
  type LedgerDate,
  type PlainDate,
  type Policy,
  type ProviderDocument,
  type Voucher,
} from '@bilag/core';
import type { Period } from '../dates/period.ts';
import { FeeWays, type FeeWay } from '../invoices/fee-ways.ts';
import { feesKindOf, fundsKindOf, LedgerBook, type FeesKind, type FundsKind } from './ledger-book.ts';
import type { BalancePoint } from './proof.ts';

/** A date on which a book was not what the provider says. */
export interface UnequalDate {
  readonly date: PlainDate;
  readonly funds: Amount;
  readonly fees: Amount;
}

/** One ledger: what its entries come to, and what the books have made of them. */
export interface TalliedLedger {
  readonly ledgerId: string;
  provider: string;
  readonly funds: LedgerBook<FundsKind>;
  readonly fees: LedgerBook<FeesKind>;
  /** Its last date in the period. */
  lastDate: PlainDate | undefined;
  /** The books at the end of the period. */
  balances: LedgerBalances | undefined;
  dates: number;
  /** How many of them are closed and without an error, and end equal. */
  provedDates: number;
  /** The account of payouts in transit, date by date. */
  readonly inTransit: { readonly date: PlainDate; readonly amount: Amount }[];
  readonly unequal: UnequalDate[];
  /** Vouchers by ledger date. */
  readonly vouchers: Map<PlainDate, string[]>;
  /** How its fees reach us. */
  way: FeeWay | undefined;
  /** That fees stand beside its sales, and every version of the policy books them as they arise. */
  isAccrued: boolean;
  /** Fees payable by our vouchers, with what the policy opens with. */
  feesBooked: Amount;
  /** Invoices that are booked by their documents, with the references of their vouchers. */
  readonly documents: (Pick<ProviderDocument, 'id' | 'date' | 'amount' | 'number'> & { voucher?: string })[];
  /** That core found the books to differ. Else they wait for a payout: vouchers are grouped so. */
  brokeTheLaw: boolean;
}

/**
 * Adds up ledger dates as their entries tell them, and beside them the dates as they were booked. The two are counted apart: what
 * the first say is the provider's word, what the second say is ours. Memory follows dates, payouts and vouchers, not entries.
 */
export class ProofTally {
  readonly #policy: Policy;
  readonly #period: Period;
  readonly #ledgers = new Map<string, TalliedLedger>();
  readonly #findings: Finding[] = [];
  readonly #balances = new Map<PlainDate, Map<string, Amount>>();
  readonly #accounts = new Map<string, Amount>();
  readonly #ways = new FeeWays();
  #seen = { date: '', ids: new Set<string>() };
  #arrived: Amount = zero;

  constructor(policy: Policy, period: Period) {
    this.#policy = policy;
    this.#period = period;
  }

  /** A date as the provider tells it. */
  read(ledgerDate: LedgerDate): void {
    const { date, entries, profile, ledgerId, accounts, documents = [] } = ledgerDate;
    if (date > this.#period.to || date < this.#policy.versions[0].from) return;
    const ledger = this.#ledgerOf(ledgerId);
    ledger.provider = profile?.provider ?? ledger.provider;
    this.#ways.take(ledgerDate);
    ledger.way = this.#ways.of(ledgerId);
    ledger.isAccrued &&= accounts.fees?.accrued === true;
    if (accounts.fees?.accrued === true) ledger.documents.push(...documents.map((document) => ({ ...document })));
    if (this.#seen.date !== date) this.#seen = { date, ids: new Set() };
    for (const entry of entries) {
      const identity = factIdentity(entry.id);
      if (this.#seen.ids.has(identity)) continue;
      this.#seen.ids.add(identity);
      const own = this.#ledgerOf(entry.ledgerId);
      if (entry.account === 'funds') own.funds.take(fundsKindOf(entry), date, entry.amount);
      else own.fees.take(feesKindOf(entry), date, entry.amount);
    }
  }

  /** The same date as it was booked. */
  take({ date, balances, bookable, findings, vouchers, ledgerId }: BookedDate): void {
    for (const voucher of vouchers) this.#post(voucher);
    if (date > this.#period.to) return;
    const isInside = date >= this.#period.from;
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (isInside) this.#findings.push(...errors);
    if (isInside && !bookable && errors.length === 0) this.#findings.push(stillOpen(ledgerId, date));
    const ledger = this.#ledgerOf(ledgerId);
    ledger.brokeTheLaw ||= findings.some(({ code }) => code === 'balance-law' || code === 'opening-differs');
    for (const each of balances) {
      const told = this.#ledgerOf(each.ledgerId);
      told.balances = each;
      if (!isInside || each.ledgerId !== ledgerId) continue;
      told.dates += 1;
      told.inTransit.push({ date, amount: each.inTransit });
      told.lastDate = date;
      const unequal = unequalOn(date, each);
      if (unequal.funds !== 0 || unequal.fees !== 0) told.unequal.push(unequal);
      else if (bookable && errors.length === 0) told.provedDates += 1;
      const point = this.#balances.get(date) ?? new Map<string, Amount>();
      this.#balances.set(date, point.set(ledgerId, each.funds.provider));
    }
  }

  get ledgers(): readonly TalliedLedger[] {
    return [...this.#ledgers.values()].filter(({ balances }) => balances !== undefined);
  }

  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** What the books say came from transit to the bank in the period. */
  get arrived(): Amount {
    return this.#arrived;
  }

  /** What every ledger came to, date by date; a ledger that has no such date keeps what it had. */
  balances(): readonly BalancePoint[] {
    const known = new Map<string, Amount>();
    return [...this.#balances]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([date, point]) => {
        for (const [ledgerId, value] of point) known.set(ledgerId, value);
        const amount = sum(known.values());
        const paidOut = sum([...point.keys()].map((ledgerId) => this.#ledgerOf(ledgerId).funds.on('scheduled', date)));
        return { date, amount, beforePayout: subtract(amount, paidOut) };
      });
  }

  /** What an account came to by our vouchers, from the cut-over to the end of the period. */
  accountTotals(): ReadonlyMap<string, Amount> {
    return this.#accounts;
  }

  #post(voucher: Voucher): void {
    const { date, ledgerDate, ledgerId, lines } = voucher;
    if (date > this.#period.to) return;
    const ledger = this.#ledgerOf(ledgerId);
    // A line of the bank and an invoice are vouchers of their own, and none of the date's entries is in them.
    if (!voucher.facts.every((fact) => isOfBank(fact) || isOfInvoice(fact)))
      ledger.vouchers.set(ledgerDate, [...(ledger.vouchers.get(ledgerDate) ?? []), voucherReference(voucher)]);
    for (const document of ledger.documents)
      if (voucher.facts.includes(document.id)) document.voucher = voucherReference(voucher);
    for (const { account, amount, role, facts } of lines) {
      this.#accounts.set(account, add(this.#accounts.get(account) ?? zero, amount));
      if (role === 'feesPayable') ledger.feesBooked = add(ledger.feesBooked, amount);
      const isBankLine = role === 'inTransit' && facts.every(isOfBank);
      if (isBankLine && ledgerDate >= this.#period.from) this.#arrived = subtract(this.#arrived, amount);
    }
  }

  #ledgerOf(ledgerId: string): TalliedLedger {
    const known = this.#ledgers.get(ledgerId);
    if (known !== undefined) return known;
    const opening = named(this.#policy.openings, ledgerId);
    const { from } = this.#period;
    const ledger: TalliedLedger = {
      ledgerId,
      provider: '',
      funds: new LedgerBook(opening?.funds ?? zero, from),
      fees: new LedgerBook(opening?.fees ?? zero, from),
      balances: undefined,
      lastDate: undefined,
      dates: 0,
      provedDates: 0,
      inTransit: [],
      unequal: [],
      vouchers: new Map(),
      brokeTheLaw: false,
      way: undefined,
      isAccrued: this.#policy.versions.every(({ fees }) => fees.invoiced === 'accrue'),
      feesBooked: opening?.fees ?? zero,
      documents: [],
    };
    this.#ledgers.set(ledgerId, ledger);
    return ledger;
  }
}

/** What it comes to now says nothing of what the provider may still add. */
function stillOpen(ledgerId: string, date: PlainDate): Finding {
  return {
    code: 'proof-date-open',
    severity: 'error',
    message: 'this date is still open: the provider may add to it, and nothing of it is posted',
    where: `ledger ${ledgerId}, ${date}`,
    action: 'end the period before this date, or fetch or import it again when the provider has closed it',
    ledgerId,
    date,
  };
}

function isOfInvoice(factId: string): boolean {
  return factId.startsWith('invoice/');
}

function isOfBank(factId: string): boolean {
  return factId.startsWith('bank/');
}

function unequalOn(date: PlainDate, { funds, fees, feesAwaited = zero, preBooked }: LedgerBalances): UnequalDate {
  return {
    date,
    funds: subtract(funds.provider, add(funds.books, preBooked)),
    fees: fees === undefined ? zero : subtract(fees.provider, add(fees.books, feesAwaited)),
  };
}
