import { provesNoAbsence } from '@bilag/core';
import type { ServerRequest } from '@bilag/fault-server';
import { mustEqual, mustHold } from '../../../law.ts';
import type { ServiceLaw } from '../../../services/service-law.ts';
import type { ServiceWorld } from '../../../services/service-world.ts';
import { mustHoldAsBooked } from '../books/exact.ts';
import { canFind, mustEndAs, mustHoldNothing, together, type Strike } from '../expectations.ts';

/** A draft that nobody books is no voucher, and one that is made twice becomes two. */
export const finished: ServiceLaw = {
  id: 'finished',
  sentence:
    'Where a target drafts a voucher before it books it, a draft whose reply was lost is brought into the books, once, and never taken for booked.',
  async prove(open) {
    const drafts = await writesBeforePost(await open());
    if (drafts.length === 0) return 'booked in one write';
    await together(
      drafts.flatMap((place) =>
        faults.flatMap(([fault, wasDone, what]) =>
          (['ask', 'send-again'] as const).map((whenNotFound) => async () => {
            const world = await open();
            const voucher = world.vouchers.sales();
            const told = `a draft that ${what}, told to ${whenNotFound}`;
            const armed = world.target.server.faults.arm({ ...fault, match: (request) => placeOf(request) === place });
            const delivery = await world.deliver(voucher, { whenNotFound });
            mustHold(armed.strikes === 1, `${told}: the fault did not strike ${place}`);
            const mayAsk =
              !canFind(world) || (!wasDone && (whenNotFound === 'ask' || provesNoAbsence(world.adapter.dedupe)));
            if (mayAsk && delivery.state !== 'posted') {
              mustEndAs(delivery, 'unknown-outcome', told);
              mustHoldNothing(world, told);
              return;
            }
            mustEndAs(delivery, 'posted', told);
            mustHoldAsBooked(world.live(voucher.key), voucher);
            const found = (await world.connect().find?.(voucher.key)) ?? [];
            const states = found.map(({ state, isUnfinished }) => (isUnfinished === true ? 'unfinished' : state));
            if (canFind(world)) mustEqual(states, ['live'], `${told}: what find("${voucher.key}") shows in the end`);
          }),
        ),
      ),
    );
    return 'drafted, then booked';
  },
};

/** The writes of a post that come before the one that books it. */
async function writesBeforePost(world: ServiceWorld): Promise<string[]> {
  const voucher = world.vouchers.sales();
  const places: string[] = [];
  let isBooked = false;
  world.target.server.faults.arm({
    kind: 'answer',
    times: Infinity,
    answer: (request, handle) => {
      isBooked ||= world.target.isPost(request);
      if (!isBooked && request.method !== 'GET') places.push(placeOf(request));
      return handle(request);
    },
  });
  // What opens the door is written to as well: it is open by then.
  const service = world.connect();
  await service.identify();
  places.length = 0;
  await service.post(voucher, voucher.key);
  return places;
}

function placeOf({ method, path }: ServerRequest): string {
  return `${method} ${path}`;
}

/** What happens to the draft, and whether it was made all the same. */
const faults: readonly (readonly [Strike, boolean, string])[] = [
  [{ kind: 'cut', strikes: 'after' }, true, 'was made and whose reply was cut off'],
  [{ kind: 'hang', strikes: 'after' }, true, 'was made and never answered'],
  [{ kind: 'malformed' }, true, 'was made and answered by half'],
  [{ kind: 'status', status: 500, strikes: 'after' }, true, 'was made and answered with 500'],
  [{ kind: 'cut', strikes: 'before' }, false, 'was cut on its way'],
  [{ kind: 'status', status: 500, strikes: 'before' }, false, 'a 500 turned away'],
];
