import { linesOf, voucherReference, type BookDimension, type ViewedLine } from '@bilag/core';
import type { FileLaw } from '../../../files/file-law.ts';
import type { ReadLine } from '../../../files/file-subject.ts';
import { mustEqual } from '../../../law.ts';
import { keptOrRefused } from '../../../refusal.ts';

/** What the merchant steers by. A dimension that vanishes is only missed when the year is over. */
export const fileDimensions: FileLaw = {
  id: 'dimensions',
  sentence: 'Dimensions are in the file, each on its own lines, or they are refused in words: never dropped.',
  async prove(open) {
    const world = await open();
    const { type, value } = world.chart.dimension ?? { type: 'department', value: '10' };
    const dimensions: BookDimension[] = [{ type, id: value, name: 'Avdeling nord' }];
    const vouchers = [
      world.vouchers.sales([40_000, 5_000], { dimensions: { [type]: value } }),
      world.vouchers.sales([40_000, 5_000, 600]),
      world.vouchers.payout(80_000, 900, { dimensions: { [type]: value } }),
    ];
    return keptOrRefused(async () => {
      const read = await world.written({ vouchers, dimensions });
      for (const voucher of vouchers) {
        const name = voucherReference(voucher);
        const found = read.filter(({ reference }) => reference === name).flatMap(({ lines }) => lines);
        const wanted = linesOf(voucher, world.adapter.vat);
        mustEqual(inDimensions(found, wanted), inDimensions(wanted, wanted), `the dimensions of ${name} in the file`);
      }
    });
  },
};

/** Lines of VAT may carry the dimension of their base or none. */
function inDimensions(lines: readonly (ReadLine | ViewedLine)[], wanted: readonly ViewedLine[]): string[] {
  const ofVat = new Set(wanted.filter(({ role }) => role === 'vat').map(({ account }) => account));
  return lines
    .filter(({ account, amount }) => amount !== 0 && !ofVat.has(account))
    .map(({ account, amount, dimensions = {} }) => {
      const values = Object.entries(dimensions).map(([type, value]) => `${type.toLowerCase()} ${value}`);
      return [account, amount, ...values.sort()].join(' ');
    })
    .sort();
}
