import type { ServiceLaw } from '../../../services/service-law.ts';
import type { ServiceWorld } from '../../../services/service-world.ts';
import { mustEqual } from '../../../law.ts';
import { mustHoldAsBooked } from '../books/exact.ts';
import { mustEndAs } from '../expectations.ts';
import type { DeliverOptions } from '../../../services/memory-delivery.ts';

/** What was booked is not shown yet, and that nobody sees it is no reason to send it again. */
export const slowSearch: ServiceLaw = {
  id: 'slow-search',
  sentence: 'A voucher that the search shows only just in the declared time is waited for, and nothing is sent twice.',
  excuse: ({ adapter }) => (adapter.dedupe.by === 'search' ? undefined : `dedupe "${adapter.dedupe.by}"`),
  async prove(open) {
    for (const whenNotFound of ['ask', 'send-again'] as const) {
      const lost = await openSlow(open);
      lost.strike({ kind: 'cut', strikes: 'after' });
      await mustComeOnceSentOnce(lost, { whenNotFound }, `a lost reply and a slow search, told to ${whenNotFound}`);

      const crashed = await openSlow(open);
      const voucher = crashed.vouchers.sales();
      const since = await crashed.deliver(voucher, { crash: 'after-send', whenNotFound });
      const what = `a crash and a slow search, told to ${whenNotFound}`;
      await mustComeOnceSentOnce(crashed, { since, whenNotFound }, what, voucher);

      await mustComeOnceSentOnce(await openSlow(open), { whenNotFound }, 'an ordinary voucher and a slow search');
    }
  },
};

async function openSlow(open: () => Promise<ServiceWorld>): Promise<ServiceWorld> {
  const world = await open();
  const { dedupe } = world.adapter;
  if (dedupe.by === 'search') world.backDoor.showAfter(Math.floor(0.9 * dedupe.settlesMs));
  return world;
}

async function mustComeOnceSentOnce(
  world: ServiceWorld,
  options: DeliverOptions,
  what: string,
  voucher = world.vouchers.sales(),
): Promise<void> {
  mustEndAs(await world.deliver(voucher, options), 'posted', what);
  mustHoldAsBooked(world.live(voucher.key), voucher);
  mustEqual(world.sends, 1, `${what}: how often it was sent`);
}
