import type { FileLaw } from '../../../files/file-law.ts';
import { mustReadAsBooked } from './as-booked.ts';

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
