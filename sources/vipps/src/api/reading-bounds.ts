import { BilagError } from '@bilag/core';
import type { Received } from './api.ts';

/** The most of one reading: a list of ledgers, a date of a topic, a question to v1. What is larger is refused whole. */
export interface ReadingBounds {
  readonly pages: number;
  /** Pages without items, one after the other. */
  readonly emptyPages: number;
  readonly items: number;
  /** Of all pages together. */
  readonly bytes: number;
  /** From the first request to the last page. */
  readonly durationMs: number;
}

/** Far more than any merchant has on a date, or any accounting partner has ledgers. */
export const defaultReadingBounds: ReadingBounds = {
  pages: 10_000,
  emptyPages: 100,
  items: 500_000,
  bytes: 512 * 1024 * 1024,
  durationMs: 3_600_000,
};

/** Watches one reading: the other side may have no end, and a list without one is an error, never a loop. */
export class ReadingGuard {
  readonly #bounds: ReadingBounds;
  readonly #now: () => number;
  readonly #startMs: number;
  readonly #cursors = new Set<string>();
  #pages = 0;
  #emptyPages = 0;
  #items = 0;
  #bytes = 0;

  constructor(bounds: ReadingBounds, now: () => number) {
    this.#bounds = bounds;
    this.#now = now;
    this.#startMs = now();
  }

  /** Counts a page. Throws `unavailable` beyond a bound. */
  take({ body, where }: Pick<Received, 'body' | 'where'>, items: readonly unknown[]): void {
    this.#pages += 1;
    this.#emptyPages = items.length === 0 ? this.#emptyPages + 1 : 0;
    this.#items += items.length;
    this.#bytes += body.byteLength;
    this.#check(where, [
      ['pages', this.#pages, 'pages'],
      ['emptyPages', this.#emptyPages, 'empty pages one after the other'],
      ['items', this.#items, 'items'],
      ['bytes', this.#bytes, 'bytes'],
      ['durationMs', this.#now() - this.#startMs, 'milliseconds'],
    ]);
  }

  /** Of a list that is handed on page by page and may be as long as it is: what goes on without bringing anything has no end. */
  takeBatch({ where }: Pick<Received, 'where'>, items: readonly unknown[]): void {
    this.#emptyPages = items.length === 0 ? this.#emptyPages + 1 : 0;
    this.#check(where, [['emptyPages', this.#emptyPages, 'empty pages one after the other']]);
  }

  /** The cursor to ask for next. One that comes twice would be asked for for ever. */
  next(cursor: string, where: string): string {
    if (this.#cursors.has(cursor)) throw endless('the reply sends us to a cursor that was read already', where);
    // It travels in the address, and servers take some 8 kB of that.
    if (cursor.length > longestCursor) throw endless(`the cursor has ${cursor.length} characters`, where);
    this.#cursors.add(cursor);
    return cursor;
  }

  #check(where: string, counts: readonly (readonly [keyof ReadingBounds, number, string])[]): void {
    for (const [name, count, unit] of counts) {
      const most = this.#bounds[name];
      if (count > most) throw endless(`the reading has no end: more than ${most} ${unit}`, where);
    }
  }
}

const longestCursor = 4096;

function endless(what: string, where: string): BilagError {
  return new BilagError('unavailable', {
    what,
    where,
    action: 'try again later; if it stays so, report it to Vipps MobilePay. Nothing was handed on as complete',
  });
}
