import { BilagError, isPlainDate, type PlainDate } from '@bilag/core';
import { digestOf, type StoredPage } from './page-files.ts';

/** One page as the source sent it. */
export interface RawPage {
  readonly ledgerId: string;
  /** What was asked for, such as `funds` or `fees`. */
  readonly topic: string;
  /** The ledger date the page belongs to. */
  readonly date: PlainDate;
  /** The page's place in its reading. */
  readonly sequence: number;
  /** Whether the source said that nothing more can come for this date. */
  readonly closed: boolean;
  /** Method, path and query; never a header, so never a key. */
  readonly request: string;
  /** When it was received: ISO 8601 with offset or `Z`. */
  readonly receivedAt: string;
  /** The body, byte for byte. */
  readonly body: Uint8Array;
}

/** All pages of one topic of one ledger on one date, as read in one go. */
export interface Reading {
  readonly ledgerId: string;
  readonly topic: string;
  readonly date: PlainDate;
  readonly closed: boolean;
  /** In any order; their sequences count up by one without a hole. */
  readonly pages: readonly Pick<RawPage, 'sequence' | 'body' | 'request' | 'receivedAt'>[];
  /**
   * What the pages say, without what differs from one reading to the next (a paging cursor): equal text is equal content.
   * Absent: the bodies themselves are compared, byte for byte.
   */
  readonly fingerprint?: string;
  /** Where the source goes on: saved together with the pages, or not at all. */
  readonly cursor?: SourceCursor;
}

/** Where a source goes on reading: opaque text under the source's own name. */
export interface SourceCursor {
  readonly source: string;
  readonly value: string;
}

/** A page with its digest. */
export type PageToStore = Reading['pages'][number] & { readonly digest: string };

/** The digests of pages, as one text to compare. */
export function digestsIn(pages: readonly Pick<StoredPage, 'digest'>[]): string {
  return pages.map((page) => page.digest).join();
}

/** The pages in their order with their digests; throws when the reading cannot be one. */
export function pagesToStore(reading: Reading): readonly PageToStore[] {
  const pages = reading.pages
    .toSorted((a, b) => a.sequence - b.sequence)
    .map((page) => ({ ...page, digest: digestOf(page.body) }));
  const problem = problemOf(reading, pages);
  if (problem === undefined) return pages;
  throw new BilagError('rejected', {
    what: problem,
    where: placeOf(reading),
    now: 'mend the reader that made this reading; nothing of it was stored',
  });
}

function problemOf(reading: Reading, pages: readonly PageToStore[]): string | undefined {
  if (reading.ledgerId === '' || reading.topic === '') return 'a reading names no ledger or no topic';
  if (!isPlainDate(reading.date)) return 'a reading has no valid date';
  const [first] = pages;
  if (first === undefined) return 'a reading has no page';
  const isWhole = pages.every((page, place) => page.sequence === first.sequence + place);
  if (!isWhole || (first.sequence !== 0 && first.sequence !== 1)) return 'a page is missing or there twice';
  // Requests are kept for years and read by many: no header, and no key in a query, may slip in.
  const isSafe = pages.every(
    (page) => !/[\r\n]|authorization|bearer |subscription-key|secret|access_token/i.test(page.request),
  );
  return isSafe ? undefined : 'the text of a request holds more than method, path and query';
}

/** Ledger, date and topic in words. */
export function placeOf({ ledgerId, date, topic }: Pick<Reading, 'ledgerId' | 'date' | 'topic'>): string {
  return `ledger ${ledgerId}, ${date}, ${topic}`;
}
