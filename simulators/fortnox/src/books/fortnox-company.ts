import { add, plainDate, sum, zero, type Amount, type PlainDate } from '@bilag/core';
import {
  defaultFortnoxAccounts,
  defaultFortnoxSeries,
  type FortnoxAccountOptions,
  type FortnoxCompanyOptions,
  type FortnoxScope,
  type FortnoxSeriesOptions,
  type FortnoxYearOptions,
} from '../fortnox-options.ts';
import { FortnoxRefusal } from './fortnox-refusal.ts';
import type { FileConnection, HeldFile, HeldFortnoxVoucher, VoucherDraft } from './held-voucher.ts';

/** A financial year with its id. */
export type HeldYear = FortnoxYearOptions & { readonly id: number };

/** One company: its registers and its vouchers. None is ever deleted. */
export class FortnoxCompany {
  readonly options: FortnoxCompanyOptions;
  readonly accounts: ReadonlyMap<string, FortnoxAccountOptions>;
  readonly series: Map<string, FortnoxSeriesOptions>;
  readonly years: readonly HeldYear[];
  readonly files: Map<string, HeldFile> = new Map();
  readonly connections: FileConnection[] = [];
  lockedThrough: PlainDate | undefined;
  vouchers: readonly HeldFortnoxVoucher[] = [];
  readonly #withheld: Set<FortnoxScope>;
  readonly #now: () => number;
  #alteration: ((draft: VoucherDraft) => VoucherDraft) | undefined;

  constructor(options: FortnoxCompanyOptions, now: () => number) {
    this.options = options;
    this.#now = now;
    this.lockedThrough = options.lockedThrough;
    this.#withheld = new Set(options.withoutScopes);
    const accounts = [...defaultFortnoxAccounts, ...(options.accounts ?? [])];
    this.accounts = new Map(accounts.map((one) => [one.number, one] as const));
    this.series = new Map((options.series ?? defaultFortnoxSeries).map((one) => [one.code, one] as const));
    this.years = (options.years ?? calendarYears).map((year, index) => ({ ...year, id: index + 1 }));
  }

  ask(scope: FortnoxScope): void {
    if (this.#withheld.has(scope)) throw new FortnoxRefusal(403, 2000663, `Har inte behörighet för scope: ${scope}.`);
  }

  yearOf(date: PlainDate): HeldYear | undefined {
    return this.years.find(({ from, to }) => from <= date && date <= to);
  }

  /** Numbers count up in a series and begin again with every financial year. */
  post(given: VoucherDraft): HeldFortnoxVoucher {
    this.#check(given);
    const draft = this.#alteration?.(given) ?? given;
    this.#alteration = undefined;
    const before = this.vouchers.filter(({ series, year }) => series === draft.series && year === draft.year);
    const number = 1 + Math.max(0, ...before.map((one) => one.number));
    const held = { ...draft, number, createdAt: this.#now() };
    this.vouchers = [...this.vouchers, held];
    return held;
  }

  voucher(series: string, number: number, year: number): HeldFortnoxVoucher {
    const found = this.vouchers.find((one) => one.series === series && one.number === number && one.year === year);
    if (found !== undefined) return found;
    throw new FortnoxRefusal(404, 2000428, 'Verifikationen hittades inte.');
  }

  /** The next voucher is kept otherwise than it came. */
  alterNext(alteration: (draft: VoucherDraft) => VoucherDraft): void {
    this.#alteration = alteration;
  }

  balances(): Record<string, Amount> {
    const balances: Record<string, Amount> = {};
    for (const { account, amount } of this.vouchers.flatMap(({ rows }) => rows)) {
      balances[account] = add(balances[account] ?? zero, amount);
    }
    return balances;
  }

  #check({ date, year, series, rows }: VoucherDraft): void {
    if (this.yearOf(date)?.id !== year) refuse(2000479, `Datumet ${date} ligger inte i räkenskapsåret.`);
    if (this.lockedThrough !== undefined && date <= this.lockedThrough) {
      refuse(2000533, `Perioden är låst till och med ${this.lockedThrough}.`);
    }
    if (this.series.get(series)?.isManual === false) refuse(2000595, `Verifikationsserien ${series} är inte manuell.`);
    if (sum(rows.map(({ amount }) => amount)) !== 0) refuse(2000586, 'Verifikationen balanserar inte.');
  }
}

function refuse(code: number, message: string): never {
  throw new FortnoxRefusal(400, code, message);
}

const calendarYears: readonly FortnoxYearOptions[] = Array.from({ length: 11 }, (_, index) => ({
  from: plainDate(`${2019 + index}-01-01`),
  to: plainDate(`${2019 + index}-12-31`),
}));
