import {
  amount,
  BilagError,
  decimalsOf,
  linesOf,
  voucherReference,
  type Amount,
  type Book,
  type PlainDate,
  type ViewedLine,
  type Voucher,
  named,
} from '@bilag/core';
import { CompactSet } from '../compact-set.ts';
import { monthAround } from './fiscal-year.ts';
import { partyKey, vouchersOf, type Model } from './model.ts';
import type { TransactionWriter } from './transaction-writer.ts';
import { withoutKroner } from './norwegian-vat.ts';
import { addTo, mostBytes, ReadingPrint } from './fingerprint.ts';

/** What the first pass over the book found: everything that stands in the file before the lines. */
export interface Survey {
  readonly accounts: ReadonlyMap<string, AccountMovement>;
  /** {@link partyBalanceKey} → debit − credit. */
  readonly parties: ReadonlyMap<string, Amount>;
  /** VAT code → the rates used, in basis points. */
  readonly taxRates: ReadonlyMap<string, ReadonlySet<number>>;
  /** Dimension → the values used. */
  readonly dimensions: ReadonlyMap<string, ReadonlySet<string>>;
  /** The kinds of voucher. */
  readonly documents: ReadonlySet<Voucher['document']>;
  /** The voucher series, as they first occur: each is a journal. */
  readonly journals: readonly string[];
  /** The accounting periods with vouchers, in order. */
  readonly periods: readonly SurveyedPeriod[];
  /** Whether the vouchers come period by period. */
  readonly inOrder: boolean;
  /** What everything that is written is made of; none where the second reading is known to be the first. */
  readonly print: ReadingPrint | undefined;
}

export interface AccountMovement {
  /** Debit − credit of the period. */
  net: Amount;
  readonly vatCodes: Set<string>;
}

/** An accounting period: what it holds, and how it must be cut to keep within the largest file. */
export interface SurveyedPeriod {
  /** Year and number as one sortable number. */
  readonly key: number;
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly parts: readonly Part[];
  /** Of each series the last with vouchers of it. */
  readonly lastParts: ReadonlyMap<string, Part>;
}

/** Consecutive vouchers of one period that fit in a file. */
export interface Part {
  readonly period: number;
  /** Position in the period of the voucher after the last. */
  end: number;
  bytes: number;
  transactions: number;
  debit: Amount;
  readonly journals: Set<string>;
}

/** The key of a party's balance on one account. */
export function partyBalanceKey(party: { readonly kind: string; readonly id: string }, account: string): string {
  return `${partyKey(party)}\n${account}`;
}

/** How a book is surveyed. */
export interface SurveyOptions {
  /** What transactions may take in a file. */
  readonly partBytes: number;
  /** Whether a second reading will have to prove that it is the same. */
  readonly isProved: boolean;
  /** What a voucher takes; absent: the most it can take. */
  readonly bytesOf?: (voucher: Voucher, lines: readonly ViewedLine[]) => number;
}

/** Reads the book once, checks every voucher against it, and counts. */
export async function surveyOf(
  model: Model,
  writer: TransactionWriter,
  { partBytes, isProved, bytesOf }: SurveyOptions,
): Promise<Survey> {
  const print = isProved ? new ReadingPrint() : undefined;
  const movements = new Movements(model);
  const periods = new Periods(model, partBytes);
  const journals = new Set<string>();
  const documents = new Set<Voucher['document']>();
  const references = new CompactSet();
  await eachVoucher(model.book, (voucher) => {
    refuseVoucher(voucher, model);
    if (!references.add(voucherReference(voucher))) throw delivered(voucher, 'is in the book twice');
    journals.add(voucher.series);
    documents.add(voucher.document);
    const lines = linesOf(voucher, 'explicit');
    writer.check(voucher, lines);
    const debit = movements.count(voucher, lines);
    const period = periods.periodOf(voucher);
    const most = addTo(print?.of(period.key, voucher.series) ?? mostBytes, voucher, lines);
    periods.count(period, voucher, debit, bytesOf?.(voucher, lines) ?? most);
  });
  const { accounts, parties, taxRates, dimensions } = movements;
  const { inOrder } = periods;
  return {
    accounts,
    parties,
    taxRates,
    dimensions,
    documents,
    journals: [...journals],
    periods: periods.finish(),
    inOrder,
    print,
  };
}

async function eachVoucher(book: Book, take: (voucher: Voucher) => void): Promise<void> {
  const vouchers = vouchersOf(book);
  try {
    for (;;) {
      const next = vouchers.next();
      // Most books are plain iterables: no needless turn of the event loop for each of a million vouchers.
      const { value, done } = 'then' in next ? await next : next;
      if (done === true) break;
      take(value);
    }
  } finally {
    await vouchers.return?.();
  }
}

/** The refusal for a book whose second reading is not its first. */
export function delivered(voucher: Voucher, what: string): BilagError {
  return new BilagError('conflict', {
    what: `the voucher ${what}`,
    where: `voucher ${voucherReference(voucher)}, ${voucher.date}`,
    action: 'nothing may be delivered from this book; find out which of the readings is right and export again',
  });
}

/** Throws `conflict` where two readings are not the same. */
export function mustRepeat(first: Survey, second: Survey): void {
  if (first.print === undefined || second.print === undefined) return;
  for (const { key, from, to, lastParts } of first.periods) {
    for (const series of lastParts.keys()) {
      if (!second.print.of(key, series).isLike(first.print.of(key, series)))
        throw differs(`series ${series}, ${from} to ${to}`);
    }
  }
}

export function differs(where: string): BilagError {
  return new BilagError('conflict', {
    what: 'the book did not repeat itself: its second reading differs from the first',
    where,
    action: 'discard the files written so far; see that nothing books or fetches meanwhile, and export again',
  });
}

function refuseVoucher(voucher: Voucher, { book }: Model): void {
  const refuse = (kind: 'rejected' | 'unsupported', what: string, action: string): BilagError =>
    new BilagError(kind, { what, where: `voucher ${voucherReference(voucher)}`, action });
  if (voucher.currency !== book.company.currency || decimalsOf(voucher.currency) !== 2) {
    const what = `the voucher is in ${voucher.currency} and the books are in ${book.company.currency}`;
    throw refuse('unsupported', what, 'keep one book for each currency; a rate is not known here');
  }
  if (voucher.date < book.period.from || voucher.date > book.period.to) {
    const what = `the voucher is dated ${voucher.date}, outside ${book.period.from} to ${book.period.to}`;
    throw refuse('rejected', what, 'give the book only the vouchers of its period');
  }
}

/** A balanced voucher whose VAT lines do not balance was not made by core. */
function unbalanced(voucher: Voucher): BilagError {
  return new BilagError('rejected', {
    what: 'the voucher does not balance once its VAT has lines of its own',
    where: `voucher ${voucherReference(voucher)}`,
    action: 'mend the VAT of its lines; nothing was written',
  });
}

/** Sums by account, party and dimension. */
class Movements {
  readonly accounts: Map<string, AccountMovement> = new Map();
  readonly parties: Map<string, Amount> = new Map();
  readonly taxRates: Map<string, Set<number>> = new Map();
  readonly dimensions: Map<string, Set<string>> = new Map();
  readonly #model: Model;
  readonly #needsVatInKroner: boolean;

  constructor(model: Model) {
    this.#model = model;
    this.#needsVatInKroner = model.book.company.currency !== 'NOK';
  }

  /** Counts a voucher's lines; returns its debit total. */
  count(voucher: Voucher, lines: readonly ViewedLine[]): Amount {
    let balance = 0;
    let debit = 0;
    for (const line of lines) {
      balance += line.amount;
      if (line.amount > 0) debit += line.amount;
      const movement = this.#movementOf(line.account);
      movement.net = amount(movement.net + line.amount);
      if (line.vat !== undefined) this.#countVat(voucher, line.vat, movement);
      if (line.party !== undefined) this.#countParty(line.party, line);
      if (line.dimensions !== undefined) this.#countDimensions(line.dimensions);
    }
    if (balance !== 0) throw unbalanced(voucher);
    return amount(debit);
  }

  #movementOf(account: string): AccountMovement {
    let movement = this.accounts.get(account);
    if (movement === undefined) {
      movement = { net: amount(0), vatCodes: new Set() };
      this.accounts.set(account, movement);
    }
    return movement;
  }

  #countVat(voucher: Voucher, vat: NonNullable<ViewedLine['vat']>, movement: AccountMovement): void {
    movement.vatCodes.add(vat.code);
    const rates = this.taxRates.get(vat.code);
    if (rates === undefined) this.taxRates.set(vat.code, new Set([vat.rateBasisPoints]));
    else rates.add(vat.rateBasisPoints);
    if (!this.#needsVatInKroner || vat.amount === 0) return;
    const { norwegianVat, profile } = this.#model;
    if (norwegianVat === undefined) throw withoutKroner(voucher, profile);
    norwegianVat.inOre(vat.amount, voucher);
  }

  #countParty(party: NonNullable<ViewedLine['party']>, line: ViewedLine): void {
    const key = partyBalanceKey(party, line.account);
    this.parties.set(key, amount((this.parties.get(key) ?? 0) + line.amount));
  }

  #countDimensions(values: Readonly<Record<string, string>>): void {
    for (const type in values) {
      const used = this.dimensions.get(type) ?? new Set();
      used.add(named(values, type) ?? '');
      this.dimensions.set(type, used);
    }
  }
}

/** Bytes and parts by accounting period. */
class Periods {
  inOrder = true;
  readonly #model: Model;
  readonly #partBytes: number;
  readonly #periods: Map<number, GrowingPeriod> = new Map();
  #latest = 0;

  constructor(model: Model, partBytes: number) {
    this.#model = model;
    this.#partBytes = partBytes;
  }

  count(period: GrowingPeriod, voucher: Voucher, debit: Amount, bytes: number): void {
    const part = this.#partFor(period, voucher, bytes);
    part.end += 1;
    part.bytes += bytes;
    part.transactions += 1;
    part.debit = amount(part.debit + debit);
    part.journals.add(voucher.series);
    period.lastParts.set(voucher.series, part);
  }

  finish(): readonly SurveyedPeriod[] {
    return [...this.#periods.values()].sort((a, b) => a.key - b.key);
  }

  periodOf(voucher: Voucher): GrowingPeriod {
    const key = periodKey(voucher, this.#model);
    let period = this.#periods.get(key);
    if (period === undefined) {
      period = { key, ...this.#daysOf(voucher.date), parts: [], lastParts: new Map() };
      this.#periods.set(key, period);
    }
    if (key < this.#latest) this.inOrder = false;
    this.#latest = key;
    return period;
  }

  /** The days of the period that the book covers. */
  #daysOf(date: PlainDate): { readonly from: PlainDate; readonly to: PlainDate } {
    const month = monthAround(date);
    const { from, to } = this.#model.book.period;
    return { from: month.from < from ? from : month.from, to: month.to > to ? to : month.to };
  }

  #partFor(period: GrowingPeriod, voucher: Voucher, bytes: number): Part {
    const last = period.parts.at(-1);
    const wrapped = bytes + (last?.journals.has(voucher.series) === true ? 0 : journalBytes);
    if (last !== undefined && last.bytes + wrapped <= this.#partBytes) {
      last.bytes += wrapped - bytes;
      return last;
    }
    if (bytes + journalBytes > this.#partBytes) {
      throw new BilagError('config', {
        what: `one voucher takes ${bytes} bytes and a file may have ${this.#model.config.maxBytes}`,
        where: `voucher ${voucherReference(voucher)}`,
        action: 'raise maxBytes, or book with smaller vouchers: a voucher is never cut',
      });
    }
    const part = {
      period: period.key,
      end: last?.end ?? 0,
      bytes: journalBytes,
      transactions: 0,
      debit: amount(0),
      journals: new Set<string>(),
    };
    period.parts.push(part);
    return part;
  }
}

interface GrowingPeriod extends SurveyedPeriod {
  readonly parts: Part[];
  readonly lastParts: Map<string, Part>;
}

/** More than the tags of a journal and its description can take in UTF-8. */
const journalBytes = 2048;

/** The sortable key of the accounting period a voucher is in. */
export function periodKey(voucher: Voucher, { periodOf }: Model): number {
  const { year, number } = periodOf(voucher.date);
  return year * 100 + number;
}
