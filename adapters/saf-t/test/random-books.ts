import fc from 'fast-check';
import { addDays, amount, containedVat, plainDate, type Book, type JournalLine, type Voucher } from '@bilag/core';
import type { SafTConfig } from '@bilag/saf-t';
import { accounts, book, config, equity, line, voucher, year } from './books.ts';

export interface RandomBook {
  readonly book: Book;
  readonly settings: SafTConfig;
}

const rates: Readonly<Record<string, number>> = { '3': 2500, '31': 1500, '32': 1111, '6': 0 };

/** Text with surrogates, control characters and markup, and now and then far too long. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc.constantFrom('', '&amp;', '\uD800', '\uDC00\uD800', '<a>&#1;</a>', '\uFFFF', '\u0000'),
);

const reference = fc.option(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 35 }), { nil: undefined });

/** A base line and its counterpart: a sale or refund with VAT, or a posting without. */
const pair = fc
  .record({
    minorUnits: fc.oneof(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -1e9, max: 1e9 })),
    code: fc.option(fc.constantFrom(...Object.keys(rates)), { nil: undefined }),
    department: fc.option(fc.constantFrom('10', '20'), { nil: undefined }),
    text: anyText,
    reference,
  })
  .filter(({ minorUnits }) => minorUnits !== 0)
  .map(({ minorUnits, code, department, text, reference: own }): readonly JournalLine[] => {
    const extra: Partial<JournalLine> = {
      text,
      ...(department === undefined ? {} : { dimensions: { department } }),
      ...(own === undefined ? {} : { reference: own }),
    };
    return [line('1579', minorUnits, extra), line('3000', -minorUnits, { ...extra, ...vatOf(code, -minorUnits) })];
  });

function vatOf(code: string | undefined, gross: number): Partial<JournalLine> {
  if (code === undefined) return {};
  const rateBasisPoints = rates[code] ?? 0;
  const vat = containedVat(amount(gross), rateBasisPoints);
  return {
    vat: { kind: 'contained', code, account: '2700', rateBasisPoints, net: amount(gross - vat), amount: vat },
  };
}

/** A year's book of up to twenty vouchers in up to three series, in any order of dates. */
export function randomBook(ofYear: number, overrides: Parameters<typeof config>[0] = {}): fc.Arbitrary<RandomBook> {
  return fc
    .tuple(
      fc.boolean(),
      fc.array(
        fc.record({
          day: fc.integer({ min: 0, max: 364 }),
          series: fc.constantFrom('A', 'B', 'Æ & Ø'),
          document: fc.constantFrom('sale' as const, 'journal' as const),
          revision: fc.integer({ min: 1, max: 3 }),
          description: anyText,
          pairs: fc.array(pair, { minLength: 1, maxLength: 6 }),
        }),
        { maxLength: 20 },
      ),
    )
    .map(([inOrder, parts]) => {
      const ordered = inOrder ? parts.toSorted((a, b) => a.day - b.day) : parts;
      const vouchers = ordered.map(({ day, pairs, ...extra }, index): Voucher => {
        const date = addDays(plainDate(`${ofYear}-01-01`), day);
        return voucher(date, pairs.flat(), { ...extra, key: `302321-${index}` });
      });
      return {
        book: book(vouchers, {
          period: year(ofYear),
          vatCodes: Object.entries(rates).map(([code, rateBasisPoints]) => ({
            code,
            description: `Kode ${code}`,
            rateBasisPoints,
            kind: 'output' as const,
          })),
          dimensions: ['10', '20'].map((id) => ({ type: 'department', id, name: `Avdeling ${id}` })),
          accounts,
        }),
        settings: config({
          grouping: { accounts: { ...equity, '3000': { category: 'salgsinntekt', code: '3000' } } },
          ...overrides,
        }),
      };
    });
}
