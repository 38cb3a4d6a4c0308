import { FakeBooks } from '@bilag/conformance';
import type { FakeEntry } from '../src/services/fake-books.ts';
import { amount, plainDate } from '@bilag/core';
import { describe, expect, test } from 'vitest';

const sale: FakeEntry = {
  reference: '400001-20260302',
  date: plainDate('2026-03-02'),
  currency: 'NOK',
  description: 'Vipps',
  lines: [
    { account: '1579', amount: amount(12_500) },
    { account: '3000', amount: amount(-12_500), vatCode: '3' },
  ],
};

function booksOf(more: Partial<ConstructorParameters<typeof FakeBooks>[0]> = {}): FakeBooks {
  const vatCodes = [{ code: '3', rateBasisPoints: 2500, account: '2700' }];
  return new FakeBooks({ now: () => 0, view: 'gross', accounts: ['1579', '3000'], vatCodes, ...more });
}

describe('the books of a fake target', () => {
  test('add the VAT that a target computes', () => {
    const books = booksOf();
    books.commit(sale);
    expect(books.held()[0]?.postings.map(({ account, amount: value }) => [account, value])).toEqual([
      ['1579', 12_500],
      ['3000', -10_000],
      ['2700', -2_500],
    ]);
  });

  test('give ids as the target does', () => {
    const books = booksOf({ idOf: (ordinal, { date }) => `A/${ordinal}/${date.slice(0, 4)}` });
    expect([books.commit(sale).id, books.commit(sale).id]).toEqual(['A/1/2026', 'A/2/2026']);
    expect(booksOf().commit(sale).id).toBe('1001');
  });

  test.for([
    ['an account they do not have', { lines: [{ account: '9999', amount: amount(1) }] }, 'unknown-account in line 1'],
    ['what does not balance', { lines: sale.lines.slice(0, 1) }, 'unbalanced'],
    ['a date in a closed period', { date: plainDate('2026-01-31') }, 'locked'],
  ] as const)('refuse %s, and book nothing of it', ([, change, reason]) => {
    const books = booksOf();
    books.lockThrough(plainDate('2026-01-31'));
    expect(() => books.commit({ ...sale, ...change })).toThrow(reason);
    expect(books.held()).toEqual([]);
  });
});
