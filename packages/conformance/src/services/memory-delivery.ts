import {
  advance,
  deliveryRules,
  expectedDigest,
  isBilagError,
  newDelivery,
  nextStep,
  resumed,
  viewDigest,
  voucherReference,
  type Delivery,
  type DeliveryProblem,
  type DeliveryRules,
  type Hit,
  type Service,
  type ServiceAdapter,
  type Voucher,
} from '@bilag/core';
import { differenceOf } from '../difference.ts';
import { LawBroken } from '../law.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How a delivery is run. */
export interface DeliverOptions extends Partial<Pick<DeliveryRules, 'whenNotFound'>> {
  /** What an earlier run left behind; absent: nothing was done yet. */
  readonly since?: Delivery;
  /** The process ends here: `before-send` when the intent is durable, `after-send` when the target was told and nothing else. */
  readonly crash?: 'before-send' | 'after-send';
}

/** Takes one voucher as far as it goes, as the engine does: the pure machine says what comes next. */
export async function deliverInMemory(
  voucher: Voucher,
  { adapter, service, time }: { adapter: ServiceAdapter; service: Service; time: VirtualTime },
  { since, crash, whenNotFound = 'ask' }: DeliverOptions,
): Promise<Delivery> {
  const reference = voucherReference(voucher);
  const rules = deliveryRules(adapter.dedupe, { canFind: service.find !== undefined }, { whenNotFound });
  let delivery = since === undefined ? newDelivery(expectedDigest(voucher, adapter)) : resumed(since);
  for (let steps = 0; steps < mostSteps; steps += 1) {
    const step = nextStep(delivery, rules, time.now());
    switch (step.do) {
      case 'wait':
        await time.sleep(step.until - time.now());
        break;
      case 'look-up':
        delivery = await lookedUp(delivery, reference, service, rules, time);
        break;
      case 'send': {
        const intended = advance(delivery, { type: 'sending' }, rules, time.now());
        if (crash === 'before-send') return intended;
        delivery = await sent(intended, () => service.post(voucher, reference), rules, time);
        if (crash === 'after-send') return intended;
        break;
      }
      case 'ask':
        return { ...delivery, state: 'unknown-outcome', problem: step.problem };
      default:
        return delivery.state === 'conflict' ? explained(delivery, voucher, adapter, service) : delivery;
    }
  }
  throw new LawBroken(`the delivery of ${reference} does not come to an end: it is ${delivery.state}`);
}

/** A conflict with what differs, where the target can be asked: for the author to mend. */
async function explained(
  delivery: Delivery,
  voucher: Voucher,
  adapter: ServiceAdapter,
  service: Service,
): Promise<Delivery> {
  const found = (await service.find?.(voucherReference(voucher)).catch(() => [])) ?? [];
  const posted = found.find(({ id }) => id === delivery.targetId);
  const seen = posted === undefined ? undefined : differenceOf(posted, voucher, adapter);
  const { problem } = delivery;
  return problem === null || seen === undefined ? delivery : { ...delivery, problem: { ...problem, where: seen } };
}

async function lookedUp(
  delivery: Delivery,
  reference: string,
  service: Service,
  rules: DeliveryRules,
  time: VirtualTime,
): Promise<Delivery> {
  try {
    const found = (await service.find?.(reference)) ?? [];
    const hits = found.filter(({ reverses }) => reverses === undefined).map(toHit);
    return advance(delivery, { type: 'looked-up', hits }, rules, time.now());
  } catch (error) {
    return advance(delivery, failureOf('look-up', error), rules, time.now());
  }
}

async function sent(
  delivery: Delivery,
  send: () => ReturnType<Service['post']>,
  rules: DeliveryRules,
  time: VirtualTime,
): Promise<Delivery> {
  try {
    return advance(delivery, { type: 'answered', receipt: await send() }, rules, time.now());
  } catch (error) {
    return advance(delivery, failureOf('send', error), rules, time.now());
  }
}

function toHit(posted: Awaited<ReturnType<NonNullable<Service['find']>>>[number]): Hit {
  const { id, state, number, isUnfinished } = posted;
  return {
    id,
    state,
    digest: viewDigest(posted),
    ...(number === undefined ? {} : { number }),
    ...(isUnfinished === true && { isUnfinished }),
  };
}

function failureOf(
  during: 'send' | 'look-up',
  error: unknown,
): Parameters<typeof advance>[1] & { readonly type: 'failed' } {
  if (!isBilagError(error)) throw error;
  const { kind, what, where, action } = error;
  const problem: DeliveryProblem = { kind, what, where, action };
  const wait = 'retryAfterMs' in error && typeof error.retryAfterMs === 'number' ? error.retryAfterMs : undefined;
  return { type: 'failed', during, problem, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
}

const mostSteps = 200;
