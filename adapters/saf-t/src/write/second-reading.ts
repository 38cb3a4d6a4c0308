import { linesOf, type Voucher } from '@bilag/core';
import type { WrittenCheck } from '../check/written-check.ts';
import { vouchersOf, type Model } from './model.ts';
import type { PlannedFile } from './plan.ts';
import { delivered, differs, periodKey, type Part, type Survey, type SurveyedPeriod } from './survey.ts';
import type { TransactionWriter } from './transaction-writer.ts';
import { addTo, ReadingPrint } from './fingerprint.ts';

/** Text is handed on in strings of some 32 to 64 k characters: large enough to write, small enough to hold. */
export const chunkLength: number = 32 * 1024;

/**
 * The second pass, journal by journal. A book that comes period by period is read on from file to file, once for each
 * series; one that does not is read from its start for each file.
 */
export class SecondReading {
  readonly #model: Model;
  readonly #survey: Survey;
  readonly #writer: TransactionWriter;
  /** Series → the fields that stand before its transactions. */
  readonly #heads: ReadonlyMap<string, string>;
  readonly #cursors: Map<string, Cursor> = new Map();
  readonly #check: WrittenCheck | undefined;

  constructor(
    model: Model,
    survey: Survey,
    writer: TransactionWriter,
    heads: ReadonlyMap<string, string>,
    check: WrittenCheck | undefined,
  ) {
    this.#heads = heads;
    this.#check = check;
    this.#model = model;
    this.#survey = survey;
    this.#writer = writer;
  }

  /** The journal of a series in a file, as text; ends in `conflict` when they are not those of the first pass. */
  async *journal(file: PlannedFile, series: string): AsyncGenerator<string> {
    const cursor = await this.#cursorFor(series);
    let chunk = `    <Journal>\n${this.#heads.get(series)}`;
    this.#check?.read(chunk);
    for (;;) {
      const next = cursor.next(file);
      const placed = next !== undefined && 'then' in next ? await next : next;
      if (placed === undefined) break;
      const { voucher, part } = placed;
      if (voucher.series !== series || !file.parts.has(part)) continue;
      const lines = linesOf(voucher, 'explicit');
      if (this.#survey.print !== undefined) addTo(cursor.print.of(part.period, series), voucher, lines);
      const isJudged = this.#check?.count(voucher, lines, this.#model.periodOf(voucher.date)) ?? true;
      for (const piece of this.#writer.pieces(voucher, lines)) {
        if (!isJudged) this.#check?.read(piece);
        chunk += piece;
        if (chunk.length >= chunkLength) {
          yield chunk;
          chunk = '';
        }
      }
    }
    this.#compare(file, series, cursor);
    this.#check?.read(journalEnd);
    yield chunk + journalEnd;
  }

  /** Lets go of what is still being read. */
  async close(): Promise<void> {
    for (const cursor of this.#cursors.values()) await cursor.close();
  }

  async #cursorFor(series: string): Promise<Cursor> {
    let cursor = this.#cursors.get(series);
    if (cursor === undefined || !this.#survey.inOrder) {
      await cursor?.close();
      cursor = new Cursor(this.#model, this.#survey, cursor?.print);
      this.#cursors.set(series, cursor);
    }
    return cursor;
  }

  /** Compares the periods of which the series ends in this file. */
  #compare(file: PlannedFile, series: string, cursor: Cursor): void {
    const { print, periods } = this.#survey;
    if (print === undefined) return;
    for (const { key, from, to, lastParts } of periods) {
      const last = lastParts.get(series);
      if (last === undefined || !file.parts.has(last)) continue;
      if (!cursor.print.of(key, series).isLike(print.of(key, series)))
        throw differs(`series ${series}, ${from} to ${to}`);
    }
  }
}

const journalEnd = '    </Journal>\n';

interface Placed {
  readonly voucher: Voucher;
  readonly part: Part;
}

/** A place in the book. */
class Cursor {
  /** Of what has been read for its series. */
  readonly print: ReadingPrint;
  readonly #model: Model;
  readonly #survey: Survey;
  readonly #periods: ReadonlyMap<number, SurveyedPeriod>;
  readonly #series: ReadonlySet<string>;
  readonly #vouchers: AsyncIterator<Voucher> | Iterator<Voucher>;
  /** How many vouchers of each period have been read. */
  readonly #counts: Map<number, number> = new Map();
  #held: Placed | undefined;

  constructor(model: Model, survey: Survey, print: ReadingPrint = new ReadingPrint()) {
    this.print = print;
    this.#model = model;
    this.#survey = survey;
    this.#periods = new Map(survey.periods.map((period) => [period.key, period]));
    this.#series = new Set(survey.journals);
    this.#vouchers = vouchersOf(model.book);
  }

  /** The next voucher; undefined at the end of the file, or of the book when that is not in order. */
  next(file: PlannedFile): Placed | undefined | Promise<Placed | undefined> {
    if (this.#held !== undefined) return this.#inFile(file, this.#held);
    const next = this.#vouchers.next();
    // Most books are plain iterables: no needless turn of the event loop for each of a million vouchers.
    return 'then' in next
      ? next.then((read) => this.#inFile(file, this.#placed(read)))
      : this.#inFile(file, this.#placed(next));
  }

  #inFile(file: PlannedFile, placed: Placed | undefined): Placed | undefined {
    this.#held = undefined;
    if (placed === undefined || !this.#survey.inOrder || !isAfter(placed.part, file)) return placed;
    this.#held = placed;
    return undefined;
  }

  async close(): Promise<void> {
    await this.#vouchers.return?.();
  }

  #placed({ value: voucher, done }: IteratorResult<Voucher>): Placed | undefined {
    return done === true ? undefined : { voucher, part: this.#partOf(voucher) };
  }

  #partOf(voucher: Voucher): Part {
    const key = periodKey(voucher, this.#model);
    const position = this.#counts.get(key) ?? 0;
    this.#counts.set(key, position + 1);
    const part = this.#periods.get(key)?.parts.find(({ end }) => position < end);
    if (part === undefined || !this.#series.has(voucher.series)) {
      throw delivered(voucher, 'came in the second reading of the book and not in the first');
    }
    return part;
  }
}

/** Whether a part stands in a later file. Parts of a period come in order, and so do periods. */
function isAfter(part: Part, file: PlannedFile): boolean {
  if (file.parts.has(part)) return false;
  for (const own of file.parts) {
    if (part.period > own.period || (part.period === own.period && part.end > own.end)) return true;
  }
  return false;
}
