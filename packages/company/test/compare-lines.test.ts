import { amount, plainDate } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import { compareLines, type ComparedLine } from '../src/adopt/compare-lines.ts';

const end = plainDate('2026-07-31');

function line(day: number, minorUnits: number, voucher = ''): ComparedLine {
  const date = plainDate(`2026-07-${String(day).padStart(2, '0')}`);
  return { account: '1579', date, amount: amount(minorUnits), voucher };
}

const kindsOf = (ledger: readonly ComparedLine[], books: readonly ComparedLine[]): readonly (readonly unknown[])[] =>
  compareLines(ledger, books, end).differences.map(({ kind, date, ledger: ours, books: theirs, ledgerDate }) => [
    kind,
    date.slice(8),
    ours,
    theirs,
    ...(ledgerDate === undefined || ledgerDate === date ? [] : [ledgerDate.slice(8)]),
  ]);

/** A sale of 125.00 with a fee of 2.50 that is kept back, and its payout: the clearing account ends the date at nothing. */
const day = (on: number): readonly ComparedLine[] => [line(on, 12_500), line(on, -250), line(on, -12_250)];

describe('existing books against the ledger', () => {
  test('agree line by line, and where the sale stands net of its fee', () => {
    expect(kindsOf(day(1), day(1))).toEqual([]);
    expect(kindsOf(day(1), [line(1, 12_250), line(1, -12_250)])).toEqual([]);
    expect(compareLines(day(1), day(1), end).days).toEqual([
      { account: '1579', date: '2026-07-01', ledger: 0, books: 0, isBooked: true },
    ]);
  });

  test('other lines that come to nothing, too, are not the lines of the ledger', () => {
    expect(kindsOf(day(1), [line(1, 999), line(1, -999)])).toEqual([
      ['missing', '01', 12_500, 0],
      ['missing', '01', -250, 0],
      ['missing', '01', -12_250, 0],
      ['not-in-ledger', '01', 0, 999],
      ['not-in-ledger', '01', 0, -999],
    ]);
  });

  test('a date with nothing booked is missing, though it comes to nothing', () => {
    expect(kindsOf(day(1), []).map(([kind]) => kind)).toEqual(['missing', 'missing', 'missing']);
  });

  test('a payout booked twice, on its date or on the date of the bank', () => {
    expect(kindsOf(day(1), [...day(1), line(1, -12_250)])).toEqual([['doubled', '01', 0, -12_250]]);
    expect(kindsOf(day(1), [...day(1), line(3, -12_250)])).toEqual([['doubled', '03', 0, -12_250, '01']]);
  });

  test('a date booked twice as one sum', () => {
    const ledger = [line(1, 12_500), line(1, 10_000)];
    expect(kindsOf(ledger, [line(1, 22_500), line(1, 22_500)])).toEqual([['doubled', '01', 0, 22_500]]);
  });

  test('another amount on the same date', () => {
    expect(kindsOf(day(1), [line(1, 12_500), line(1, -250), line(1, -12_205)])).toEqual([
      ['other-amount', '01', -12_250, -12_205],
    ]);
  });

  test('a payout on the date of the bank is one on another date, not one missing and one too many', () => {
    expect(kindsOf(day(1), [line(1, 12_500), line(1, -250), line(3, -12_250)])).toEqual([
      ['other-date', '03', -12_250, -12_250, '01'],
    ]);
  });

  test('where two dates could be meant, none is guessed', () => {
    const ledger = [line(1, -100), line(2, -100)];
    expect(kindsOf(ledger, [line(4, -100)])).toEqual([
      ['missing', '01', -100, 0],
      ['missing', '02', -100, 0],
      ['not-in-ledger', '04', 0, -100],
    ]);
  });

  test('more than a week apart is not the same', () => {
    expect(kindsOf([line(1, -100)], [line(9, -100)]).map(([kind]) => kind)).toEqual(['missing', 'not-in-ledger']);
  });

  test('what the ledger has after the last date is not missing', () => {
    expect(compareLines([line(1, 5), line(2, 7)], [line(1, 5)], plainDate('2026-07-01'))).toEqual({
      days: [{ account: '1579', date: '2026-07-01', ledger: 5, books: 5, isBooked: true }],
      differences: [],
    });
  });
});
