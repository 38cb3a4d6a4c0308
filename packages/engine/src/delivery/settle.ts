import { BilagError, newDelivery, viewDigest, type Delivery } from '@bilag/core';
import type { DeliveryContext } from './delivery-run.ts';
import { inSession, type DeliverySession } from './delivery-session.ts';
import type { DeliveryRow } from '../log/delivery-store.ts';

/** What a person found in the target. */
export type Decision =
  | { readonly is: 'there'; readonly targetId: string }
  /** It may be sent again. */
  | { readonly is: 'not-there' };

/**
 * Records what a person decided about a voucher whose outcome stayed unknown, or that was in conflict. Where the target can
 * be searched it is asked too, and `conflict` is thrown when it says otherwise.
 *
 * Throws `not-found` when no voucher of that reference waits for a person.
 */
export async function settle(reference: string, decision: Decision, context: DeliveryContext): Promise<DeliveryRow> {
  return inSession(context, 'apply', async (session) => {
    const states = ['conflict', 'unknown-outcome', 'intended'] as const;
    const [row] = await context.store.rows(context.companyId, { reference, states });
    if (row === undefined) throw nothingToSettle(reference, context);
    await checkTarget(row, decision, session);
    const delivery = decided(row.delivery, decision);
    const settled = { ...row, delivery, run: session.run, updatedAt: context.clock.now() };
    await session.save(`save ${delivery.state} ${reference}`, [settled]);
    return settled;
  });
}

function decided(delivery: Delivery, decision: Decision): Delivery {
  return decision.is === 'there'
    ? { ...delivery, problem: null, isDoubled: false, state: 'posted', targetId: decision.targetId }
    : newDelivery(delivery.expected);
}

async function checkTarget(row: DeliveryRow, decision: Decision, { context, request }: DeliverySession): Promise<void> {
  const { service } = context;
  const find = service.find?.bind(service);
  // Reversals are seen on what they reverse, and their content is the target's own.
  if (find === undefined || row.kind === 'reversal') return;
  const held = await request(`look up ${row.reference}`, () => find(row.reference));
  const live = held.filter((posted) => posted.state === 'live' && posted.reverses === undefined);
  const [posted] = live;
  const isAgreed =
    decision.is === 'there'
      ? live.length === 1 && posted?.id === decision.targetId && viewDigest(posted) === row.delivery.expected
      : live.length === 0;
  if (isAgreed) return;
  const ids = live.map(({ id }) => id).join(', ');
  throw new BilagError('conflict', {
    what: live.length === 0 ? 'the target does not hold it' : `the target holds it as ${ids}, or with other content`,
    where: `voucher ${row.reference}`,
    now: 'mend the target first, so that it holds the voucher once as it was posted, or not at all',
  });
}

function nothingToSettle(reference: string, { companyId }: DeliveryContext): BilagError {
  return new BilagError('not-found', {
    what: `no voucher ${reference} waits for a decision`,
    where: companyId,
    now: 'look at the status for those that do',
  });
}
