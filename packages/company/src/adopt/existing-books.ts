import { BilagError, type FileAdapter, type FileLine, type Posted, type Service } from '@bilag/core';
import { basename } from 'node:path';
import type { Company } from '../config/company.ts';
import { contentOf, refuseContainer, type FilePlace } from '../export/checked-file.ts';
import type { Period } from '../dates/period.ts';
import type { ReadBooks } from './adopt-company.ts';

/** A file of existing books, and the adapter that reads its kind. */
export interface BooksFile {
  readonly file: string;
  readonly readLines: NonNullable<FileAdapter['readLines']>;
}

/** Existing books in a file. */
export function booksInFile({ organisationNumber, currency }: Company, books: BooksFile, place: FilePlace): ReadBooks {
  return async function* (accounts) {
    await refuseContainer(books.file, place);
    const content = await contentOf(books.file, place);
    const name = basename(books.file);
    yield* books.readLines({ name, content }, { organisationNumber, currency, accounts });
  };
}

/**
 * Existing books in a target, by its own list. A voucher that was reversed and its reversal are left out together. Throws
 * `unsupported` where the target cannot list, and `conflict` for a voucher in another currency.
 */
export function booksInTarget(
  { currency }: Pick<Company, 'currency'>,
  title: string,
  { list }: Pick<Service, 'list'>,
  period: Period,
): ReadBooks {
  if (list === undefined) {
    throw new BilagError('unsupported', {
      what: `${title} cannot list what it holds`,
      where: '--target',
      action: 'export its books as SAF-T, and name the file: bilag adopt FILE',
    });
  }
  return async function* (accounts) {
    const held = (await Array.fromAsync(list(period.from, period.to))).filter(({ state }) => state !== 'deleted');
    const ids = new Set(held.map(({ id }) => id));
    const reversals = new Map(
      held.flatMap(({ id, reverses }) => (reverses === undefined ? [] : [[reverses, id] as const])),
    );
    // A reversal that was reversed itself undoes nothing.
    const isUndone = (id: string): boolean =>
      ids.has(id) && reversals.has(id) && !reversals.has(reversals.get(id) ?? '');
    for (const voucher of held) {
      if (isUndone(voucher.id) || isUndone(voucher.reverses ?? '')) continue;
      if (voucher.currency !== currency) throw otherCurrency(voucher, title, currency);
      yield* linesOn(voucher, accounts);
    }
  };
}

function* linesOn(
  { id, number, reference, date, lines }: Posted,
  accounts: ReadonlySet<string>,
): Generator<FileLine, void, undefined> {
  const voucher = number ?? (reference === '' ? id : reference);
  for (const { account, amount } of lines) if (accounts.has(account)) yield { account, date, amount, voucher };
}

function otherCurrency({ id, date, currency }: Posted, title: string, own: string): BilagError {
  return new BilagError('conflict', {
    what: `voucher ${id} of ${date} is in ${currency}, and the books are in ${own}`,
    where: title,
    action: 'see what moves the clearing account in another currency, and ask again when it is reversed',
  });
}
