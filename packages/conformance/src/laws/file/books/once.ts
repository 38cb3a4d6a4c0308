import { voucherReference, type Voucher } from '@bilag/core';
import type { FileLaw } from '../../../files/file-law.ts';
import type { FileWorld } from '../../../files/file-world.ts';
import { mustEqual } from '../../../law.ts';

/** Nothing lost, nothing doubled, nothing made up. */
export const fileOnce: FileLaw = {
  id: 'once',
  sentence: 'Every voucher of the book is in the files exactly once and no other is, also in a book of one or of none.',
  async prove(open) {
    const world = await open();
    const { vouchers: maker } = world;
    await mustHoldOnce(world, []);
    await mustHoldOnce(world, [maker.sales([25_000])]);
    const twins = ['400001-20260302-01', '400001-20260302-02'].map((key) => maker.sales([9_900, 100], { key }));
    const [first] = twins;
    await mustHoldOnce(world, [
      ...twins,
      ...(first === undefined ? [] : [maker.sales([9_900, 200], { key: first.key, revision: 2 })]),
      maker.payout(10_000, 0, { series: 'PAYOUT', date: world.day('03-03') }),
      maker.sales([777], { date: world.day('03-31') }),
      maker.sales([1], { series: 'PAYOUT', date: world.day('03-31') }),
      maker.sales([888], { date: world.day('03-01') }),
    ]);
    // More than anybody hands on at a time: a hundred, a thousand, 1,024.
    await mustHoldOnce(
      world,
      Array.from({ length: 1_030 }, (_, index) => maker.payout(1_000 + index, 0)),
    );
  },
};

async function mustHoldOnce(world: FileWorld, vouchers: readonly Voucher[]): Promise<void> {
  const read = await world.written({ vouchers });
  const wanted = vouchers.map((voucher) => voucherReference(voucher));
  mustEqual(
    read.map(({ reference }) => reference).sort(),
    wanted.sort(),
    `the vouchers of a book of ${vouchers.length}`,
  );
}
