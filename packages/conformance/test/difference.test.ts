import { norwegianChart, VoucherMaker } from '@bilag/conformance';
import { differenceOf } from '../src/difference.ts';
import { amount, expectedLines, plainDate, type Posted } from '@bilag/core';
import { describe, expect, test } from 'vitest';

const voucher = new VoucherMaker(norwegianChart, undefined).sales([12_500]);
const held: Posted = {
  id: '1',
  reference: voucher.key,
  state: 'live',
  document: 'journal',
  date: voucher.date,
  currency: 'NOK',
  lines: expectedLines(voucher, 'explicit'),
};

describe('what differs between a voucher and what was read back', () => {
  test('is nothing when all is there, however it is split', () => {
    const halves = [held, held].flatMap(({ lines }) =>
      lines.map((line) => ({ ...line, amount: amount(line.amount / 2) })),
    );
    expect(differenceOf({ ...held, lines: halves }, voucher, { vat: 'explicit' })).toBeUndefined();
  });

  test.for([
    [
      'another date',
      { date: plainDate('2026-03-03') },
      'its date is read back as 2026-03-03, and should be 2026-03-02',
    ],
    ['another currency', { currency: 'SEK' }, 'its currency is read back as SEK, and should be NOK'],
    [
      'a code that is not kept',
      { lines: held.lines.map(({ vatCode: _code, ...line }) => line) },
      'account 3000, VAT code 3 is read back as nothing, and should be -100.00',
    ],
    [
      'an øre too many',
      { lines: held.lines.map((line) => (line.account === '2700' ? { ...line, amount: amount(-2_501) } : line)) },
      'account 2700, no VAT code is read back as -25.01, and should be -25.00',
    ],
    [
      'an account that nobody named',
      { lines: [...held.lines, { account: '1999', amount: amount(1), dimensions: { department: '10' } }] },
      'account 1999, no VAT code, department 10 is read back as 0.01, and should be nothing',
    ],
  ] as const)('is told in words: %s', ([, change, words]) => {
    expect(differenceOf({ ...held, ...change }, voucher, { vat: 'explicit' })).toBe(words);
  });

  test('is not the code where the target keeps none', () => {
    const lines = held.lines.map(({ vatCode: _code, ...line }) => line);
    expect(differenceOf({ ...held, lines }, voucher, { vat: 'explicit', vatCodes: 'not-kept' })).toBeUndefined();
  });
});
