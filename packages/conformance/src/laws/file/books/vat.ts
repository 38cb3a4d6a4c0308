import { amount, linesOf, voucherReference, type JournalLine, type Voucher } from '@bilag/core';
import type { FileLaw } from '../../../files/file-law.ts';
import type { ReadVoucher } from '../../../files/file-subject.ts';
import type { FileWorld } from '../../../files/file-world.ts';
import type { KitReverseCharge, KitSale } from '../../../kit/kit-chart.ts';
import { mustEqual, mustHold } from '../../../law.ts';
import { keptOrRefused } from '../../../refusal.ts';
import { saleLine } from '../../../kit/voucher-maker.ts';
import { sumsOf } from '../../sums.ts';
import { mustReadAsBooked } from './as-booked.ts';
import { atRate } from './balanced.ts';

/** What the VAT return will be made of. */
export const fileVat: FileLaw = {
  id: 'vat',
  sentence: 'VAT is neither lost nor doubled: each code has its base, each VAT account its amount, refunds too.',
  async prove(open) {
    const world = await open();
    const codes = await mustKeepVat(world, ordinary(world));
    const outcomes = [];
    for (const sketch of [anotherRate(world), zeroRate(world), reverseCharged(world)]) {
      outcomes.push(await keptOrRefused(() => mustKeepVat(world, sketch)));
    }
    const [rate, zero, reverse] = outcomes;
    return `${codes}, another rate ${rate}, zero rate ${zero}, reverse charge ${reverse}`;
  },
};

interface VatSketch {
  readonly vouchers: readonly Voucher[];
  readonly sales?: readonly KitSale[];
  readonly reverseCharge?: KitReverseCharge;
}

/** Sales, a refund, a whole day taken back, and two codes on one account. */
function ordinary({ chart, vouchers: maker }: FileWorld): VatSketch {
  const sales = bothOnOneAccount(chart.sales);
  const mixed = sales.flatMap((sale) => [saleLine(sale, amount(-12_500)), saleLine(sale, amount(2_300))]);
  return {
    sales,
    vouchers: [
      maker.sales([123_450, 48_505, -4_990, -1_150]),
      maker.sales([-123_450, -48_505]),
      maker.of(withClearing(chart.clearing, mixed), maker.salesDocument),
    ],
  };
}

/** The first account with the codes of all. */
function bothOnOneAccount(sales: readonly KitSale[]): readonly KitSale[] {
  const account = sales[0]?.account ?? '';
  return [...sales, ...sales.slice(1).map((sale) => ({ ...sale, account }))];
}

/** Rates change by law, and some are odd: 11.11 %. */
function anotherRate(world: FileWorld): VatSketch {
  const sales = atRate(world.chart.sales, 1111);
  return { sales, vouchers: [world.makerOf(sales).sales([10_000, 20_001, -333])] };
}

function zeroRate(world: FileWorld): VatSketch {
  const sales = world.chart.sales
    .slice(0, 1)
    .map((sale) => Object.assign({}, sale, { rateBasisPoints: 0, vatAccount: null }));
  return { sales, vouchers: [world.makerOf(sales).sales([50_000, -1_000])] };
}

/** A service from abroad: the VAT is owed and deducted at once, on top of the cost. */
function reverseCharged(world: FileWorld): VatSketch {
  const { chart, vouchers } = world;
  const reverseCharge = chart.reverseCharge ?? norwegianReverseCharge;
  const { account, vatCode, rateBasisPoints, vatAccount, deductionAccount } = reverseCharge;
  const cost = (gross: number): JournalLine => ({
    account,
    amount: amount(gross),
    vat: {
      kind: 'reverse-charge',
      code: vatCode,
      account: vatAccount,
      deductionAccount,
      rateBasisPoints,
      net: amount(gross),
      amount: amount((gross * rateBasisPoints) / 10_000),
    },
    text: 'Gebyr',
    facts: ['kit-fact'],
  });
  return { reverseCharge, vouchers: [vouchers.of(withClearing(chart.clearing, [cost(40_000), cost(-8_000)]))] };
}

/** Code 86: services from abroad, high rate, with the right to deduct. */
const norwegianReverseCharge: KitReverseCharge = {
  account: '7790',
  vatCode: '86',
  rateBasisPoints: 2500,
  vatAccount: '2704',
  deductionAccount: '2714',
};

function withClearing(account: string, lines: readonly JournalLine[]): JournalLine[] {
  const rest = amount(-lines.reduce((total, line) => total + line.amount, 0));
  return [{ account, amount: rest, role: 'clearing', text: 'Vipps', facts: ['kit-fact'] }, ...lines];
}

/** Says whether the file has codes at all: only one with lines for VAT can do without. */
async function mustKeepVat(world: FileWorld, sketch: VatSketch): Promise<string> {
  const { vat: view } = world.adapter;
  const read = await world.written(sketch);
  mustReadAsBooked(read, sketch.vouchers, view);
  if (!read.some(({ lines }) => lines.some(({ vatCode }) => vatCode !== undefined))) {
    mustHold(view === 'explicit', `there is no VAT code in the file, and no line for the VAT: it is lost`);
    return 'no codes';
  }
  for (const voucher of sketch.vouchers) {
    const name = voucherReference(voucher);
    const wanted = linesOf(voucher, view).map(({ account, amount: value, vat }) => ({
      account,
      amount: value,
      vatCode: vat?.code,
    }));
    mustEqual(basesOf(linesNamed(read, name)), basesOf(wanted), `the base of each VAT code in ${name}`);
  }
  return 'codes';
}

function linesNamed(read: readonly ReadVoucher[], name: string): ReadVoucher['lines'] {
  return read.filter(({ reference }) => reference === name).flatMap(({ lines }) => lines);
}

/** `account code` → the sum of its lines. */
function basesOf(
  lines: readonly { readonly account: string; readonly amount: number; readonly vatCode?: string | undefined }[],
): [string, number][] {
  return sumsOf(
    lines.flatMap(({ account, amount: value, vatCode }) =>
      vatCode === undefined ? [] : [{ account: `${account} with code ${vatCode}`, amount: value }],
    ),
  );
}
