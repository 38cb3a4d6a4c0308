import { amount } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import { amountIn, dateIn, momentIn } from '../src/files/table/cell-text.ts';
import { delimiterOf } from '../src/files/table/row.ts';
import { ledgerDateOf } from '../src/files/settlement/ledger-day.ts';

describe('an amount in a cell', () => {
  test.each([
    ['1234.50', 123450],
    ['-70', -7000],
    ['-70,5', -7050],
    ['1 234,50', 123450],
    ['1\u00a0234,50', 123450],
    ['\u221270.00', -7000],
    ['16450.619999999999', 1645062],
    ['-16450.619999999999', -1645062],
    ['0.30000000000000004', 30],
    ['0.00', 0],
    ['21474836480.00', 2147483648000],
    ['12 345 678,90', 1234567890],
    ['0.500', 50],
    ['1234.500', 123450],
  ])('%s', (text, minor) => {
    expect(amountIn(text, 'NOK')).toBe(amount(minor));
  });

  test.each([
    '',
    'x',
    '1.234,50',
    '1,234.50',
    '1.5E+09',
    '7.891',
    '--7',
    '7.',
    'NOK 7',
    '4.000',
    '-4,000',
    '123.450',
    '12 34',
    '99999999999999999.00',
    '1 2345.00',
    '4000.00 3930',
  ])('%s is none: nothing is guessed', (text) => {
    expect(amountIn(text, 'NOK')).toBeUndefined();
  });
});

describe('a date or a moment in a cell', () => {
  test.each([
    ['2026-08-31', '2026-08-31'],
    ['2026-08-31 09:53:00', '2026-08-31'],
    ['31.08.2026', '2026-08-31'],
    ['1.8.2026 9:53', '2026-08-01'],
    ['46265', '2026-08-31'],
    ['46265.41180555556', '2026-08-31'],
  ])('%s', (text, date) => {
    expect(dateIn(text)).toBe(date);
  });

  test.each(['', '31/08/2026', '2026-02-30', '99.99.2026', '2026', '20260831'])('%s is none', (text) => {
    expect(dateIn(text)).toBeUndefined();
  });

  test('a moment reads the same, whoever saved the file', () => {
    expect(momentIn('46265.41180555556')).toBe('2026-08-31 09:53:00');
    expect(momentIn('31.08.2026 09:53:00')).toBe('2026-08-31 09:53:00');
    expect(momentIn(' 2026-08-31 09:53:00 ')).toBe('2026-08-31 09:53:00');
    expect(momentIn('')).toBeNull();
  });
});

describe('the ledger date of a time in a settlement report', () => {
  test.each([
    ['2018-02-26T23:30:35.485+01:00', 0, '2018-02-26'],
    ['2018-02-27T00:50:35.485+01:00', 0, '2018-02-27'],
    ['2018-02-27T00:50:35.485+01:00', 4, '2018-02-26'],
    ['2018-02-27T04:00:00+01:00', 4, '2018-02-27'],
    ['2018-07-01T00:30:00', 0, '2018-07-01'],
    // The same moment in other words: half past midnight in Oslo, in summer.
    ['2018-06-30T22:30:00Z', 0, '2018-07-01'],
    ['2018-06-30T22:30:00+00:00', 0, '2018-07-01'],
    ['2018-07-01T00:30:00+0200', 0, '2018-07-01'],
  ])('%s, days beginning at %s', (time, hour, date) => {
    expect(ledgerDateOf(time, hour)).toBe(date);
  });

  test('there is none without a time', () => {
    expect(ledgerDateOf('', 0)).toBeUndefined();
  });
});

test('the delimiter is what stands most often in the first line, outside of quotes', () => {
  expect(delimiterOf('a,b,c\n1;2;3;4;5')).toBe(',');
  expect(delimiterOf('"a,b,c,d";e;f')).toBe(';');
  expect(delimiterOf('a\tb\tc')).toBe('\t');
});
