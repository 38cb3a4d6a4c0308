import { expectedDigest, viewDigest } from '@bilag/core';
import { mustEqual, mustHold } from '../../../law.ts';
import type { ServiceLaw } from '../../../services/service-law.ts';
import type { ServiceWorld } from '../../../services/service-world.ts';
import { mustHoldAsBooked } from './exact.ts';
import { canFind, failureOf, mustBeOf, mustBeReceiptOf, mustEndAs, mustFind, refusals } from '../expectations.ts';

/** A receipt that repeats what was sent proves nothing. */
export const receipt: ServiceLaw = {
  id: 'receipt',
  sentence: 'A receipt tells what the target holds, read back from it, and not what was sent.',
  async prove(open) {
    const world = await open();
    for (const voucher of [world.vouchers.sales(), world.vouchers.payout()]) {
      const { outcome, id, digest } = await world.connect().post(voucher, voucher.key);
      mustEqual(outcome, 'created', `the outcome of ${voucher.key}`);
      mustEqual(id, world.live(voucher.key)[0]?.id, `the id in the receipt of ${voucher.key}`);
      await mustBeReceiptOf(digest, voucher, world, voucher.key);
      await mustFind(world, voucher, voucher.key, voucher.key);
    }

    const altering = await open();
    const altered = altering.vouchers.payout();
    altering.backDoor.alterNext();
    mustEndAs(await altering.deliver(altered), 'conflict', 'a voucher that the target stored with another amount');

    const edited = await open();
    const voucher = edited.vouchers.payout();
    const { id } = await edited.connect().post(voucher, voucher.key);
    edited.backDoor.edit(id);
    const found = await edited.connect().find?.(voucher.key);
    if (found === undefined) return;
    const [posted] = found;
    mustHold(posted !== undefined, 'find() does not show a voucher that a person edited');
    mustHold(
      viewDigest(posted) !== expectedDigest(voucher, edited.adapter),
      'find() shows a voucher that a person edited as it was before',
    );
  },
};

/** Delivered again, by the same connection or another. */
export const once: ServiceLaw = {
  id: 'once',
  sentence: 'Delivering a voucher again adds nothing, also by a new connection that knows nothing of the first.',
  async prove(open) {
    const world = await open();
    const voucher = world.vouchers.sales();
    const first = await world.deliver(voucher);
    mustEndAs(first, 'posted', 'an ordinary voucher');
    mustEndAs(await world.deliver(voucher, { since: first }), 'posted', 'the same voucher, known to the log');
    mustHoldAsBooked(world.live(voucher.key), voucher);
    if (world.adapter.dedupe.by !== 'none' || canFind(world)) {
      mustEndAs(await world.deliver(voucher), 'posted', 'the same voucher, unknown to the log');
      mustHoldAsBooked(world.live(voucher.key), voucher);
    }
    const { by } = world.adapter.dedupe;
    if (by === 'server-reference' || by === 'server-key') {
      const again = await world.connect().post(voucher, voucher.key);
      mustEqual(again.id, first.targetId, 'the id that a second write gives');
      // A key gives the first answer again; a reference that is taken is known to be.
      if (by === 'server-reference') mustEqual(again.outcome, 'exists', 'the outcome of a second write');
      await mustBeReceiptOf(again.digest, voucher, world, 'a second write');
      mustHoldAsBooked(world.live(voucher.key), voucher);
    }
    await mustComeTogether(await open());
  },
};

/** One connection is used for several vouchers at a time, as many as the limits allow: none may take another's place. */
async function mustComeTogether(world: ServiceWorld): Promise<void> {
  const service = world.connect();
  const vouchers = [world.vouchers.sales(), world.vouchers.payout(), world.vouchers.sales([50_000])];
  const receipts = await Promise.all(vouchers.map((voucher) => service.post(voucher, voucher.key)));
  for (const [place, voucher] of vouchers.entries()) {
    const what = `${voucher.key}, posted at the same time as others`;
    mustHoldAsBooked(world.live(voucher.key), voucher);
    mustEqual(receipts[place]?.id, world.live(voucher.key)[0]?.id, `the id in the receipt of ${what}`);
    await mustBeReceiptOf(receipts[place]?.digest ?? '', voucher, world, what);
  }
}

/** Two different things claim the same place: a person decides. */
export const otherContent: ServiceLaw = {
  id: 'other-content',
  sentence: 'Other content under the same key is a conflict, and what the target holds is left as it is.',
  excuse: ({ adapter, can }) =>
    adapter.dedupe.by === 'none' && !can.find ? 'dedupe "none", and the target cannot be asked' : undefined,
  async prove(open) {
    const world = await open();
    const voucher = world.vouchers.sales([100_000]);
    mustEndAs(await world.deliver(voucher), 'posted', 'the first voucher');
    const other = world.vouchers.sales([250_000], { key: voucher.key });
    mustEndAs(await world.deliver(other), 'conflict', 'other content under the same key');
    mustHoldAsBooked(world.live(voucher.key), voucher);
    const { by } = world.adapter.dedupe;
    if (by !== 'server-reference' && by !== 'server-key') return;
    // Another process may have posted since it was looked up: the target says so, and nobody looked.
    const what = 'other content under a reference that is taken';
    const posted = world.connect().post(other, voucher.key);
    const error = await failureOf(posted, what);
    if (error === undefined) {
      const { digest } = await posted;
      mustHold(digest !== expectedDigest(other, world.adapter), `${what}: its receipt says that it is held`);
    } else mustBeOf(error, [...refusals, 'conflict', 'unknown-outcome'], what);
    mustHoldAsBooked(world.live(voucher.key), voucher);
  },
};
