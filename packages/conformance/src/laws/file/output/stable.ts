import type { FileLaw } from '../../../files/file-law.ts';
import type { Book, Voucher } from '@bilag/core';
import type { FileWorld } from '../../../files/file-world.ts';
import { atMoment } from '../../../kit/surroundings.ts';
import { mustBeTheSameBytes } from './same-bytes.ts';

/** Only so can anybody tell whether the books changed. */
export const fileStable: FileLaw = {
  id: 'stable',
  sentence: 'The same book gives the same bytes, whatever the clock says and whatever was written before.',
  async prove(open) {
    const world = await open();
    const vouchers = vouchersOf(world);
    const first = await world.render(world.book({ vouchers }));
    mustBeTheSameBytes(await world.render(world.book({ vouchers })), first, 'written a second time');

    const other = await open();
    await other.render(other.book({ vouchers: [other.vouchers.payout(100, 0, { series: 'OTHER' })] }));
    mustBeTheSameBytes(await other.render(other.book({ vouchers })), first, 'written after another book');

    const later = await open();
    const book: Book = later.book({ vouchers });
    for (const [moment, chance] of [
      ['1999-12-31T23:59:59Z', 0.25],
      ['2031-07-01T12:00:00Z', 0.75],
    ] as const) {
      const files = await atMoment(moment, chance, () => later.render(book));
      mustBeTheSameBytes(files, first, `written when the clock says ${moment} (createdAt is the only moment)`);
    }
  },
};

function vouchersOf({ vouchers }: FileWorld): readonly Voucher[] {
  return [vouchers.sales(), vouchers.payout(), vouchers.sales([25_000, 12_500, -300]), vouchers.sales([99])];
}
