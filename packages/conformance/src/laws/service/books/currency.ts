import { linesOf } from '@bilag/core';
import { mustEqual } from '../../../law.ts';
import type { ServiceLaw } from '../../../services/service-law.ts';
import { sumsOf } from '../../sums.ts';
import { failureOf, mustBeOf, mustBeReceiptOf, mustHoldNothing, refusals } from '../expectations.ts';

/** A hundred euros are not a hundred kroner. */
export const currency: ServiceLaw = {
  id: 'currency',
  sentence: 'A voucher in another currency than the company’s is booked in that currency, or refused.',
  async prove(open) {
    const world = await open();
    const other = world.chart.currency === 'EUR' ? 'USD' : 'EUR';
    const voucher = world.vouchers.payout(10_000, 500, { currency: other });
    const what = `a voucher in ${other}`;
    const posted = world.connect().post(voucher, voucher.key);
    const error = await failureOf(posted, what);
    if (error !== undefined) {
      mustBeOf(error, refusals, what);
      mustHoldNothing(world, what);
      return 'refused';
    }
    const [held] = world.live(voucher.key);
    mustEqual(held?.currency, other, `${what}: its currency in the books`);
    mustEqual(sumsOf(held?.postings ?? []), sumsOf(linesOf(voucher, 'explicit')), `${what}: its accounts`);
    await mustBeReceiptOf((await posted).digest, voucher, world, what);
    return 'kept';
  },
};
