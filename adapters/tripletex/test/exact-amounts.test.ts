import { amount, expectedDigest, formatAmount, viewDigest } from '@bilag/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toPosted } from '../src/from-tripletex.ts';
import { exactAmount, type TripletexAccount } from '../src/replies.ts';
import { toTripletex, type Directory } from '../src/to-tripletex.ts';
import { line, voucherOf } from './support.ts';

const øre = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

const directory: Directory = {
  accounts: new Map<string, TripletexAccount>([
    ['1579', { id: 15, number: '1579' }],
    ['1920', { id: 19, number: '1920' }],
  ]),
  vatTypes: new Map([['0', { id: 0, number: '0', percentage: '0' }]]),
  departments: new Map(),
  projects: new Map(),
  customers: new Map(),
  suppliers: new Map(),
  voucherTypeId: null,
};

describe('amounts are never floats', () => {
  test('what is written is the exact decimal, gross and in currency alike', () => {
    fc.assert(
      fc.property(øre, (value) => {
        const voucher = voucherOf([line('1920', value), line('1579', -value)]);
        const text = JSON.stringify(toTripletex(voucher, voucher.key, directory));
        const written = [...text.matchAll(/"amountGross(?:Currency)?":([^,}]+)/g)].map((match) => match[1]);
        const decimal = formatAmount(amount(value));
        expect(written).toEqual([decimal, decimal, `-${decimal}`, `-${decimal}`]);
      }),
    );
  });

  test('what is read is the exact decimal, however it is written', () => {
    fc.assert(
      fc.property(øre, fc.boolean(), (value, isNegative) => {
        const sign = isNegative ? '-' : '';
        const decimal = formatAmount(amount(value));
        const digits = decimal.replace('.', '').replace(/^0+/, '');
        const scientific = `${digits.slice(0, 1)}.${digits.slice(1)}0E${digits.length - 3}`;
        const expected = isNegative ? -value : value;
        for (const written of [decimal, decimal.replace(/0$/, ''), `${decimal}0`, scientific]) {
          expect(exactAmount(sign + written)).toBe(expected);
        }
      }),
    );
  });

  test('a third decimal is refused', () => {
    expect(() => exactAmount('1.234')).toThrow('at most 2 decimals');
    expect(() => exactAmount('12.5E-2')).toThrow('at most 2 decimals');
    expect(() => exactAmount('NaN')).toThrow('not an amount');
  });
});

describe('the digest of what Tripletex holds', () => {
  const held = (rows: readonly [number, string, string, number, number][]): ReturnType<typeof toPosted> =>
    toPosted({
      id: 7,
      date: voucherOf().date,
      externalVoucherNumber: '302401-20260302',
      postings: rows.map(([row, account, code, gross, net]) => ({
        row,
        account: { number: account },
        vatType: { number: code },
        amountGross: amount(gross),
        amount: amount(net),
      })),
    });
  const sale = voucherOf([
    line('1579', 12_500),
    {
      ...line('3000', -12_500),
      vat: {
        kind: 'contained',
        code: '3',
        account: '2700',
        rateBasisPoints: 2500,
        net: amount(-10_000),
        amount: amount(-2500),
      },
    },
  ]);

  test('is that of the voucher, when the VAT on row 0 is what the gross contains, or an øre off', () => {
    for (const vat of [-2500, -2501, -2499]) {
      const posted = held([
        [1, '1579', '0', 12_500, 12_500],
        [2, '3000', '3', -12_500, -12_500 - vat],
        [0, '2700', '0', vat, vat],
      ]);
      expect(viewDigest(posted)).toBe(expectedDigest(sale, 'gross'));
    }
  });

  test('is another when the VAT is not, or is not there at all', () => {
    for (const vat of [-2000, 0]) {
      const posted = held([
        [1, '1579', '0', 12_500, 12_500],
        [2, '3000', '3', -12_500, -12_500 - vat],
        [0, '2700', '0', vat, vat],
      ]);
      expect(posted.lines.at(-1)).toEqual({ account: 'VAT', amount: vat + 2500 });
      expect(viewDigest(posted)).not.toBe(expectedDigest(sale, 'gross'));
    }
  });
});
