import { linesOf, type Voucher } from '@bilag/core';
import type { HeldVoucher } from '../../back-door.ts';
import { mustEqual, mustHold } from '../../law.ts';
import { sumsOf } from '../sums.ts';
import type { ServiceLaw } from '../../service-laws.ts';

/** The voucher is held once, and the ledger shows on every account what the voucher says. */
export const exact: ServiceLaw = {
  id: 'exact',
  sentence: 'Every amount arrives to the last øre: small, large, whole, with øre, and negative ones.',
  async prove(open) {
    for (const grosses of amountsToTry) {
      const world = await open();
      const voucher = world.vouchers.sales(grosses);
      await world.connect().post(voucher, voucher.key);
      mustHoldAsBooked(world.live(voucher.key), voucher);
    }
  },
};

const amountsToTry: readonly (readonly number[])[] = [
  [1],
  [2, 3],
  [10_000, 50_000],
  [99_999, -1, -33_333],
  [123_456_789_01, -98_765_432_10],
];

/** One voucher, and its ledger postings add up per account to those of the voucher in the explicit view. */
export function mustHoldAsBooked(held: readonly HeldVoucher[], voucher: Voucher): void {
  const [first, second] = held;
  mustHold(first !== undefined, `the target holds no voucher ${voucher.key}`);
  mustHold(second === undefined, `the target holds ${voucher.key} ${held.length} times`);
  mustEqual(sumsOf(first.postings), sumsOf(linesOf(voucher, 'explicit')), `the accounts of ${voucher.key}`);
}
