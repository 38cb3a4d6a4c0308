import { mustHold } from '../../../law.ts';
import type { ServiceLaw } from '../../../services/service-law.ts';
import type { ServiceWorld } from '../../../services/service-world.ts';
import { mustHoldAsBooked } from '../books/exact.ts';
import { asksPerson, failureOf, mustBeOf, mustBeReceiptOf, mustEndAs, together, type Strike } from '../expectations.ts';

/** The reply went missing after the target had booked. */
export const lostReply: ServiceLaw = {
  id: 'lost-reply',
  sentence: 'A write whose reply is lost is an unknown outcome, and the voucher ends up in the target exactly once.',
  async prove(open) {
    await together(
      lostReplies.flatMap(([fault, what]) => [
        async () => mustBeUnknown(await open(), fault, what),
        async () => mustComeOnce(await open(), fault, what),
      ]),
    );
  },
};

/** The target said no, or nothing of use, and had booked all the same. */
export const errorAfterCommit: ServiceLaw = {
  id: 'error-after-commit',
  sentence: 'An error after the target booked never says that nothing was written, and the voucher ends up there once.',
  async prove(open) {
    for (const [fault, what] of errorsAfterCommit) {
      await mustBeUnknown(await open(), fault, what);
      await mustComeOnce(await open(), fault, what);
    }
    for (const [fault, what] of failingReads) {
      const world = await open();
      const voucher = world.vouchers.sales();
      const armed = strikeAfterPost(world, fault);
      const error = await failureOf(world.connect().post(voucher, voucher.key), what);
      await armed.disarm();
      // A target that answers with all it holds need not be read; what cannot be compared is a conflict.
      if (error !== undefined) mustBeOf(error, ['unknown-outcome', 'conflict'], what);
      mustHoldAsBooked(world.live(voucher.key), voucher);
    }
  },
};

const lostReplies: readonly (readonly [Strike, string])[] = [
  [{ kind: 'cut', strikes: 'after' }, 'a write whose connection was cut'],
  [{ kind: 'hang', strikes: 'after' }, 'a write that got no reply in time'],
  [{ kind: 'malformed' }, 'a write whose reply came in half'],
  [{ kind: 'cut', strikes: 'midway' }, 'a write whose reply was cut midway'],
];

const errorsAfterCommit: readonly (readonly [Strike, string])[] = [500, 502, 503, 504, 408].map((status) => [
  { kind: 'status', status, strikes: 'after', body: 'Something went wrong' },
  `a write that was booked and answered with ${status}`,
]);

const failingReads: readonly (readonly [Strike, string])[] = [
  [{ kind: 'status', status: 500, times: Infinity }, 'a voucher that was booked and cannot be read back (500)'],
  [{ kind: 'status', status: 429, times: Infinity }, 'a voucher that was booked and cannot be read back (429)'],
  [{ kind: 'cut', times: Infinity }, 'a voucher that was booked and cannot be read back (no reply)'],
  [{ kind: 'malformed', times: Infinity }, 'a voucher that was booked and is read back in half'],
];

/** By itself: a receipt of what is held (the reply may carry nothing that could be missed), or an outcome that is unknown. */
export async function mustBeUnknown(world: ServiceWorld, fault: Strike, what: string): Promise<void> {
  const voucher = world.vouchers.sales();
  world.strike(fault);
  const posted = world.connect().post(voucher, voucher.key);
  const error = await failureOf(posted, what);
  if (error === undefined) await mustBeReceiptOf((await posted).digest, voucher, world, what);
  else mustBeOf(error, ['unknown-outcome'], what);
}

/** By the state machine: posted once, or asked of a person where the target cannot be asked. */
export async function mustComeOnce(world: ServiceWorld, fault: Strike, what: string): Promise<void> {
  const voucher = world.vouchers.sales();
  const isAsked = asksPerson(world);
  const armed = world.strike(fault);
  const delivery = await world.deliver(voucher);
  mustHold(armed.strikes === 1, `${what}: the fault did not strike; isPost() of the fake must tell the write`);
  if (!isAsked || delivery.state !== 'posted') mustEndAs(delivery, isAsked ? 'unknown-outcome' : 'posted', what);
  mustHoldAsBooked(world.live(voucher.key), voucher);
}

/** Strikes every request after the write has arrived, and never the write. */
function strikeAfterPost(world: ServiceWorld, fault: Strike): ReturnType<ServiceWorld['strike']> {
  let isPosted = false;
  return world.target.server.faults.arm({
    ...fault,
    match: (request) => {
      if (!world.target.isPost(request)) return isPosted;
      isPosted = true;
      return false;
    },
  });
}
