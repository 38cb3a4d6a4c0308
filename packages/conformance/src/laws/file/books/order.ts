import { linesOf, voucherReference } from '@bilag/core';
import type { FileLaw } from '../../../files/file-law.ts';
import { mustEqual } from '../../../law.ts';
import { mustHoldTheVouchers } from './as-booked.ts';

/** An auditor reads voucher and file side by side. */
export const fileOrder: FileLaw = {
  id: 'order',
  sentence: 'Vouchers and lines stand in the order of the book, and none is merged with another.',
  async prove(open) {
    const world = await open();
    const { vouchers: maker } = world;
    const vouchers = [
      maker.sales([30_000, 20_000, 30_000, 10_000, -500], { key: '400009-A' }),
      maker.payout(45_000, 500, { key: '400002-B' }),
      maker.sales([7_000, 6_000, 5_000], { key: '400010-A', date: world.day('03-05') }),
      maker.sales([1_000, 3_000, 2_000], { key: '400001-Z', date: world.day('03-05') }),
      maker.sales([400, 900], { key: '400001-A', date: world.day('03-04') }),
    ];
    const read = await world.written({ vouchers });
    mustHoldTheVouchers(read, vouchers);
    for (const [place, voucher] of vouchers.entries()) {
      mustEqual(
        linesInOrder(read[place]?.lines ?? []),
        linesInOrder(linesOf(voucher, world.adapter.vat)),
        `the lines of ${voucherReference(voucher)} in the file`,
      );
    }
  },
};

function linesInOrder(lines: readonly { readonly account: string; readonly amount: number }[]): [string, number][] {
  return lines.filter(({ amount }) => amount !== 0).map(({ account, amount }) => [account, amount]);
}
