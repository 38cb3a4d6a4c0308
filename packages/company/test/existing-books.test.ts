import { amount, isBilagError, plainDate, type FileLine, type Posted } from '@bilag/core';
import { expect, test } from 'vitest';
import { booksInTarget } from '../src/adopt/existing-books.ts';

const [from, to] = [plainDate('2026-07-01'), plainDate('2026-07-31')];

function voucher(id: string, changes: Partial<Posted> = {}): Posted {
  const lines = [
    { account: '1579', amount: amount(100) },
    { account: '3000', amount: amount(-100) },
  ];
  return { id, reference: '', state: 'live', document: 'journal', date: from, currency: 'NOK', lines, ...changes };
}

async function read(...held: readonly Posted[]): Promise<readonly FileLine[]> {
  const list = async function* (): AsyncGenerator<Posted> {
    yield* held;
  };
  return Array.fromAsync(booksInTarget({ currency: 'NOK' }, 'Target', { list }, { from, to })(new Set(['1579'])));
}

const namesOf = (lines: readonly FileLine[]): readonly string[] => lines.map(({ voucher: name }) => name);

test('a target gives the lines of the accounts that are asked for, by the number that people see', async () => {
  expect(await read(voucher('7', { number: '12-2026' }))).toEqual([
    { account: '1579', date: from, amount: 100, voucher: '12-2026' },
  ]);
});

test('what was deleted, and what was reversed with its reversal, is in the books no more', async () => {
  const reversed = [voucher('1', { state: 'reversed' }), voucher('2', { reverses: '1' })];
  expect(namesOf(await read(...reversed, voucher('3', { state: 'deleted' }), voucher('4')))).toEqual(['4']);
});

test('a voucher whose reversal was reversed is there', async () => {
  expect(namesOf(await read(voucher('1'), voucher('2', { reverses: '1' }), voucher('3', { reverses: '2' })))).toEqual([
    '1',
  ]);
});

test('a reversal of what is older than the books that are read stays', async () => {
  expect(namesOf(await read(voucher('2', { reverses: '1' })))).toEqual(['2']);
});

test('a voucher in another currency is refused', async () => {
  const error: unknown = await read(voucher('5', { currency: 'EUR' })).catch((caught: unknown) => caught);
  expect(isBilagError(error) && error.kind).toBe('conflict');
});
