import { norwegianChart, VoucherMaker } from '@bilag/conformance';
import { expect, test } from 'vitest';
import { acmeBooks } from '../src/index.ts';
import { toAcmeBooks } from '../src/to-acme-books.ts';

test('a sale and its VAT are one gross amount with a code', () => {
  const vouchers = new VoucherMaker(norwegianChart, acmeBooks.shape);
  const { lines } = toAcmeBooks(vouchers.sales([25_000]), '400001-20260302');
  expect(lines.map((line) => JSON.stringify(line))).toEqual([
    '{"account":"1579","amount":250.00,"text":"Salg"}',
    '{"account":"3000","amount":-250.00,"text":"Salg","vatCode":"3"}',
  ]);
});
