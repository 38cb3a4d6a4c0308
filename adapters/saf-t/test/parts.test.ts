import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainDate } from '@bilag/core';
import { CompactSet } from '../src/compact-set.ts';
import { showOre, toMillionths, toOre } from '../src/check/decimal.ts';
import { fileNameOf, norwegianMoment, positionOf } from '../src/file-name.ts';
import { periodOf } from '../src/write/fiscal-year.ts';
import { cutText, escapeText } from '../src/xml/text.ts';
import { percentageOf } from '../src/tax-codes.ts';
import { config } from './books.ts';

describe('text', () => {
  test('is cut to whole characters, and counted in UTF-16 units as .NET and the JDK do', () => {
    expect(cutText('\u{1F600}'.repeat(4), 4)).toBe('\u{1F600}…');
    expect(cutText('\u{1F600}'.repeat(4), 7)).toBe('\u{1F600}\u{1F600}\u{1F600}…');
    expect(cutText('\u{1F600}'.repeat(4), 8)).toBe('\u{1F600}'.repeat(4));
    expect(cutText('ab\uD800cd', 4)).toBe('ab\uD800…');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), fc.integer({ min: 2, max: 40 }), (text, max) => {
        const cut = cutText(text, max);
        expect(cut.length).toBeLessThanOrEqual(max);
        expect(cut.isWellFormed()).toBe(true);
        const kept = cut.slice(0, -1);
        expect(text.length <= max ? cut : kept).toBe(text.slice(0, text.length <= max ? text.length : kept.length));
        expect(cut.length).toBeGreaterThanOrEqual(Math.min(text.length, max - 1));
      }),
    );
  });

  test('holds nothing XML 1.0 forbids', () => {
    expect(escapeText('a\u0000b\uD800c\u{1F600}\uFFFE\r\nd\te & <f>')).toBe(
      'a\uFFFDb\uFFFDc\u{1F600}\uFFFD d e &amp; &lt;f&gt;',
    );
  });
});

test('file names tell Norwegian time, summer and winter and across midnight', () => {
  expect(norwegianMoment('2026-11-21T08:00:00Z').stamp).toBe('20261121090000');
  expect(norwegianMoment('2026-07-01T23:59:11+02:00').stamp).toBe('20260701235911');
  expect(norwegianMoment('2026-12-31T23:30:00Z')).toEqual({ date: '2027-01-01', stamp: '20270101003000' });
  const name = fileNameOf('999999999', '20160401235911', 1, 12);
  expect(name).toBe('SAF-T Financial_999999999_20160401235911_1_12.xml');
  expect(positionOf(name)).toEqual({ set: 'SAF-T Financial_999999999_20160401235911', index: 1, total: 12 });
  expect(positionOf('export.xml')).toBeUndefined();
});

test('periods follow the accounting year', () => {
  const calendar = { startMonth: 1, namedBy: 'end' } as const;
  expect(periodOf(plainDate('2028-02-29'), calendar)).toEqual({ year: 2028, number: 2 });
  const july = { startMonth: 7, namedBy: 'end' } as const;
  expect(periodOf(plainDate('2026-07-01'), july)).toEqual({ year: 2027, number: 1 });
  expect(periodOf(plainDate('2027-06-30'), july)).toEqual({ year: 2027, number: 12 });
  expect(periodOf(plainDate('2027-06-30'), { ...july, namedBy: 'start' })).toEqual({ year: 2026, number: 12 });
});

test('rates are written without needless zeros', () => {
  expect([0, 600, 1000, 1111, 2500, 2550].map(percentageOf)).toEqual(['0', '6', '10', '11.11', '25', '25.5']);
});

test('decimals are read exactly, and only decimals', () => {
  expect(['0', '1.5', '-0.05', '+12.30', ' 7. ', '.5', '1.2300'].map(toOre)).toEqual([
    0n,
    150n,
    -5n,
    1230n,
    700n,
    50n,
    123n,
  ]);
  expect(toOre('9999999999999999.99')).toBe(999999999999999999n);
  expect(['', '.', '1,5', '1e3', '1.234', 'NaN', '0x1', '1 000'].map(toOre)).toEqual(Array(8).fill(undefined));
  expect(toMillionths('11.11')).toBe(11_110_000n);
  expect([0n, 5n, -5n, 123n].map(showOre)).toEqual(['0.00', '0.05', '-0.05', '1.23']);
  fc.assert(fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), (ore) => toOre(showOre(ore)) === ore));
});

test('the compact set knows what it has seen, also after it has grown and been cleared', () => {
  const set = new CompactSet();
  const keys = Array.from({ length: 50_000 }, (_, index) => `302321-2025${index}.R2`);
  for (const round of [1, 2]) {
    expect(
      keys.filter((key) => !set.add(key)),
      `round ${round}`,
    ).toEqual([]);
    expect(keys.filter((key) => set.add(key))).toEqual([]);
    set.clear();
  }
});

test('the default software version is this package’s', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  expect(config().software).toEqual({ company: 'Bilag', id: 'Bilag', version: manifest.version });
});
