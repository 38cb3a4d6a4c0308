import { amount } from '@bilag/core';
import * as fc from 'fast-check';
import type { VoucherSketch } from './books.ts';

/** Pieces of text that mean something to one of the programs, or trouble to all. */
const traps: readonly string[] = [
  [
    '"',
    '\\',
    '\n',
    '\r\n',
    '\t',
    '  ',
    ';',
    '; ',
    '  ; ',
    '|',
    ':',
    '::',
    ':a:b:',
    '*',
    '!',
    '#tag',
    '^link',
    '@ 3 NOK',
  ],
  ['[2022-10-31]', '[=2022-10-31]', '[2022-13-99]', 'date:2022-13-99', 'date2:x', ', date:x', 'Payee: x', 'x:: 1/0'],
  [
    '\n2022-10-01 open Assets:X\n',
    '\ninclude /etc/passwd\n',
    '\n    Assets:X  5.00 NOK\n',
    '(code)',
    '= 5',
    '{1}',
    '%',
  ],
  ['🧾', '👩‍👧', 'Ø', 'é', '\u0000', '\u001b[31m', '\u2028', '\u00a0\u00a0', '\ufeff', '\u202e', '\ud800', '\ud83e'],
  ['~', '`', '$', '<x>', '-', '--', "'", '~ monthly', 'comment', 'end comment', '1920', '', ' '],
].flat();

/** A dimension whose name a program could take for something else. */
export const strangeDimension = 'Date: ø';

/** Any text somebody may have written. */
export const anyName: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...traps), fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 5 })
  .map((parts) => parts.join(''));

/** Any balanced voucher of the golden book's accounts and period, VAT of every kind included. */
export const anyVoucher: fc.Arbitrary<Omit<VoucherSketch, 'key'>> = fc
  .record({
    day: fc.nat(60),
    description: anyName,
    series: anyName,
    lines: fc.array(
      fc.record({
        account: fc.constantFrom('1579', '1920', '3000', '7770'),
        value: fc.oneof(fc.integer({ min: -200, max: 200 }), fc.integer({ min: -1e12, max: 1e12 })).filter(Boolean),
        vat: fc.constantFrom('none', 'contained', 'reverse-charge', 'not deductible'),
        text: anyName,
        reference: fc.option(anyName, { nil: undefined }),
        department: fc.option(anyName, { nil: undefined }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ day, lines: parts, ...rest }) => ({
    ...rest,
    date: plainDateOf(day),
    lines: balanced(
      parts.map(({ value, vat, department, reference, ...line }) => ({
        ...line,
        amount: amount(value),
        ...(vat === 'none' ? {} : { vat: vatOf(vat, value) }),
        ...(reference === undefined ? {} : { reference }),
        ...(department === undefined ? {} : { dimensions: { [strangeDimension]: department } }),
      })),
    ),
  }));

function plainDateOf(day: number): string {
  return day < 31 ? `2022-10-${String(day + 1).padStart(2, '0')}` : `2022-11-${String(day - 30).padStart(2, '0')}`;
}

type Line = VoucherSketch['lines'][number];

function vatOf(kind: 'contained' | 'reverse-charge' | 'not deductible', value: number): NonNullable<Line['vat']> {
  const vat = Math.trunc(value / 5);
  const common = { code: '3', account: '2700', rateBasisPoints: 2500, amount: amount(vat) };
  if (kind === 'contained') return { ...common, kind, net: amount(value - vat) };
  const deductionAccount = kind === 'reverse-charge' ? '2700' : null;
  return { ...common, kind: 'reverse-charge', net: amount(value), deductionAccount };
}

function balanced(parts: readonly Line[]): readonly Line[] {
  const rest = parts.reduce((total, line) => total - line.amount, 0);
  const last = { account: '1579', text: 'rest', amount: amount(rest) };
  if (rest !== 0) return [...parts, last];
  return [...parts, { ...last, amount: amount(1) }, { ...last, amount: amount(-1) }];
}
