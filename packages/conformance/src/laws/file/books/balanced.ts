import { linesOf, sum, voucherReference, type JournalLine } from '@bilag/core';
import type { FileLaw } from '../../../files/file-law.ts';
import type { FileWorld } from '../../../files/file-world.ts';
import type { KitSale } from '../../../kit/kit-chart.ts';
import { mustEqual } from '../../../law.ts';
import { keptOrRefused, together, type KeptOrRefused } from '../../../refusal.ts';

/** Debit and credit, also where net and VAT are both halves of an øre. */
export const fileBalanced: FileLaw = {
  id: 'balanced',
  sentence: 'The lines of every voucher add up to nothing, whatever its VAT was rounded to.',
  async prove(open) {
    const world = await open();
    await mustBalance(world, world.chart.sales);
    const outcomes: KeptOrRefused[] = [];
    for (const rateBasisPoints of [2550, 1200, 600]) {
      const sales = atRate(world.chart.sales, rateBasisPoints);
      outcomes.push(await keptOrRefused(() => mustBalance(world, sales)));
    }
    return `other rates ${together(outcomes)}`;
  },
};

/** The same accounts and codes at another rate. */
export function atRate(sales: readonly KitSale[], rateBasisPoints: number): readonly KitSale[] {
  return sales.map((sale) => (sale.vatAccount === null ? sale : Object.assign({}, sale, { rateBasisPoints })));
}

/** In the net view what is missing is the VAT, to the øre. */
async function mustBalance(world: FileWorld, sales: readonly KitSale[]): Promise<void> {
  const maker = world.makerOf(sales);
  const vouchers = [
    maker.sales([1, 2, 3, 4, 5, 6, 7]),
    maker.sales([14, 14, 42, 70]),
    maker.sales([53, 159, -14, -53]),
    maker.sales([-1, -14]),
  ];
  const read = await world.written({ vouchers, sales });
  for (const voucher of vouchers) {
    const name = voucherReference(voucher);
    const found = read.filter(({ reference }) => reference === name).flatMap(({ lines }) => lines);
    mustEqual(difference(found), difference(linesOf(voucher, world.adapter.vat)), `debit less credit of ${name}`);
  }
}

function difference(lines: readonly Pick<JournalLine, 'amount'>[]): number {
  return sum(lines.map(({ amount }) => amount));
}
