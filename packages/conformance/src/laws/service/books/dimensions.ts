import type { Voucher } from '@bilag/core';
import { mustEqual } from '../../../law.ts';
import type { ServiceLaw } from '../../../services/service-law.ts';
import type { ServiceWorld } from '../../../services/service-world.ts';
import { mustHoldAsBooked } from './exact.ts';
import { failureOf, mustBeOf, mustBeReceiptOf, mustHoldNothing, refusals } from '../expectations.ts';

/** A department that is dropped in silence is missed when the year is closed. */
export const dimensions: ServiceLaw = {
  id: 'dimensions',
  sentence: 'Dimensions are kept to the letter, or the voucher is refused; none is dropped in silence.',
  async prove(open) {
    const { type, value } = (await open()).chart.dimension ?? { type: 'department', value: '10' };
    const outcomes = new Set<string>();
    for (const make of makers) outcomes.add(await mustKeepOrRefuse(await open(), make, { [type]: value }));
    for (const unknown of [{ [type]: '9999' }, { 'no-such-dimension': '1' }]) {
      await mustKeepOrRefuse(await open(), makers[1], unknown);
    }
    return [...outcomes].join(', some ');
  },
};

type Maker = (world: ServiceWorld, dimensions: Readonly<Record<string, string>>) => Voucher;

const makers: readonly [Maker, Maker] = [
  ({ vouchers }, own) => vouchers.sales([100_000, 23_000], { dimensions: own }),
  ({ vouchers }, own) => vouchers.payout(10_000, 500, { dimensions: own }),
];

async function mustKeepOrRefuse(
  world: ServiceWorld,
  make: Maker,
  own: Readonly<Record<string, string>>,
): Promise<'kept' | 'refused'> {
  const voucher = make(world, own);
  const what = `a voucher with the dimension ${JSON.stringify(own)}`;
  const posted = world.connect().post(voucher, voucher.key);
  const error = await failureOf(posted, what);
  if (error !== undefined) {
    mustBeOf(error, refusals, what);
    mustHoldNothing(world, what);
    return 'refused';
  }
  mustHoldAsBooked(world.live(voucher.key), voucher);
  mustEqual(dimensionsHeld(world, voucher), dimensionsOf(voucher), `${what}: dimensions by account`);
  await mustBeReceiptOf((await posted).digest, voucher, world, what);
  return 'kept';
}

/** Account → dimensions, of the lines that have some. The VAT's own postings may have them or not. */
function dimensionsOf({ lines }: Voucher): string[] {
  return distinct(lines);
}

function dimensionsHeld(world: ServiceWorld, { key, lines }: Voucher): string[] {
  const own = new Set(lines.map(({ account }) => account));
  return distinct(world.live(key).flatMap(({ postings }) => postings.filter(({ account }) => own.has(account))));
}

function distinct(
  lines: readonly { readonly account: string; readonly dimensions?: Readonly<Record<string, string>> }[],
): string[] {
  const texts = lines.flatMap(({ account, dimensions: own = {} }) =>
    Object.entries(own).map(([type, value]) => `${account} ${type}=${value}`),
  );
  return [...new Set(texts)].sort();
}
