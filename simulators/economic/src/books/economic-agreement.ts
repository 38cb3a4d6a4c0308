import { add, addDays, containedVat, negate, plainDate, subtract, sum, zero, addedVat } from '@bilag/core';
import type { Amount, PlainDate } from '@bilag/core';
import {
  defaultEconomicAccounts,
  defaultEconomicJournal,
  defaultEconomicVat,
  type EconomicAccountOptions,
  type EconomicAgreementOptions,
  type EconomicJournalOptions,
  type EconomicVatOptions,
} from '../economic-options.ts';
import { EconomicRefusal } from './economic-refusal.ts';
import type { BookedEntry, DraftEntry, HeldDocument, HeldPeriod } from './held-entry.ts';

/** A line that is checked: what is to be held of it. */
export type DraftParts = Omit<DraftEntry, 'entryNumber' | 'createdAt' | 'voucherNumber'> & {
  readonly voucherNumber: number | undefined;
};

/** One agreement: its registers, its journals, and its ledger. */
export class EconomicAgreement {
  readonly options: EconomicAgreementOptions;
  readonly accounts: ReadonlyMap<string, EconomicAccountOptions>;
  readonly vat: ReadonlyMap<string, EconomicVatOptions>;
  readonly journals: Map<number, EconomicJournalOptions>;
  documents: readonly HeldDocument[] = [];
  lockedThrough: PlainDate | undefined;
  drafts: readonly DraftEntry[] = [];
  booked: readonly BookedEntry[] = [];
  readonly #now: () => number;
  readonly #months: readonly Omit<HeldPeriod, 'isClosed' | 'isBarred'>[];
  #alteration: ((parts: readonly DraftParts[]) => readonly DraftParts[]) | undefined;

  constructor(options: EconomicAgreementOptions, now: () => number) {
    this.options = options;
    this.#now = now;
    this.lockedThrough = options.lockedThrough;
    this.#months = monthsOf(options.years ?? Array.from({ length: 11 }, (_, index) => 2019 + index));
    this.accounts = new Map(
      [...defaultEconomicAccounts, ...(options.accounts ?? [])].map((one) => [one.number, one] as const),
    );
    this.vat = new Map([...defaultEconomicVat, ...(options.vat ?? [])].map((one) => [one.code, one] as const));
    this.journals = new Map((options.journals ?? [defaultEconomicJournal]).map((one) => [one.number, one] as const));
  }

  get baseCurrency(): string {
    return this.options.baseCurrency ?? 'DKK';
  }

  /** Calendar months of the years that are set up, oldest first. */
  periods(): HeldPeriod[] {
    const { closedYears = [] } = this.options;
    return this.#months.map((month) => ({
      ...month,
      isClosed: closedYears.includes(Number(month.year)),
      isBarred: this.lockedThrough !== undefined && month.to <= this.lockedThrough,
    }));
  }

  /** Adds lines to a journal, all of them or none. */
  draft(given: readonly DraftParts[]): DraftEntry[] {
    const parts = this.#alteration?.(given) ?? given;
    this.#alteration = undefined;
    const createdAt = this.#now();
    let next = this.#nextEntry();
    const made = parts.map((one): DraftEntry => ({
      ...one,
      voucherNumber: one.voucherNumber ?? this.#nextVoucher(one.journalNumber),
      entryNumber: next++,
      createdAt,
    }));
    this.drafts = [...this.drafts, ...made];
    return made;
  }

  deleteDraft(entryNumber: number): void {
    if (!this.drafts.some((one) => one.entryNumber === entryNumber)) throw noEntry(entryNumber);
    this.drafts = this.drafts.filter((one) => one.entryNumber !== entryNumber);
  }

  /** Moves lines of a journal into the ledger: all of them, or none where they may not be booked together. */
  book(journalNumber: number, entryNumbers: readonly number[]): void {
    const journal = this.journals.get(journalNumber);
    if (journal === undefined) throw new EconomicRefusal(404, 'JournalDoesNotExist', 'The journal does not exist.');
    const wanted = entryNumbers.map((number) => {
      const found = this.drafts.find((one) => one.entryNumber === number && one.journalNumber === journalNumber);
      if (found === undefined) throw noEntry(number);
      return found;
    });
    if (journal.requiresApproval === true) {
      throw new EconomicRefusal(400, 'JournalEntriesNotApproved', 'The entries are not approved by an administrator.');
    }
    for (const entry of wanted) this.checkDate(entry.date, 'entryNumbers');
    refuseUnbalanced(journal, wanted);
    const bookedAt = this.#now();
    let next = this.#nextEntry();
    const made = wanted.flatMap((entry) =>
      this.postingsOf(entry).map((posting): BookedEntry => ({ ...posting, entryNumber: next++, bookedAt })),
    );
    this.booked = [...this.booked, ...made];
    if (journal.isStanding !== true) this.drafts = this.drafts.filter((one) => !wanted.includes(one));
  }

  /** What a line becomes in the ledger. The VAT's own entries stand beside it. */
  postingsOf(entry: DraftEntry): Omit<BookedEntry, 'entryNumber' | 'bookedAt'>[] {
    const { account, contraAccount, vatCode, contraVatCode, amount } = entry;
    return [
      ...(account === undefined ? [] : this.#sideOf(entry, account, amount, vatCode)),
      ...(contraAccount === undefined ? [] : this.#sideOf(entry, contraAccount, negate(amount), contraVatCode)),
    ];
  }

  /** The refusal of a date that is not open. */
  checkDate(date: PlainDate, property: string): void {
    const period = this.periods().find(({ from, to }) => from <= date && date <= to);
    const refuse = (code: string, words: string): never => {
      throw new EconomicRefusal(400, code, `The accounting year of ${date} ${words}.`, property);
    };
    if (period === undefined) return refuse('JournalEntryDateAccountingYearDoesNotExist', 'does not exist');
    if (period.isClosed) return refuse('JournalEntryDateAccountingYearClosed', 'is closed');
    if (period.isBarred) return refuse('JournalEntryDateAccountingYearPeriodBarred', 'has that period barred');
  }

  /** The next lines that are drafted are kept otherwise than they came. */
  alterNext(alteration: (parts: readonly DraftParts[]) => readonly DraftParts[]): void {
    this.#alteration = alteration;
  }

  /** The balance of every account in the ledger, debit − credit. */
  balances(): Record<string, Amount> {
    const balances: Record<string, Amount> = {};
    for (const { account, amount } of this.booked) balances[account] = add(balances[account] ?? zero, amount);
    return balances;
  }

  #sideOf(
    { voucherNumber, date, currency, text }: DraftEntry,
    account: string,
    gross: Amount,
    code: string | undefined,
  ): Omit<BookedEntry, 'entryNumber' | 'bookedAt'>[] {
    const vat = code === undefined ? undefined : this.vat.get(code);
    const common = { voucherNumber, date, currency, text };
    const rate = Math.round((vat?.ratePercentage ?? 0) * 100);
    const own = (number: string, value: Amount) => ({ ...common, account: number, amount: value, vatCode: undefined });
    if (vat?.account === undefined || rate === 0) return [{ ...common, account, amount: gross, vatCode: code }];
    if (vat.contraAccount !== undefined) {
      const owed = addedVat(gross, rate);
      return [
        { ...common, account, amount: gross, vatCode: code },
        own(vat.account, owed),
        own(vat.contraAccount, negate(owed)),
      ];
    }
    const contained = containedVat(gross, rate);
    const net = { ...common, account, amount: subtract(gross, contained), vatCode: code };
    return contained === 0 ? [net] : [net, own(vat.account, contained)];
  }

  /** Identifiers are used again after what had them was deleted. */
  #nextEntry(): number {
    return 1 + Math.max(0, ...[...this.drafts, ...this.booked].map(({ entryNumber }) => entryNumber));
  }

  #nextVoucher(journalNumber: number): number {
    const { minimumVoucherNumber = 1 } = this.journals.get(journalNumber) ?? {};
    const taken = [...this.drafts, ...this.booked].map(({ voucherNumber }) => voucherNumber);
    return Math.max(minimumVoucherNumber - 1, ...taken) + 1;
  }
}

function monthsOf(years: readonly number[]): Omit<HeldPeriod, 'isClosed' | 'isBarred'>[] {
  return years.flatMap((year) =>
    Array.from({ length: 12 }, (_, month) => {
      const from = plainDate(`${year}-${String(month + 1).padStart(2, '0')}-01`);
      const next = month === 11 ? `${year + 1}-01-01` : `${year}-${String(month + 2).padStart(2, '0')}-01`;
      return { year: String(year), number: month + 1, from, to: addDays(plainDate(next), -1) };
    }),
  );
}

/** By month or by date, and by voucher where the journal asks for that. */
function refuseUnbalanced(journal: EconomicJournalOptions, entries: readonly DraftEntry[]): void {
  const open = entries.filter(({ contraAccount, account }) => contraAccount === undefined || account === undefined);
  const groups = Map.groupBy(open, ({ date, voucherNumber }) => {
    const span = journal.balancesByMonth === true ? date.slice(0, 7) : date;
    return journal.requiresBalancePerVoucher === true ? `${span}, voucher ${voucherNumber}` : span;
  });
  for (const [place, group] of groups) {
    const total = sum(group.map(({ account, amount }) => (account === undefined ? negate(amount) : amount)));
    if (total !== 0) throw new EconomicRefusal(400, 'JournalEntriesNotInBalance', `Not in balance: ${place}.`);
  }
}

function noEntry(entryNumber: number): EconomicRefusal {
  return new EconomicRefusal(404, 'JournalEntryDoesNotExist', `There is no entry ${entryNumber}.`, 'entryNumber');
}
