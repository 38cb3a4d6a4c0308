import {
  add,
  addedVat,
  amount,
  containedVat,
  negate,
  subtract,
  sum,
  type Amount,
  type DocumentKind,
  type PlainDate,
  type PostedLine,
  type VatView,
} from '@bilag/core';
import type { BackDoor, HeldFile, HeldPosting, HeldVoucher } from './back-door.ts';

/** A line as a fake target is told of it and shows it again: in its own VAT view. */
export interface FakeLine extends PostedLine {
  readonly text?: string;
}

/** What a fake target is told to book. */
export interface FakeEntry {
  readonly reference: string;
  readonly document?: DocumentKind;
  readonly date: PlainDate;
  readonly currency: string;
  readonly description: string;
  readonly lines: readonly FakeLine[];
}

/** What books are made of. */
export interface FakeBooksOptions {
  /** Milliseconds since the epoch: the world's clock. */
  readonly now: () => number;
  /** How the target takes VAT: with `gross` and `net` it computes the VAT's own postings itself. */
  readonly view: VatView;
  readonly accounts: readonly string[];
  readonly vatCodes: readonly {
    readonly code: string;
    readonly rateBasisPoints: number;
    readonly account: string | null;
  }[];
  /** Dimension → the values it knows. */
  readonly dimensions?: Readonly<Record<string, readonly string[]>>;
  /** Whether a second voucher with a reference is refused, as by a target that tells duplicates itself. */
  readonly isReferenceUnique?: boolean;
  /** The id of the voucher that is booked as the n-th, from 1; `1001` and so on by default. */
  readonly idOf?: (ordinal: number, entry: FakeEntry) => string;
}

/** Why a fake target refuses. */
export type FakeRefusalReason =
  | 'locked'
  | 'unknown-account'
  | 'unknown-vat-code'
  | 'unknown-dimension'
  | 'no-amount'
  | 'unbalanced'
  | 'duplicate'
  | 'not-found';

/** A refusal of the fake's own books: the handler says it in the vendor's words. */
export class FakeRefusal extends Error {
  override readonly name: string = 'FakeRefusal';
  readonly reason: FakeRefusalReason;
  /** The line it is about, from 0; absent where it is about the whole. */
  readonly line: number | undefined;
  /** What is there already, of a duplicate. */
  readonly id: string | undefined;

  constructor(reason: FakeRefusalReason, about: { readonly line?: number; readonly id?: string } = {}) {
    super(about.line === undefined ? reason : `${reason} in line ${about.line + 1}`);
    this.reason = reason;
    this.line = about.line;
    this.id = about.id;
  }
}

/** A voucher in the fake's books, with its lines as the fake shows them over the wire. */
export interface FakeVoucher extends Omit<HeldVoucher, 'postings' | 'files'> {
  readonly lines: readonly FakeLine[];
}

/**
 * The books of a fake target, to be put behind a handler that speaks the vendor's language: it checks, books and searches
 * as accounting systems do, and is the back door at the same time.
 *
 * @example
 * ```ts
 * import { FakeBooks } from '@bilag/conformance';
 * import { amount, plainDate } from '@bilag/core';
 *
 * const books = new FakeBooks({
 *   now: () => 0,
 *   view: 'gross',
 *   accounts: ['1579', '3000', '2700'],
 *   vatCodes: [{ code: '3', rateBasisPoints: 2500, account: '2700' }],
 * });
 * books.commit({
 *   reference: '302401-20260302',
 *   date: plainDate('2026-03-02'),
 *   currency: 'NOK',
 *   description: 'Vipps',
 *   lines: [{ account: '1579', amount: amount(500) }, { account: '3000', amount: amount(-500), vatCode: '3' }],
 * });
 * books.held()[0]?.postings.map(({ account, amount }) => [account, amount]); // => [['1579', 500], ['3000', -400], ['2700', -100]]
 * ```
 */
export class FakeBooks implements BackDoor {
  readonly #options: FakeBooksOptions;
  readonly #vouchers: Stored[] = [];
  #lockedThrough = '';
  #shownAfterMs = 0;
  #altersNext = false;

  constructor(options: FakeBooksOptions) {
    this.#options = options;
  }

  /** Books an entry, or throws {@link FakeRefusal} and books nothing. */
  commit(entry: FakeEntry): FakeVoucher {
    return this.#store(entry, {});
  }

  /** The voucher with this id, shown in a search or not. Throws `not-found`. */
  voucher(id: string): FakeVoucher {
    return shownOf(this.#stored(id));
  }

  /** What a search for the reference shows by now. */
  find(reference: string): FakeVoucher[] {
    return this.#shown()
      .filter((stored) => stored.entry.reference === reference)
      .map(shownOf);
  }

  /** What a search between two dates, both included, shows by now. */
  list(from: PlainDate, to: PlainDate): FakeVoucher[] {
    return this.#shown()
      .filter(({ entry }) => entry.date >= from && entry.date <= to)
      .map(shownOf);
  }

  /** Books the opposite under a reference of its own, and marks the first as reversed. One that is reversed gives its reversal again. */
  reverse(id: string, date: PlainDate, reference: string): FakeVoucher {
    const stored = this.#stored(id);
    const earlier = this.#vouchers.find(({ reverses }) => reverses === id);
    if (earlier !== undefined) return shownOf(earlier);
    const lines = stored.entry.lines.map((line) => ({ ...line, amount: negate(line.amount) }));
    const reversal = this.#store({ ...stored.entry, lines, date, reference }, { reverses: id });
    stored.state = 'reversed';
    return reversal;
  }

  /** The names of the files that lie with a voucher. */
  fileNames(id: string): string[] {
    return this.#stored(id).files.map(({ name }) => name);
  }

  /** Adds a file to a voucher; nobody sees to it that it is added once. */
  attach(id: string, file: HeldFile): void {
    this.#stored(id).files.push({ name: file.name, content: file.content.slice() });
  }

  held(): readonly HeldVoucher[] {
    return this.#vouchers.map((stored) => {
      const { lines, ...voucher } = shownOf(stored);
      return { ...voucher, postings: lines.flatMap((line) => this.#postingsOf(line)), files: [...stored.files] };
    });
  }

  lockThrough(date: PlainDate): void {
    this.#lockedThrough = date;
  }

  showAfter(ms: number): void {
    this.#shownAfterMs = ms;
  }

  edit(id: string): void {
    const stored = this.#stored(id);
    stored.entry = altered(stored.entry);
  }

  alterNext(): void {
    this.#altersNext = true;
  }

  #store(entry: FakeEntry, { reverses }: { readonly reverses?: string }): FakeVoucher {
    this.#check(entry);
    const { idOf = (ordinal: number) => String(1000 + ordinal) } = this.#options;
    const stored: Stored = {
      id: idOf(this.#vouchers.length + 1, entry),
      entry: this.#altersNext ? altered(entry) : entry,
      state: 'live',
      reverses,
      shownAt: this.#options.now() + this.#shownAfterMs,
      files: [],
    };
    this.#altersNext = false;
    this.#vouchers.push(stored);
    return shownOf(stored);
  }

  #check({ date, reference, lines }: FakeEntry): void {
    const { accounts, dimensions: known = {}, isReferenceUnique = false } = this.#options;
    if (date <= this.#lockedThrough) throw new FakeRefusal('locked');
    for (const [line, { account, vatCode, amount: value, dimensions = {} }] of lines.entries()) {
      if (!accounts.includes(account)) throw new FakeRefusal('unknown-account', { line });
      if (vatCode !== undefined && !this.#knowsCode(vatCode)) throw new FakeRefusal('unknown-vat-code', { line });
      if (value === 0) throw new FakeRefusal('no-amount', { line });
      const isUnknown = Object.entries(dimensions).some(([type, id]) => known[type]?.includes(id) !== true);
      if (isUnknown) throw new FakeRefusal('unknown-dimension', { line });
    }
    const postings = lines.flatMap((line) => this.#postingsOf(line));
    if (sum(postings.map((posting) => posting.amount)) !== 0) throw new FakeRefusal('unbalanced');
    const twin = this.#vouchers.find((stored) => stored.entry.reference === reference && stored.state === 'live');
    if (isReferenceUnique && twin !== undefined) throw new FakeRefusal('duplicate', { id: twin.id });
  }

  #knowsCode(code: string): boolean {
    return this.#options.vatCodes.some((known) => known.code === code);
  }

  /** What the ledger shows of a line: in the gross and net views the target adds the VAT. */
  #postingsOf(line: FakeLine): HeldPosting[] {
    const { view, vatCodes } = this.#options;
    const vat = vatCodes.find(({ code }) => code === line.vatCode);
    if (vat === undefined || vat.account === null || vat.rateBasisPoints === 0 || view === 'explicit') return [line];
    const added: Amount =
      view === 'gross' ? containedVat(line.amount, vat.rateBasisPoints) : addedVat(line.amount, vat.rateBasisPoints);
    const base = view === 'gross' ? { ...line, amount: subtract(line.amount, added) } : line;
    return added === 0 ? [base] : [base, { account: vat.account, amount: added }];
  }

  #shown(): Stored[] {
    const now = this.#options.now();
    return this.#vouchers.filter(({ shownAt }) => shownAt <= now);
  }

  #stored(id: string): Stored {
    const stored = this.#vouchers.find((one) => one.id === id);
    if (stored === undefined) throw new FakeRefusal('not-found');
    return stored;
  }
}

interface Stored {
  readonly id: string;
  entry: FakeEntry;
  state: HeldVoucher['state'];
  readonly reverses: string | undefined;
  readonly shownAt: number;
  readonly files: HeldFile[];
}

function shownOf({ id, entry, state, reverses }: Stored): FakeVoucher {
  return { id, state, document: 'journal', ...entry, ...(reverses === undefined ? {} : { reverses }) };
}

/** One krone more on the first line, and one less on the first other line without VAT (or the last). */
function altered(entry: FakeEntry): FakeEntry {
  const lines = [...entry.lines];
  const plain = lines.flatMap(({ vatCode }, index) => (vatCode === undefined ? [index] : []));
  const [first = 0, second = lines.length - 1] = plain;
  for (const [index, change] of [
    [first, amount(100)],
    [second, amount(-100)],
  ] as const) {
    const line = lines[index];
    if (line !== undefined) lines[index] = { ...line, amount: add(line.amount, change) };
  }
  return { ...entry, lines };
}
