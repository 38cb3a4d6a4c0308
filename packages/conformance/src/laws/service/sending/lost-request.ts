import { provesNoAbsence, type Voucher } from '@bilag/core';
import { mustHold } from '../../../law.ts';
import type { ServiceLaw } from '../../../services/service-law.ts';
import type { ServiceWorld } from '../../../services/service-world.ts';
import { mustHoldAsBooked } from '../books/exact.ts';
import { asksPerson, failureOf, mustEndAs, mustHoldNothing, together, type Strike } from '../expectations.ts';
import type { DeliverOptions } from '../../../services/memory-delivery.ts';

/** Nothing arrived, and nobody knows. */
export const lostRequest: ServiceLaw = {
  id: 'lost-request',
  sentence: 'A write that never arrived is sent again only where that is safe, and never leaves more than one voucher.',
  async prove(open) {
    await together(
      lostRequests.flatMap(([fault, what]) => [
        async () => mustNotBePosted(await open(), fault, what),
        ...(['ask', 'send-again'] as const).map((whenNotFound) => async () => {
          const world = await open();
          world.strike(fault);
          const told = `${what}, told to ${whenNotFound}`;
          await mustComeOnceOrBeAsked(world, world.vouchers.sales(), { whenNotFound }, told);
        }),
      ]),
    );
  },
};

/** The process ended, just before the write or just after it. */
export const crash: ServiceLaw = {
  id: 'crash',
  sentence:
    'After a crash just before or just after the write, a new connection brings the voucher there exactly once.',
  async prove(open) {
    for (const whenNotFound of ['ask', 'send-again'] as const) {
      const before = await open();
      const unsent = before.vouchers.sales();
      const intended = await before.deliver(unsent, { crash: 'before-send', whenNotFound });
      const resume = { since: intended, whenNotFound };
      await mustComeOnceOrBeAsked(before, unsent, resume, `a crash before the write, told to ${whenNotFound}`);

      const after = await open();
      const sent = after.vouchers.sales();
      const what = `a crash after the write, told to ${whenNotFound}`;
      const unanswered = await after.deliver(sent, { crash: 'after-send', whenNotFound });
      after.time.ms += longestPause(after);
      const ended = await after.deliver(sent, { since: unanswered, whenNotFound });
      mustEndAs(ended, asksPerson(after) ? 'unknown-outcome' : 'posted', what);
      mustHoldAsBooked(after.live(sent.key), sent);
    }
  },
};

/** Whoever starts it again does so the next day: a key that is remembered so long must be known. */
function longestPause({ adapter: { dedupe } }: ServiceWorld): number {
  return dedupe.by === 'server-key' ? Math.max(0, Math.floor(0.9 * dedupe.keptMs) - longestRequestMs) : 0;
}

/** What the delivery rules allow a request to last. */
const longestRequestMs = 60_000;

const lostRequests: readonly (readonly [Strike, string])[] = [
  [{ kind: 'cut', strikes: 'before' }, 'a write that was cut on its way'],
  [{ kind: 'status', status: 500, strikes: 'before' }, 'a write that a 500 turned away'],
  [{ kind: 'hang', strikes: 'before' }, 'a write that got lost'],
];

async function mustNotBePosted(world: ServiceWorld, fault: Strike, what: string): Promise<void> {
  const voucher = world.vouchers.sales();
  world.strike(fault);
  const error = await failureOf(world.connect().post(voucher, voucher.key), what);
  mustHold(error !== undefined, `${what}: it was reported as posted`);
  mustHoldNothing(world, what);
}

/**
 * Posted once where the target tells duplicates, or was searched and we are told to trust that; else a person is asked and
 * nothing was sent twice.
 */
async function mustComeOnceOrBeAsked(
  world: ServiceWorld,
  voucher: Voucher,
  options: DeliverOptions,
  what: string,
): Promise<void> {
  const { dedupe } = world.adapter;
  const { by } = dedupe;
  const delivery = await world.deliver(voucher, options);
  const mayAsk =
    by === 'none' || (by === 'search' && (options.whenNotFound !== 'send-again' || provesNoAbsence(dedupe)));
  if (mayAsk && delivery.state !== 'posted') {
    mustEndAs(delivery, 'unknown-outcome', what);
    mustHoldNothing(world, what);
    return;
  }
  mustEndAs(delivery, 'posted', what);
  mustHoldAsBooked(world.live(voucher.key), voucher);
}
