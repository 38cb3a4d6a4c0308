import { add, negate, plainDate, zero, type Amount, type PlainDate } from '@bilag/core';
import {
  defaultBusinessCentralAccounts,
  defaultBusinessCentralDimensions,
  defaultBusinessCentralJournals,
  defaultBusinessCentralVatGroups,
  type BusinessCentralAccountOptions,
  type BusinessCentralCompanyOptions,
  type BusinessCentralJournalOptions,
  type BusinessCentralVatGroupOptions,
} from '../business-central-options.ts';
import { noSuch, refusedByLogic } from './business-central-refusal.ts';
import type { HeldAttachment, HeldEntry, HeldLine, HeldPeriod } from './held.ts';
import { entriesOf } from './journal-posting.ts';

/** A line that is checked: what is to be held of it. */
export type LineParts = Omit<HeldLine, 'id' | 'lineNumber' | 'createdAt'>;

type Books = Pick<BusinessCentralCompany, 'lines' | 'entries' | 'attachments'>;

/** One company: its registers, its journals, and its ledger. */
export class BusinessCentralCompany {
  readonly options: BusinessCentralCompanyOptions;
  readonly id: string;
  readonly accounts: Map<string, BusinessCentralAccountOptions>;
  readonly vatGroups: ReadonlyMap<string, BusinessCentralVatGroupOptions>;
  readonly dimensions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly periods: readonly HeldPeriod[];
  journals: readonly (BusinessCentralJournalOptions & { readonly id: string })[];
  allowPostingFrom: PlainDate | undefined;
  allowPostingTo: PlainDate | undefined;
  lines: readonly HeldLine[] = [];
  entries: readonly HeldEntry[] = [];
  attachments: readonly HeldAttachment[] = [];
  readonly #place: number;
  readonly #now: () => number;
  #alteration: ((line: LineParts) => LineParts) | undefined;
  readonly #reversed: Set<string> = new Set();
  #made = 0;

  constructor(options: BusinessCentralCompanyOptions, place: number, now: () => number) {
    this.options = options;
    this.#place = place;
    this.#now = now;
    this.id = this.newId();
    this.allowPostingFrom = options.allowPostingFrom;
    this.allowPostingTo = options.allowPostingTo;
    const { accounts = [], vatGroups = [], journals = defaultBusinessCentralJournals } = options;
    this.accounts = new Map([...defaultBusinessCentralAccounts, ...accounts].map((one) => [one.number, one] as const));
    this.vatGroups = new Map([...defaultBusinessCentralVatGroups, ...vatGroups].map((one) => [one.code, one] as const));
    this.journals = journals.map((one) => ({ ...one, id: this.newId() }));
    this.dimensions = options.dimensions ?? defaultBusinessCentralDimensions;
    this.periods = periodsOf(
      options.years ?? Array.from({ length: 11 }, (_, index) => 2019 + index),
      options.closedYears,
    );
  }

  /** A GUID that nothing else has. */
  newId(): string {
    this.#made += 1;
    const [place, count] = [this.#place, this.#made].map((number) => number.toString(16));
    return `${place?.padStart(8, '0')}-0000-4000-8000-${count?.padStart(12, '0')}`;
  }

  journal(id: string): BusinessCentralCompany['journals'][number] {
    const found = this.journals.find((one) => one.id === id);
    if (found !== undefined) return found;
    throw noSuch(`journals(${id})`);
  }

  /** Adds a line at the end of its journal. */
  insert(given: LineParts): HeldLine {
    const parts = this.#alteration?.(given) ?? given;
    this.#alteration = undefined;
    const last = Math.max(
      0,
      ...this.lines.filter(({ journal }) => journal === parts.journal).map((one) => one.lineNumber),
    );
    const line = { ...parts, id: this.newId(), lineNumber: last + 10_000, createdAt: this.#now() };
    this.lines = [...this.lines, line];
    return line;
  }

  deleteLine(id: string): void {
    if (!this.lines.some((line) => line.id === id)) throw noSuch(`journalLines(${id})`);
    this.lines = this.lines.filter((line) => line.id !== id);
  }

  /** Posts everything in a journal, or nothing of it. */
  post(journalId: string): void {
    const journal = this.journal(journalId);
    const own = this.lines.filter((line) => line.journal === journal.id);
    const posted = entriesOf(own, journal, this);
    this.enter(posted);
    this.attachments = this.attachments.map((file) => {
      const line = own.find((one) => one.documentNumber === file.documentNumber);
      const entry = line === undefined ? undefined : posted.find(({ line: from }) => from === line);
      return entry === undefined ? file : { ...file, documentNumber: entry.documentNumber };
    });
    this.lines = this.lines.filter((line) => !own.includes(line));
  }

  /** Makes entries of the ledger. */
  enter(made: readonly Omit<HeldEntry, 'id' | 'entryNumber' | 'createdAt'>[]): void {
    let next = (this.entries.at(-1)?.entryNumber ?? 0) + 1;
    const entries = made.map(({ postingDate, documentNumber, account, amount, description, dimensions }): HeldEntry => {
      const about = { postingDate, documentNumber, account, amount, description, dimensions };
      return { ...about, id: this.newId(), entryNumber: next++, createdAt: this.#now() };
    });
    this.entries = [...this.entries, ...entries];
  }

  /**
   * A person reverses what was posted under a document number: the same entries with the other sign, under the same number. What was
   * reversed is not reversed again.
   */
  reverse(documentNumber: string): void {
    const own = this.entries.filter((entry) => entry.documentNumber === documentNumber);
    if (this.#reversed.has(documentNumber)) throw refusedByLogic('You cannot reverse entries that have been reversed.');
    this.#reversed.add(documentNumber);
    this.enter(own.map((entry) => ({ ...entry, amount: negate(entry.amount) })));
  }

  /** What everything is now, to return to it. */
  state(): Books {
    const { lines, entries, attachments } = this;
    return { lines, entries, attachments };
  }

  returnTo({ lines, entries, attachments }: Books): void {
    Object.assign(this, { lines, entries, attachments });
  }

  /** The next line is kept otherwise than it came. */
  alterNext(alteration: (line: LineParts) => LineParts): void {
    this.#alteration = alteration;
  }

  /** The balance of every account in the ledger, debit − credit. */
  balances(more: readonly Pick<HeldEntry, 'account' | 'amount'>[] = []): Record<string, Amount> {
    const balances: Record<string, Amount> = {};
    for (const { account, amount } of [...this.entries, ...more]) {
      balances[account] = add(balances[account] ?? zero, amount);
    }
    return balances;
  }
}

/** Months, and the first of the year after, in which nothing can be posted yet: so Business Central sets up a fiscal year. */
function periodsOf(years: readonly number[], closed: readonly number[] = []): HeldPeriod[] {
  const months = years.flatMap((year) =>
    Array.from({ length: 12 }, (_, month): HeldPeriod => {
      const startingDate = plainDate(`${year}-${String(month + 1).padStart(2, '0')}-01`);
      return { startingDate, isNewYear: month === 0, isClosed: closed.includes(year) };
    }),
  );
  const last = years.at(-1);
  if (last === undefined) return months;
  return [...months, { startingDate: plainDate(`${last + 1}-01-01`), isNewYear: true, isClosed: false }];
}
