import {
  accountNaming,
  add,
  fiscalYearStart,
  gatherFindings,
  linesOf,
  openingBalances,
  subtract,
  sum,
  zero,
  type AccountRole,
  type Amount,
  type BookedDate,
  type Finding,
  type LedgerBalances,
  type LedgerTotals,
  type PlainDate,
  type Policy,
  type Voucher,
} from '@bilag/core';
import type { Company } from '../config/company.ts';
import type { Period } from '../dates/period.ts';

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
  /** They do not yet, and need not: vouchers are grouped by payout, and the last payout is still to come. */
  readonly isWaiting: boolean;
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

interface TalliedAccount {
  readonly role: AccountRole | 'revenue' | 'vat';
  /** Income and expenses start anew with each accounting year. */
  readonly isResult: boolean;
  opening: Amount;
  debit: Amount;
  credit: Amount;
}

type TalliedLedger = Omit<LedgerOfBooks, 'ledgerId' | 'isProved' | 'isWaiting'>;

/** What was added up before the period, as plain data: for dates of which nothing stands in it. */
export interface TallyState {
  /** The first day of the accounting year that results are of. */
  readonly yearStart: PlainDate;
  readonly accounts: readonly (readonly [account: string, TalliedAccount])[];
  readonly providers: readonly (readonly [ledgerId: string, provider: string])[];
  readonly ledgers: readonly (readonly [ledgerId: string, TalliedLedger])[];
}

/** Adds booked dates up, those before the period into the openings. */
export class BooksTally {
  readonly #policy: Policy;
  readonly #period: Period;
  readonly #yearStart: PlainDate;
  readonly #accounts = new Map<string, TalliedAccount>();
  /** What each ledger's provider is called. */
  readonly #providers: Map<string, string>;
  readonly #ledgers: Map<string, TalliedLedger>;
  readonly #findings: Finding[] = [];
  /** Ledgers that core found to differ from the provider. */
  readonly #brokeTheLaw = new Set<string>();
  readonly #openDates: { ledgerId: string; date: PlainDate }[] = [];
  #vouchers = 0;
  #lines = 0;

  constructor({ policy, fiscalYearStartMonth }: Company, period: Period, before?: TallyState) {
    this.#policy = policy;
    this.#period = period;
    this.#yearStart = fiscalYearStart(period.from, fiscalYearStartMonth);
    this.#providers = new Map(before?.providers);
    this.#ledgers = new Map(before?.ledgers);
    for (const [number, account] of before?.accounts ?? []) {
      const isOver = account.isResult && before?.yearStart !== this.#yearStart;
      this.#accounts.set(number, { ...account, opening: isOver ? zero : account.opening });
    }
    if (before !== undefined) return;
    for (const { account: number, role, amount } of openingBalances(policy)) {
      const account = this.#accountOf(number, role);
      account.opening = add(account.opening, amount);
    }
  }

  take(booked: BookedDate): void {
    const { ledgerId, date, currency, provider } = booked;
    if (provider !== undefined) this.#providers.set(ledgerId, provider);
    for (const voucher of booked.vouchers) this.#post(voucher);
    const isInside = date >= this.#period.from && date <= this.#period.to;
    // What is said of a voucher is said where the voucher stands: a locked period moves it away from its ledger date.
    if (!isInside) this.#keep(aboutVouchersIn(this.#period, booked));
    // A later date may still bring a voucher of the period, but its balances are of another day.
    if (date > this.#period.to) return;
    if (booked.findings.some(({ code }) => code === 'balance-law' || code === 'opening-differs'))
      this.#brokeTheLaw.add(ledgerId);
    for (const [index, balances] of booked.balances.entries()) {
      const known = this.#ledgers.get(balances.ledgerId);
      // An item that names another ledger moves that ledger's balances, which may have no dates of its own.
      const isDate = isInside && balances.ledgerId === ledgerId;
      this.#ledgers.set(balances.ledgerId, {
        currency,
        balances,
        totals: added(balances.ledgerId, known?.totals, isInside ? booked.totals[index] : undefined),
        dates: (known?.dates ?? 0) + (isDate ? 1 : 0),
        provedDates: (known?.provedDates ?? 0) + (isDate && isProved(balances) ? 1 : 0),
      });
    }
    if (!isInside) return;
    this.#keep(booked.findings);
    if (!booked.bookable) this.#openDates.push({ ledgerId, date });
  }

  /** As long as no date of the period was taken. */
  get state(): TallyState {
    return {
      yearStart: this.#yearStart,
      accounts: Array.from(this.#accounts, ([number, account]) => [number, { ...account }]),
      providers: [...this.#providers],
      ledgers: [...this.#ledgers],
    };
  }

  summary(): BooksSummary {
    return {
      period: this.#period,
      vouchers: this.#vouchers,
      lines: this.#lines,
      openDates: this.#openDates,
      ledgers: [...this.#ledgers].map(([ledgerId, ledger]) => {
        const proved = isProved(ledger.balances);
        return { ledgerId, ...ledger, isProved: proved, isWaiting: !proved && !this.#brokeTheLaw.has(ledgerId) };
      }),
      trialBalance: this.#trialBalance(),
      findings: [...gatherFindings(this.#findings), ...this.#neverSeen()],
    };
  }

  /** What a policy says of a ledger it spells otherwise is never used, and nobody would notice. */
  #neverSeen(): Finding[] {
    const { versions, openings } = this.#policy;
    const spelt = new Set([...versions.flatMap(({ ledgers }) => Object.keys(ledgers)), ...Object.keys(openings)]);
    const unseen = [...spelt].filter((ledgerId) => !this.#ledgers.has(ledgerId));
    return unseen.map((ledgerId) => ({
      code: 'ledger-not-seen',
      severity: 'warning',
      message: `the policy names ledger ${ledgerId}, and there is nothing of it up to ${this.#period.to}`,
      where: `policy, ledger ${ledgerId}`,
      action: 'mend its id in the policy, if it is another',
      ledgerId,
    }));
  }

  #keep(findings: readonly Finding[]): void {
    for (const finding of findings) this.#findings.push(finding);
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
      const account = this.#accountOf(line.account, line.role ?? 'revenue');
      if (isBefore) {
        if (!account.isResult || voucher.date >= this.#yearStart) account.opening = add(account.opening, line.amount);
      } else if (line.amount > 0) account.debit = add(account.debit, line.amount);
      else account.credit = subtract(account.credit, line.amount);
    }
  }

  #accountOf(number: string, role: TalliedAccount['role']): TalliedAccount {
    const known = this.#accounts.get(number);
    if (known !== undefined) return known;
    const account: TalliedAccount = {
      role,
      isResult: role === 'revenue' || role === 'fee',
      opening: zero,
      debit: zero,
      credit: zero,
    };
    this.#accounts.set(number, account);
    return account;
  }

  #trialBalance(): TrialBalanceLine[] {
    const nameOf = accountNaming(this.#policy, this.#providers);
    return [...this.#accounts]
      .map(([account, { role, opening, debit, credit }]) => {
        const name = nameOf(account, role);
        return { account, name, opening, debit, credit, closing: sum([opening, debit, subtract(zero, credit)]) };
      })
      .filter(({ opening, debit, credit }) => opening !== 0 || debit !== 0 || credit !== 0)
      .sort((a, b) => (a.account < b.account ? -1 : 1));
  }
}

function aboutVouchersIn({ from, to }: Period, { vouchers, findings }: BookedDate): readonly Finding[] {
  const keys = new Set(vouchers.flatMap(({ key, date }) => (date >= from && date <= to ? [key] : [])));
  return keys.size === 0 ? [] : findings.filter(({ vouchers: about = [] }) => about.some((key) => keys.has(key)));
}

function isProved({ funds, fees, feesAwaited = zero, preBooked }: LedgerBalances): boolean {
  const areFees = fees === undefined || fees.provider === add(fees.books, feesAwaited);
  return areFees && funds.provider === add(funds.books, preBooked);
}

function added(ledgerId: string, a: LedgerTotals | undefined, b: LedgerTotals | undefined): LedgerTotals {
  const of = (name: Exclude<keyof LedgerTotals, 'ledgerId' | 'entries'>): Amount =>
    add(a?.[name] ?? zero, b?.[name] ?? zero);
  return {
    ledgerId,
    captures: of('captures'),
    refunds: of('refunds'),
    fees: of('fees'),
    payouts: of('payouts'),
    other: of('other'),
    entries: (a?.entries ?? 0) + (b?.entries ?? 0),
  };
}
