import { addedVat, amount, linesOf, negate, type Amount, type JournalLine, type Voucher } from '@bilag/core';
import type { HeldVoucher } from '../../../services/back-door.ts';
import type { KitReverseCharge } from '../../../kit/kit-chart.ts';
import { mustEqual } from '../../../law.ts';
import type { ServiceLaw } from '../../../services/service-law.ts';
import type { ServiceWorld } from '../../../services/service-world.ts';
import { sumsOf } from '../../sums.ts';
import { mustHoldAsBooked } from './exact.ts';
import { failureOf, holdableInTurn, mustBeOf, mustHoldNothing, refusals } from '../expectations.ts';

/** A target that adds VAT itself doubles it when it is also sent, and loses it when a net amount is sent as gross. */
export const vat: ServiceLaw = {
  id: 'vat',
  sentence:
    'VAT is neither lost nor doubled: the base of every code and the VAT on every account are the voucher’s own.',
  async prove(open) {
    const world = await open();
    for (const wanted of amountsToTry) {
      const voucher = world.vouchers.sales(holdableInTurn(world, wanted));
      await world.connect().post(voucher, voucher.key);
      const [held] = world.live(voucher.key);
      mustHoldAsBooked(world.live(voucher.key), voucher);
      const hasCodes = world.adapter.vatCodes !== 'not-kept';
      if (held !== undefined && hasCodes)
        mustEqual(basesOf(held), basesOfVoucher(voucher), `base and code of ${voucher.key}`);
    }
    return mustTakeReverseCharge(await open());
  },
};

/** Odd amounts, several to a code, refunds among sales, and refunds alone. */
const amountsToTry: readonly (readonly number[])[] = [
  [9, 23, 18, 38, 33, 53, 44, 68],
  [101, -53, 999, -107, 10_003, -6_007, 99_991, 12_347],
  [-1_111, -2_221, -3, -33],
  Array.from({ length: 40 }, (_, index) => 1_013 + 37 * index),
];

/** `account code` → base, in the ledger. Postings without VAT are not bases. */
function basesOf({ postings }: HeldVoucher): [string, number][] {
  return sumsOf(
    postings.flatMap(({ account, vatCode, amount: value }) =>
      vatCode === undefined || vatCode === '0' ? [] : [{ account: `${account} ${vatCode}`, amount: value }],
    ),
  );
}

function basesOfVoucher(voucher: Voucher): [string, number][] {
  return sumsOf(
    linesOf(voucher, 'net').flatMap(({ account, vat: own, amount: value }) =>
      own === undefined ? [] : [{ account: `${account} ${own.code}`, amount: value }],
    ),
  );
}

/** A fee from abroad: owed and deducted in one voucher, or refused. */
async function mustTakeReverseCharge(world: ServiceWorld): Promise<string> {
  const { reverseCharge = norwegianReverseCharge, clearing } = world.chart;
  const net = amount(10_000);
  const line: JournalLine = { ...reverseChargeLine(reverseCharge, net), facts: ['kit-fact'] };
  const voucher = world.vouchers.of([line, { account: clearing, amount: negate(net), text: 'Gebyr', facts: [] }]);
  const what = 'a voucher with reverse charge';
  const error = await failureOf(world.connect().post(voucher, voucher.key), what);
  if (error === undefined) {
    mustHoldAsBooked(world.live(voucher.key), voucher);
    return 'reverse charge booked';
  }
  mustBeOf(error, refusals, what);
  mustHoldNothing(world, what);
  return 'reverse charge refused';
}

function reverseChargeLine(given: KitReverseCharge, net: Amount): Omit<JournalLine, 'facts'> {
  const { account, vatCode, rateBasisPoints, vatAccount, deductionAccount } = given;
  return {
    account,
    amount: net,
    vat: {
      kind: 'reverse-charge',
      code: vatCode,
      account: vatAccount,
      deductionAccount,
      rateBasisPoints,
      net,
      amount: addedVat(net, rateBasisPoints),
    },
    text: 'Gebyr',
  };
}

const norwegianReverseCharge: KitReverseCharge = {
  account: '7770',
  vatCode: '86',
  rateBasisPoints: 2500,
  vatAccount: '2704',
  deductionAccount: '2714',
};
