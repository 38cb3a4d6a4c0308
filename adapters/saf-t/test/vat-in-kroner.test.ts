// oxlint-disable vitest/no-standalone-expect -- what testWithSchemas returns is a test
import { plainDate, type Book } from '@bilag/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NorwegianVat } from '../src/write/norwegian-vat.ts';
import { book, config, equity, line, renderAll, renderOne, sale, voucher } from './books.ts';
import { findingsIn, schemaErrors, testWithSchemas } from './schemas.ts';

const grouping = { accounts: { ...equity, '3000': { category: 'salgsinntekt', code: '3000' } } };
const inEuros = { currency: 'EUR' };

/** A shop in Norway that keeps its books in euros: a sale of 125.00 with 25.00 of VAT, and its refund a week later. */
function shop(year: number): Book {
  const period = { from: plainDate(`${year}-01-01`), to: plainDate(`${year}-12-31`) };
  const company = { name: 'Fjellbutikken AS', organisationNumber: '999999999', country: 'NO', ...inEuros };
  const sold = voucher(`${year}-01-15`, [line('1579', 12_500), sale(12_500)], inEuros);
  const refunded = voucher(`${year}-01-22`, [line('1579', -1_001), sale(-1_001)], inEuros);
  return book([sold, refunded], { company, period });
}

const rates = { '2027-01-15': '11.4735', '2027-01-22': '11.50' };

describe('VAT of books in another currency stands in kroner too (1.40)', () => {
  testWithSchemas('at the rate of the day, with its base; the file is valid and clean', async () => {
    const files = await renderAll(shop(2027), config({ grouping, nokRates: rates }));
    const [text = ''] = files.map((file) => file.text);
    expect(
      [...text.matchAll(/<(\w+NOKTaxAmount)>\s*<NOKAmount>(.*)<\/NOKAmount>\s*<NOKTaxBase>(.*)</g)].map((match) =>
        match.slice(1),
      ),
    ).toEqual([
      // 25.00 × 11.4735 = 286.8375; 100.00 × 11.4735 = 1147.35.
      ['CreditNOKTaxAmount', '286.84', '1147.35'],
      // 2.00 × 11.50; 8.01 × 11.50 = 92.115.
      ['DebitNOKTaxAmount', '23.00', '92.12'],
    ]);
    expect(schemaErrors('1.40', files)).toBe('');
    expect(await findingsIn(files[0]!)).toEqual([]);
  });

  const refund = voucher('2027-01-22', [line('1579', 1), line('1920', -1)], inEuros);

  test.each<[string, Record<string, string>]>([
    ['its own rate', { '2027-01-22': '10', '2027-01': '11', '2027-01-21': '12' }],
    ['the rate of its month', { '2027-01': '10', '2027-01-21': '12' }],
    ['the rate of the last bank day before it', { '2027-01-16': '10', '2027-01-15': '11' }],
  ])('a date takes %s', (_, known) => {
    expect(new NorwegianVat(known).inOre(100, refund)).toBe(1_000);
  });

  test('a rate that is a week old is none', () => {
    const old = new NorwegianVat({ '2027-01-15': '10', '2027-01-23': '10' });
    expect(() => old.inOre(100, refund)).toThrow('no rate tells what VAT of 2027-01-22 is in kroner');
  });

  test('it is exact, half an øre away from zero, whatever the rate', () => {
    const amounts = fc.integer({ min: -1_000_000_000_00, max: 1_000_000_000_00 });
    fc.assert(
      fc.property(amounts, fc.integer({ min: 1, max: 99_999_999_999 }), (minor, scaled) => {
        const digits = String(scaled).padStart(9, '0');
        const rate = `${digits.slice(0, -8)}.${digits.slice(-8)}`;
        const ore = BigInt(new NorwegianVat({ '2027-01-22': rate }).inOre(minor, refund));
        const twice = 2n * BigInt(minor) * BigInt(scaled);
        // The distance to the exact value is at most a half, and a half is rounded away from zero.
        const distance = (minor < 0 ? -1n : 1n) * (2n * ore * 100_000_000n - twice);
        expect(distance <= 100_000_000n && distance > -100_000_000n).toBe(true);
      }),
    );
  });

  test.each<[string, number, Record<string, string> | undefined, RegExp]>([
    ['without rates', 2027, undefined, /give the rates in "nokRates"/],
    [
      'in a version without room for it',
      2025,
      { '2025-01': '11.5' },
      /write version 1\.40 with "nokRates": 1\.30 has no room/,
    ],
    ['on a day without a rate', 2027, { '2027-01-15': '11.4735' }, /no rate tells what VAT of 2027-01-22 is in kroner/],
  ])('is refused %s, before the first byte', async (_, year, nokRates, message) => {
    const files = renderAll(shop(year), config({ grouping, ...(nokRates === undefined ? {} : { nokRates }) }));
    await expect(files).rejects.toThrow(message);
  });

  test('books in kroner have no use for it', async () => {
    const kroner = book([voucher('2027-01-15', [line('1579', 125), sale(125)])], { period: shop(2027).period });
    expect(await renderOne(kroner, config({ grouping, nokRates: rates }))).not.toContain('NOKTaxAmount');
  });

  test.each(['11,47', '0', '1e3', '11.123456789', '-1'])('%j is no rate', (rate) => {
    expect(() => config({ nokRates: { '2027-01': rate } })).toThrow(/nokRates/);
  });
});

describe('the check sees', () => {
  const block = /\s*<CreditNOKTaxAmount>[^]*?<\/CreditNOKTaxAmount>/;
  test.each<[string, string, (text: string) => string]>([
    ['VAT that is not in kroner too', 'warning', (text) => text.replace(block, '')],
    ['kroner on the other side', 'error', (text) => text.replaceAll('CreditNOKTaxAmount', 'DebitNOKTaxAmount')],
    ['a base at another rate', 'warning', (text) => text.replace('1147.35', '1149.35')],
    ['VAT at another rate than its base', 'warning', (text) => text.replace('286.84', '287.04')],
  ])('%s', async (_, severity, change) => {
    const text = await renderOne(shop(2027), config({ grouping, nokRates: rates }));
    expect(change(text)).not.toBe(text);
    const findings = await findingsIn({ name: 'other.xml', text: change(text) });
    expect(findings.map((finding) => `${finding.severity} ${finding.code}`)).toEqual([`${severity} SAFT-11`]);
  });
});
