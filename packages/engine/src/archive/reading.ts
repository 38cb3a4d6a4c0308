import { BilagError, isPlainDate, type Reading } from '@bilag/core';
import { digestOf, type StoredPage } from './page-files.ts';

/** A page with its digest. */
export type PageToStore = Reading['pages'][number] & { readonly digest: string };

/** The digests of pages, as one text to compare. */
export function digestsIn(pages: readonly Pick<StoredPage, 'digest'>[]): string {
  return pages.map((page) => page.digest).join();
}

/** The pages in their order with their digests; throws when the reading cannot be one. */
export function pagesToStore(reading: Omit<Reading, 'cursor' | 'fingerprint'>): readonly PageToStore[] {
  const pages = reading.pages
    .toSorted((a, b) => a.sequence - b.sequence)
    .map((page) => ({ ...page, digest: digestOf(page.body) }));
  const problem = problemOf(reading, pages);
  if (problem === undefined) return pages;
  throw new BilagError('rejected', {
    what: problem,
    where: placeOf(reading),
    action: 'mend the reader that made this reading; nothing of it was stored',
  });
}

function problemOf(
  reading: Omit<Reading, 'cursor' | 'fingerprint'>,
  pages: readonly PageToStore[],
): string | undefined {
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
