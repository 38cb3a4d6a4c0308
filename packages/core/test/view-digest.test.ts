import { describe, expect, test } from 'vitest';
import {
  amount,
  createVoucher,
  expectedDigest,
  expectedLines,
  plainDate,
  viewDigest,
  type PostedLine,
  type Voucher,
} from '../src/index.ts';

const line = (account: string, value: number, more: Partial<PostedLine> = {}): PostedLine => ({
  account,
  amount: amount(value),
  ...more,
});

const held = {
  date: plainDate('2026-03-02'),
  currency: 'NOK',
  lines: [
    line('1579', 900),
    line('3000', -720, { vatCode: '3', dimensions: { department: '10', project: '7' } }),
    line('2700', -180),
  ],
};

const withLines = (...lines: readonly PostedLine[]): string => viewDigest({ ...held, lines });

describe('what a target holds, compared with what it should hold', () => {
  test('is the same however the target splits, merges and orders lines', () => {
    const [clearing, sale, vat] = held.lines as [PostedLine, PostedLine, PostedLine];
    expect(withLines(vat, sale, clearing)).toBe(viewDigest(held));
    expect(
      withLines(
        clearing,
        { ...sale, amount: amount(-700) },
        vat,
        { ...sale, amount: amount(-20) },
        line('1920', 5),
        line('1920', -5),
      ),
    ).toBe(viewDigest(held));
  });

  test('is the same whatever the order of the dimensions', () => {
    const [clearing, sale, vat] = held.lines as [PostedLine, PostedLine, PostedLine];
    expect(withLines(clearing, { ...sale, dimensions: { project: '7', department: '10' } }, vat)).toBe(
      viewDigest(held),
    );
  });

  test('does not tell the code for no VAT from no code', () => {
    const [clearing, sale, vat] = held.lines as [PostedLine, PostedLine, PostedLine];
    expect(withLines({ ...clearing, vatCode: '0' }, sale, { ...vat, vatCode: '0' })).toBe(viewDigest(held));
  });

  test.each<[string, object]>([
    ['date', { date: plainDate('2026-03-03') }],
    ['currency', { currency: 'DKK' }],
    ['account', { lines: [line('1578', 900), ...held.lines.slice(1)] }],
    ['amount', { lines: [line('1579', 901), ...held.lines.slice(1)] }],
    ['VAT code', { lines: [line('1579', 900, { vatCode: '3' }), ...held.lines.slice(1)] }],
    ['dimension', { lines: [line('1579', 900, { dimensions: { department: '10' } }), ...held.lines.slice(1)] }],
    ['line too many', { lines: [...held.lines, line('1920', 5)] }],
    ['line too few', { lines: held.lines.slice(1) }],
  ])('sees another %s', (_, more) => {
    expect(viewDigest({ ...held, ...more })).not.toBe(viewDigest(held));
  });

  test('is the one the log remembers from earlier runs', () => {
    expect(viewDigest(held)).toBe('dac700e87128c5bdc4fd1b71f3470683c90330825711a16f96022bb6fa2dd2d0');
  });
});

describe('what a target should hold of a voucher', () => {
  const voucher = (): Voucher =>
    createVoucher({
      key: '302321-20260302',
      date: held.date,
      ledgerId: '302321',
      ledgerDate: held.date,
      series: 'VIPPS',
      document: 'journal',
      description: 'Vipps MobilePay',
      currency: 'NOK',
      lines: [
        { account: '1579', amount: amount(900), text: 'Salg', facts: ['a'] },
        {
          account: '3000',
          amount: amount(-900),
          vat: {
            kind: 'contained',
            code: '3',
            account: '2700',
            rateBasisPoints: 2500,
            net: amount(-720),
            amount: amount(-180),
          },
          dimensions: { department: '10', project: '7' },
          text: 'Salg',
          facts: ['a'],
        },
      ],
      facts: ['a'],
    });

  test('is its lines as the target takes VAT, with codes and dimensions and nothing else', () => {
    const sale = { account: '3000', vatCode: '3', dimensions: { department: '10', project: '7' } };
    expect(expectedLines(voucher(), 'gross')).toEqual([line('1579', 900), { ...sale, amount: -900 }]);
    expect(expectedLines(voucher(), 'net')).toEqual([line('1579', 900), { ...sale, amount: -720 }]);
    expect(expectedLines(voucher(), 'explicit')).toEqual([
      line('1579', 900),
      { ...sale, amount: -720 },
      expect.objectContaining({ account: '2700', amount: -180 }),
    ]);
    expect(Object.keys(expectedLines(voucher(), 'gross')[0] as object)).toEqual(['account', 'amount']);
  });

  test('is without codes for a target that keeps none, and its VAT stands on its account all the same', () => {
    const kept = expectedLines(voucher(), { vat: 'explicit', vatCodes: 'not-kept' });
    expect(kept.map(({ account, amount: value, vatCode }) => [account, value, vatCode])).toEqual([
      ['1579', 900, undefined],
      ['3000', -720, undefined],
      ['2700', -180, undefined],
    ]);
    expect(expectedDigest(voucher(), { vat: 'explicit' })).toBe(expectedDigest(voucher(), 'explicit'));
  });

  test('has the digest of what was read back when all is there', () => {
    expect(expectedDigest(voucher(), 'explicit')).toBe(
      viewDigest({ ...held, lines: expectedLines(voucher(), 'explicit') }),
    );
    expect(expectedDigest(voucher(), 'gross')).not.toBe(expectedDigest(voucher(), 'net'));
  });
});
