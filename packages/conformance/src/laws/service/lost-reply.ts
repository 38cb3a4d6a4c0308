import { mustEqual, mustHold } from '../../law.ts';
import type { ServiceLaw } from '../../service-laws.ts';
import { errorOf } from '../../service-world.ts';
import { mustHoldAsBooked } from './exact.ts';

/** The reply went missing after the target had booked. */
export const lostReply: ServiceLaw = {
  id: 'lost-reply',
  sentence: 'A write whose reply is lost is an unknown outcome, and the voucher ends up in the target exactly once.',
  async prove(open) {
    const alone = await open();
    const first = alone.vouchers.sales();
    alone.strike({ kind: 'cut', strikes: 'after' });
    const error = await errorOf(alone.connect().post(first, first.key), 'a write without reply');
    mustEqual(error.kind, 'unknown-outcome', 'the error of a write without reply');

    const world = await open();
    const voucher = world.vouchers.sales();
    world.strike({ kind: 'cut', strikes: 'after' });
    const { state } = await world.deliver(voucher);
    const isAsked = world.adapter.dedupe.by === 'none';
    mustHold(state === (isAsked ? 'unknown-outcome' : 'posted'), `its delivery ends as ${state}`);
    mustHoldAsBooked(world.live(voucher.key), voucher);
  },
};
