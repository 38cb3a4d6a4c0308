import { add, containedVat, negate, plainDate, subtract, sum, zero, type Amount, type PlainDate } from '@bilag/core';
import {
  defaultUnimicroAccounts,
  defaultUnimicroVat,
  type UnimicroAccountOptions,
  type UnimicroCompanyOptions,
  type UnimicroRight,
  type UnimicroVatOptions,
  type UnimicroYearOptions,
} from '../unimicro-options.ts';
import type {
  HeldUnimicroDraftLine,
  EntryDraft,
  HeldUnimicroFile,
  HeldUnimicroLine,
  HeldUnimicroEntry,
} from './held-entry.ts';
import { refuse, UnimicroRefusal } from './unimicro-refusal.ts';

/** A row of a register, with the id it is referred to by. */
export type Registered<Row> = Row & { readonly id: number };

/** One company: its registers, drafts and booked entries. Nothing that is booked is ever deleted. */
export class UnimicroCompany {
  readonly options: UnimicroCompanyOptions;
  readonly accounts: readonly Registered<UnimicroAccountOptions>[];
  readonly vat: readonly Registered<UnimicroVatOptions>[];
  readonly years: readonly Registered<UnimicroYearOptions>[];
  readonly departments: readonly Registered<{ readonly number: string; readonly name: string }>[];
  readonly projects: readonly Registered<{ readonly number: string; readonly name: string }>[];
  readonly files: HeldUnimicroFile[] = [];
  lockedThrough: PlainDate | undefined;
  vatLockedThrough: PlainDate | undefined;
  readonly #entries: Map<number, HeldUnimicroEntry> = new Map();
  /** Line → entry. */
  readonly #owners: Map<number, number> = new Map();
  readonly #now: () => number;
  readonly #creditsInSameEntry: boolean;
  #alteration: ((lines: readonly HeldUnimicroDraftLine[]) => readonly HeldUnimicroDraftLine[]) | undefined;
  #given = 0;

  constructor(options: UnimicroCompanyOptions, now: () => number, creditsInSameEntry: boolean) {
    this.options = options;
    this.#now = now;
    this.#creditsInSameEntry = creditsInSameEntry;
    this.lockedThrough = options.lockedThrough;
    this.vatLockedThrough = options.vatLockedThrough;
    const accounts = [...defaultUnimicroAccounts, ...(options.accounts ?? [])];
    const vat = [...defaultUnimicroVat, ...(options.vat ?? [])];
    this.accounts = numbered([...new Map(accounts.map((one) => [one.number, one])).values()], 300);
    this.vat = numbered([...new Map(vat.map((one) => [one.code, one])).values()], 1);
    this.years = numbered(options.years ?? calendarYears, 1);
    this.departments = numbered(namedRows(options.departments), 1);
    this.projects = numbered(namedRows(options.projects), 1);
  }

  ask(right: UnimicroRight): void {
    if (this.options.withoutRights?.includes(right) === true) {
      throw new UnimicroRefusal(403, `Applikasjonen mangler rettigheten ${right}.`);
    }
  }

  draft(given: EntryDraft): HeldUnimicroEntry {
    return this.#keep(given, undefined);
  }

  /** Books all of them, or none. */
  book(given: readonly EntryDraft[]): HeldUnimicroEntry[] {
    for (const { draftLines } of given) this.#check(draftLines);
    return given.map((one) => {
      const draftLines = this.#altered(one.draftLines);
      return this.#keep({ ...one, draftLines }, this.#nextNumber(dateOf(draftLines)));
    });
  }

  /** A person books what waits. */
  bookDraft(id: number): void {
    const held = this.entry(id);
    this.#check(held.draftLines);
    const number = this.#nextNumber(dateOf(held.draftLines));
    this.#replace({ ...held, number, lines: this.ledgerLines(held.draftLines) });
  }

  /** Takes a booked entry back by the opposite of each of its lines. */
  credit(id: number, date: PlainDate): HeldUnimicroEntry {
    const held = this.entry(id);
    const open = held.lines.filter(
      ({ creditedBy, credits }) => creditedBy === undefined && (credits === undefined || !this.#creditsInSameEntry),
    );
    if (open.length === 0) refuse('Bilaget er en kladd, eller allerede kreditert.');
    this.#checkDate(date, open);
    const ids = new Map(open.map((line) => [line.id, (this.#given += 1)]));
    const lines = open.map((line): HeldUnimicroLine => {
      const own = { id: ids.get(line.id) ?? 0, vatOf: line.vatOf === undefined ? undefined : ids.get(line.vatOf) };
      return { ...line, ...own, date, amount: negate(line.amount), credits: line.id, creditedBy: undefined };
    });
    const credited = held.lines.map((line) => ({ ...line, creditedBy: ids.get(line.id) ?? line.creditedBy }));
    if (this.#creditsInSameEntry) return this.#replace({ ...held, lines: [...credited, ...lines] });
    this.#replace({ ...held, lines: credited });
    const entry: HeldUnimicroEntry = {
      id: (this.#given += 1),
      reference: '',
      source: '',
      description: `Kreditering av bilag ${held.number}`,
      number: this.#nextNumber(date),
      draftLines: [],
      lines,
      createdAt: this.#now(),
    };
    return this.#replace(entry);
  }

  /** Oldest first. */
  get entries(): readonly HeldUnimicroEntry[] {
    return [...this.#entries.values()];
  }

  /** The entry that a line stands in. */
  ownerOf(lineId: number): number | undefined {
    return this.#owners.get(lineId);
  }

  entry(id: number): HeldUnimicroEntry {
    const found = this.#entries.get(id);
    if (found !== undefined) return found;
    throw new UnimicroRefusal(404, `Fant ikke bilag med ID ${id}.`);
  }

  change(id: number, changes: Partial<HeldUnimicroEntry>): void {
    this.#replace({ ...this.entry(id), ...changes });
  }

  deleteDraft(id: number): void {
    if (this.entry(id).number !== undefined) refuse('Et bokført bilag kan ikke slettes.');
    this.#entries.delete(id);
  }

  /** The next entry is kept otherwise than it came. */
  alterNext(alteration: (lines: readonly HeldUnimicroDraftLine[]) => readonly HeldUnimicroDraftLine[]): void {
    this.#alteration = alteration;
  }

  /** What stands in the ledger of these lines, or will stand there: net, each followed by its VAT. */
  ledgerLines(draftLines: readonly HeldUnimicroDraftLine[]): HeldUnimicroLine[] {
    return draftLines.flatMap((line): HeldUnimicroLine[] => {
      const vat = this.vat.find(({ code }) => code === line.vatCode);
      const base = { ...line, id: (this.#given += 1), vatOf: undefined, credits: undefined, creditedBy: undefined };
      const contained = vat === undefined ? zero : containedVat(line.amount, vat.rateBasisPoints);
      if (vat === undefined || vat.account === null || contained === 0) return [base];
      const description = `${line.account}, mva ${vat.name}`;
      const own = {
        ...base,
        id: (this.#given += 1),
        vatOf: base.id,
        account: vat.account,
        amount: contained,
        description,
      };
      return [{ ...base, amount: subtract(line.amount, contained) }, own];
    });
  }

  balances({ withDrafts = false }: { readonly withDrafts?: boolean } = {}): Record<string, Amount> {
    const balances: Record<string, Amount> = {};
    for (const { number, lines, draftLines } of this.entries) {
      const counted = number === undefined ? (withDrafts ? this.ledgerLines(draftLines) : []) : lines;
      for (const { account, amount } of counted) balances[account] = add(balances[account] ?? zero, amount);
    }
    return balances;
  }

  #keep(given: EntryDraft, number: string | undefined): HeldUnimicroEntry {
    const draftLines = number === undefined ? this.#altered(given.draftLines) : given.draftLines;
    const lines = number === undefined ? [] : this.ledgerLines(draftLines);
    const entry = { ...given, draftLines, lines, number, id: (this.#given += 1), createdAt: this.#now() };
    return this.#replace(entry);
  }

  #altered(lines: readonly HeldUnimicroDraftLine[]): readonly HeldUnimicroDraftLine[] {
    const altered = this.#alteration?.(lines) ?? lines;
    this.#alteration = undefined;
    return altered;
  }

  #replace(entry: HeldUnimicroEntry): HeldUnimicroEntry {
    this.#entries.set(entry.id, entry);
    for (const { id } of entry.lines) this.#owners.set(id, entry.id);
    return entry;
  }

  #nextNumber(date: PlainDate): string {
    const year = date.slice(0, 4);
    const before = this.entries.filter(({ number }) => number?.endsWith(`-${year}`) === true).length;
    return `${before + 1}-${year}`;
  }

  #check(lines: readonly HeldUnimicroDraftLine[]): void {
    if (sum(lines.map(({ amount }) => amount)) !== 0) refuse('Bilaget går ikke i balanse.');
    for (const date of new Set(lines.map((line) => line.date))) {
      this.#checkDate(
        date,
        lines.filter((line) => line.date === date),
      );
    }
    for (const { account, amount } of lines) {
      if (amount === 0) refuse('Beløp kan ikke være 0.');
      const { isInactive, isLocked, isLockedForManualPosts } =
        this.accounts.find((one) => one.number === account) ?? {};
      if (isInactive === true) refuse(`Konto ${account} er ikke aktiv.`);
      if (isLocked === true || isLockedForManualPosts === true)
        refuse(`Konto ${account} er låst for manuell bokføring.`);
    }
  }

  #checkDate(date: PlainDate, lines: readonly Pick<HeldUnimicroDraftLine, 'vatCode'>[]): void {
    if (!this.years.some(({ from, to }) => from <= date && date <= to)) refuse(`Regnskapsår for ${date} finnes ikke.`);
    if (this.lockedThrough !== undefined && date <= this.lockedThrough) {
      refuse(`Regnskapet er låst til og med ${this.lockedThrough}.`);
    }
    const hasVat = lines.some(({ vatCode }) => vatCode !== undefined && vatCode !== '0');
    if (hasVat && this.vatLockedThrough !== undefined && date <= this.vatLockedThrough) {
      refuse(`Mva er låst til og med ${this.vatLockedThrough}.`);
    }
  }
}

function dateOf(lines: readonly HeldUnimicroDraftLine[]): PlainDate {
  return lines[0]?.date ?? plainDate('1970-01-01');
}

function numbered<Row>(rows: readonly Row[], from: number): Registered<Row>[] {
  return rows.map((row, index) => ({ ...row, id: from + index }));
}

function namedRows(rows: Readonly<Record<string, string>> = {}): { readonly number: string; readonly name: string }[] {
  return Object.entries(rows).map(([number, name]) => ({ number, name }));
}

const calendarYears: readonly UnimicroYearOptions[] = Array.from({ length: 11 }, (_, index) => ({
  from: plainDate(`${2019 + index}-01-01`),
  to: plainDate(`${2019 + index}-12-31`),
}));
