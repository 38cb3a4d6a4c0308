import { linesOf, voucherReference } from '@bilag/core';
import type { FileLaw } from '../../files/file-law.ts';
import { mustEqual } from '../../law.ts';
import { mustReadAsBooked } from './books/as-booked.ts';

/** Without a shape, a day of sales is one voucher, however long. */
export const fileLong: FileLaw = {
  id: 'long',
  sentence: 'A voucher of 1,000 lines, or of as many as the adapter declares to take, is in the file whole.',
  async prove(open) {
    const world = await open();
    const most = Math.min(1_000, world.adapter.shape?.maxLines ?? 1_000);
    const grosses = Array.from({ length: Math.max(1, most - 1) }, (_, index) => 101 + index);
    const vouchers = [world.vouchers.sales([5_000]), world.vouchers.sales(grosses), world.vouchers.sales([6_000])];
    const read = await world.written({ vouchers });
    mustReadAsBooked(read, vouchers, world.adapter.vat);
    for (const [place, voucher] of vouchers.entries()) {
      const wanted = linesOf(voucher, world.adapter.vat).length;
      const found = (read[place]?.lines ?? []).filter(({ amount }) => amount !== 0).length;
      mustEqual(found, wanted, `how many lines ${voucherReference(voucher)} has in the file`);
    }
    return `${most} lines`;
  },
};
