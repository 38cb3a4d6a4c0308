import { norwegianChart, openFileWorld, VoucherMaker } from '@bilag/conformance';
import { expect, test } from 'vitest';
import { acmeFile } from '../src/index.ts';
import { toAcmeFile } from '../src/to-acme-file.ts';
import { subject } from './conformance.ts';

test('a sale stands net, and its VAT on a line of its own', async () => {
  const vouchers = [new VoucherMaker(norwegianChart, acmeFile.shape).sales([25_000])];
  const book = openFileWorld(subject).book({ vouchers });
  expect((await Array.fromAsync(toAcmeFile(book, { texts: false }))).join('')).toBe(
    [
      'ACME_FILE\t1\t987654321\tNOK',
      'V\t400001-20260302\t2026-03-02\tVipps MobilePay 400001 2026-03-02',
      'L\t1579\t250.00\t\t\t',
      'L\t3000\t-200.00\t3\t\t',
      'L\t2700\t-50.00\t\t\t',
      '',
    ].join('\n'),
  );
});
