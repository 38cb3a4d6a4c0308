import { linesOf, type VatView, type Voucher } from '@bilag/core';
import type { FileLaw } from '../../file-laws.ts';
import type { ReadVoucher } from '../../file-subject.ts';
import { mustEqual } from '../../law.ts';
import { sumsOf } from '../sums.ts';

/** What an independent reader finds is what the vouchers say. */
export const fileExact: FileLaw = {
  id: 'exact',
  sentence: 'Every amount is in the file to the last øre: small, large, whole, with øre, and negative ones.',
  async prove(open) {
    const world = await open();
    const vouchers = amountsToTry.map((grosses) => world.vouchers.sales(grosses));
    mustReadAsBooked(await world.written({ vouchers }), vouchers, world.adapter.vat);
  },
};

const amountsToTry: readonly (readonly number[])[] = [
  [1],
  [2, 3],
  [10_000, 50_000],
  [99_999, -1, -33_333],
  [123_456_789_01, -98_765_432_10],
];

/** Every voucher once, in order, with the sums per account of its view. */
export function mustReadAsBooked(read: readonly ReadVoucher[], vouchers: readonly Voucher[], view: VatView): void {
  mustEqual(
    read.map(({ reference, lines }) => [reference, sumsOf(lines)]),
    vouchers.map((voucher) => [voucher.key, sumsOf(linesOf(voucher, view))]),
    'the vouchers in the file',
  );
}
