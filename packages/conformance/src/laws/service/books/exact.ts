import { linesOf, sum, type Voucher } from '@bilag/core';
import type { HeldVoucher } from '../../../services/back-door.ts';
import { mustEqual, mustHold } from '../../../law.ts';
import type { ServiceLaw } from '../../../services/service-law.ts';
import { sumsOf } from '../../sums.ts';
import { holdable, holdableInTurn, isHoldable, postedOrRefused } from '../expectations.ts';

/** The voucher is held once, and the ledger shows on every account what the voucher says. */
export const exact: ServiceLaw = {
  id: 'exact',
  sentence: 'Every amount arrives to the last øre: small, large, whole, with øre, and negative ones.',
  async prove(open) {
    const world = await open();
    for (const wanted of amountsToTry) {
      const voucher = world.vouchers.sales(holdableInTurn(world, wanted));
      await world.connect().post(voucher, voucher.key);
      mustHoldAsBooked(world.live(voucher.key), voucher);
    }
  },
};

const amountsToTry: readonly (readonly number[])[] = [
  [1],
  [3, 4],
  [10_000, 50_000],
  [99_999, -1, -33_333],
  [123_456_789_01, -98_765_432_10],
];

/** A target that computes VAT itself cannot hold every amount: such a one is refused, and nothing is rounded off to make it fit. */
export const balanced: ServiceLaw = {
  id: 'balanced',
  sentence: 'What is held adds up to nothing; an amount the target cannot hold is refused and never rounded off.',
  async prove(open) {
    const world = await open();
    let refused = 0;
    for (const sale of world.chart.sales) {
      for (const gross of awkwardAmounts(sale.rateBasisPoints)) {
        const voucher = world.vouchers.sales(
          world.chart.sales.map((one) => (one === sale ? gross : holdable(100, one))),
        );
        const what = `${gross} øre with VAT code ${sale.vatCode}`;
        if ((await postedOrRefused(world, voucher, what)) === 'refused') refused += 1;
        else mustHoldAsBooked(world.live(voucher.key), voucher);
      }
    }
    for (const { reference, postings } of world.backDoor.held()) {
      mustEqual(sum(postings.map((posting) => posting.amount)), 0, `the sum of all postings of ${reference}`);
    }
    return refused === 0 ? 'every amount' : 'refuses amounts it cannot hold';
  },
};

/** The first amounts that net + VAT on top cannot make, a larger one, and refunds of them. */
function awkwardAmounts(rateBasisPoints: number): number[] {
  const found: number[] = [];
  for (let gross = 1; gross < 200 && found.length < 4; gross += 1) {
    if (!isHoldable(gross, rateBasisPoints)) found.push(gross);
  }
  for (let gross = 99_991; gross < 100_200 && found.length < 5; gross += 1) {
    if (!isHoldable(gross, rateBasisPoints)) found.push(gross);
  }
  return found.flatMap((gross) => [gross, -gross]);
}

/** One voucher, and its ledger postings add up per account to those of the voucher in the explicit view. */
export function mustHoldAsBooked(held: readonly HeldVoucher[], voucher: Voucher): void {
  const [first, second] = held;
  mustHold(first !== undefined, `the target holds no voucher ${voucher.key}`);
  mustHold(second === undefined, `the target holds ${voucher.key} ${held.length} times`);
  mustEqual(sumsOf(first.postings), sumsOf(linesOf(voucher, 'explicit')), `the accounts of ${voucher.key}`);
  mustEqual(first.date, voucher.date, `the date of ${voucher.key}`);
}
