import { add, plainDate, sum, zero, type Amount, type PlainDate } from '@bilag/core';
import {
  defaultEAccountingAccounts,
  type EAccountingAccountOptions,
  type EAccountingCompanyOptions,
  type EAccountingScope,
  type EAccountingYearOptions,
} from '../eaccounting-options.ts';
import { EAccountingRefusal, invalid } from './eaccounting-refusal.ts';
import type { HeldEAccountingFile, HeldEAccountingRow, HeldEAccountingVoucher, VoucherDraft } from './held-voucher.ts';

/** A row of a register, with the id it is referred to by. */
export type WithId<Row> = Row & { readonly id: string };

type Rows = readonly HeldEAccountingRow[];

/** One company: its registers, drafts and vouchers. No voucher is ever changed or deleted over the API. */
export class EAccountingCompany {
  readonly options: EAccountingCompanyOptions;
  readonly accounts: ReadonlyMap<string, EAccountingAccountOptions>;
  readonly projects: readonly WithId<{ readonly number: string; readonly name: string }>[];
  readonly files: Map<string, HeldEAccountingFile> = new Map();
  readonly vouchers: Map<string, HeldEAccountingVoucher> = new Map();
  years: readonly WithId<EAccountingYearOptions>[];
  lockedThrough: PlainDate | undefined;
  /** The last one of each series. */
  readonly #numbers: Map<string, number> = new Map();
  readonly #now: () => number;
  readonly #place: number;
  #alteration: ((rows: Rows) => Rows) | undefined;
  #given = 0;

  constructor(options: EAccountingCompanyOptions, place: number, now: () => number) {
    this.options = options;
    this.#place = place;
    this.#now = now;
    this.lockedThrough = options.lockedThrough;
    const accounts = [...defaultEAccountingAccounts, ...(options.accounts ?? [])];
    this.accounts = new Map(accounts.map((one) => [one.number, one] as const));
    this.years = (options.years ?? calendarYears).map((year) => ({ ...year, id: this.newId() }));
    const projects = Object.entries(options.projects ?? {});
    this.projects = projects.map(([number, name]) => ({ number, name, id: this.newId() }));
  }

  /** A UUID that counts up. */
  newId(): string {
    this.#given += 1;
    return `${String(this.#place).padStart(8, '0')}-0000-4000-8000-${String(this.#given).padStart(12, '0')}`;
  }

  ask(scope: EAccountingScope): void {
    if (this.options.withoutScopes?.includes(scope) !== true) return;
    throw new EAccountingRefusal(403, 4001, `The scope ${scope} is missing.`);
  }

  yearOf(date: PlainDate): WithId<EAccountingYearOptions> | undefined {
    return this.years.find(({ from, to }) => from <= date && date <= to);
  }

  /** Books are not looked at for a draft: it need not even balance. */
  draft(given: VoucherDraft): HeldEAccountingVoucher {
    return this.#keep({ ...given, rows: this.#altered(given.rows) }, { isDraft: true, type: 2 });
  }

  book(given: VoucherDraft, type = 2): HeldEAccountingVoucher {
    this.#check(given);
    return this.#keep({ ...given, rows: this.#altered(given.rows) }, { isDraft: false, type });
  }

  /** The draft goes, and a voucher with another id comes. */
  convert(id: string): HeldEAccountingVoucher {
    const draft = this.voucher(id, true);
    const voucher = this.book(draft);
    this.vouchers.delete(id);
    for (const file of this.files.values()) {
      if (file.documentId === id) this.files.set(file.id, { ...file, documentId: voucher.id });
    }
    return voucher;
  }

  voucher(id: string, isDraft: boolean): HeldEAccountingVoucher {
    const found = this.vouchers.get(id);
    if (found?.isDraft === isDraft) return found;
    throw new EAccountingRefusal(404, 4040, 'Not found.');
  }

  /** The next voucher is kept otherwise than it came. */
  alterNext(alteration: (rows: Rows) => Rows): void {
    this.#alteration = alteration;
  }

  balances({ withDrafts = false }: { readonly withDrafts?: boolean } = {}): Record<string, Amount> {
    const balances: Record<string, Amount> = {};
    for (const { isDraft, rows } of this.vouchers.values()) {
      for (const { account, amount } of isDraft && !withDrafts ? [] : rows) {
        balances[account] = add(balances[account] ?? zero, amount);
      }
    }
    return balances;
  }

  #keep(given: VoucherDraft, kind: Pick<HeldEAccountingVoucher, 'isDraft' | 'type'>): HeldEAccountingVoucher {
    const { date, text, series, rows } = given;
    const number = kind.isDraft ? undefined : 1 + (this.#numbers.get(series) ?? 0);
    if (number !== undefined) this.#numbers.set(series, number);
    const held = { ...kind, date, text, series, rows, number, id: this.newId(), createdAt: this.#now() };
    this.vouchers.set(held.id, held);
    return held;
  }

  #altered(rows: Rows): Rows {
    const altered = this.#alteration?.(rows) ?? rows;
    this.#alteration = undefined;
    return altered;
  }

  #check({ date, rows }: VoucherDraft): void {
    const year = this.yearOf(date);
    if (year === undefined)
      throw new EAccountingRefusal(400, 3001, 'There is no fiscal year for the date.', 'VoucherDate');
    if (year.isLocked === true) throw new EAccountingRefusal(400, 4038, 'The fiscal year is locked.', 'VoucherDate');
    if (this.lockedThrough !== undefined && date <= this.lockedThrough) {
      throw new EAccountingRefusal(400, 4026, 'The period is locked for accounting.', 'VoucherDate');
    }
    if (rows.length === 0 || sum(rows.map(({ amount }) => amount)) !== 0)
      invalid('Rows', 'The voucher is not balanced.');
  }
}

const calendarYears: readonly EAccountingYearOptions[] = Array.from({ length: 11 }, (_, index) => ({
  from: plainDate(`${2019 + index}-01-01`),
  to: plainDate(`${2019 + index}-12-31`),
}));
