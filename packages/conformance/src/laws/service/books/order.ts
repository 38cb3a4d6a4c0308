import { amount, negate, sum, type JournalLine, type Voucher } from '@bilag/core';
import { mustEqual } from '../../../law.ts';
import type { ServiceLaw } from '../../../services/service-law.ts';
import type { ServiceWorld } from '../../../services/service-world.ts';
import { saleLine } from '../../../kit/voucher-maker.ts';
import { mustHoldAsBooked } from './exact.ts';
import { holdable } from '../expectations.ts';

/** People read a voucher from top to bottom. */
export const order: ServiceLaw = {
  id: 'order',
  sentence:
    'The lines of a journal entry stand in the order of the voucher, and in any order they make the same books.',
  async prove(open) {
    const world = await open();
    const lines = linesOfManyAccounts(world);
    for (const ordered of [lines, lines.toReversed(), [...lines.slice(2), ...lines.slice(0, 2)]]) {
      const voucher = world.vouchers.of(ordered);
      await world.connect().post(voucher, voucher.key);
      mustHoldAsBooked(world.live(voucher.key), voucher);
      mustEqual(
        accountsHeld(world, voucher),
        ordered.map(({ account }) => account),
        `the order of ${voucher.key}`,
      );
    }
    const sales = world.vouchers.sales();
    const turned = world.vouchers.of(sales.lines.toReversed(), world.vouchers.salesDocument);
    const receipts = [];
    for (const voucher of [sales, turned]) {
      receipts.push((await world.connect().post(voucher, voucher.key)).digest);
      mustHoldAsBooked(world.live(voucher.key), voucher);
    }
    mustEqual(receipts[1], receipts[0], 'the digest of sales whose lines stand in another order');
  },
};

/** Every account once, in the order of nobody's chart. */
function linesOfManyAccounts({ chart }: ServiceWorld): JournalLine[] {
  const sales = chart.sales
    .filter(({ account }, index) => chart.sales.findIndex((one) => one.account === account) === index)
    .map((sale, index) => saleLine(sale, amount(-holdable(12_300 + 1_000 * index, sale))));
  const others = [...sales.slice(0, 1), line(chart.fee, 4_500), ...sales.slice(1), line(chart.bank, 6_700)];
  return [line(chart.clearing, negate(sum(others.map((one) => one.amount)))), ...others];
}

/** The accounts of the voucher as the target shows them, without the VAT's own. */
function accountsHeld(world: ServiceWorld, { key, lines }: Voucher): string[] {
  const own = new Set(lines.map(({ account }) => account));
  const [held] = world.live(key);
  return held?.postings.map(({ account }) => account).filter((account) => own.has(account)) ?? [];
}

function line(account: string, value: number): JournalLine {
  return { account, amount: amount(value), text: 'Linje', facts: ['kit-fact'] };
}
