import { isLiveVoucher, BilagError, newDelivery, viewDigest, type Delivery, type Posted } from '@bilag/core';
import type { DeliveryContext } from './delivery-run.ts';
import { inSession, type DeliverySession } from '../writing/delivery-session.ts';
import type { DeliveryRow } from '../log/delivery-store.ts';
import { seeReversed } from '../writing/reversal-look.ts';
import { notShownYet } from '../writing/settling.ts';
import { takenBack } from '../writing/voucher-writes.ts';
import { isVoucher } from '../writing/posted.ts';

/** What a person found in the target. */
export type Decision =
  /** `asItIs`: a person changed it on purpose, and that stays; else it has to be there as it was posted. */
  | { readonly is: 'there'; readonly targetId: string; readonly asItIs?: boolean }
  /** It may be sent again. */
  | { readonly is: 'not-there' };

export interface SettleOptions {
  /** Asked with the write as it stands once nobody else can change it; nothing is decided unless it says yes. */
  readonly confirm?: (row: DeliveryRow) => boolean;
}

/**
 * Records what a person decided about a voucher whose outcome stayed unknown, that was in conflict, or that was posted and
 * changed in the target since. Where the target can be searched it is asked too: `conflict` is thrown when it says
 * otherwise, and `busy` as long as it may still show what it does not show now.
 *
 * A reversal that is there has taken its voucher back, as if it had been answered for.
 *
 * A posted voucher that is `not-there` may be posted again, under its next revision where the target still shows that
 * there was one; a voucher that is held stays held.
 *
 * Throws `not-found` when the log knows no such voucher, or none that can be settled, and `conflict` where it was not confirmed.
 */
export async function settle(
  reference: string,
  decision: Decision,
  context: DeliveryContext,
  { confirm }: SettleOptions = {},
): Promise<DeliveryRow> {
  return inSession(context, 'settle', async (session) => {
    const states = ['conflict', 'unknown-outcome', 'intended', 'posted'] as const;
    const [row] = await context.store.rows(context.companyId, { reference, states });
    // The reversal of a voucher is the target's own: whether it is there is seen by undoing it again.
    if (row === undefined || (row.kind === 'reversal' && row.delivery.state === 'posted')) {
      throw nothingToSettle(reference, context);
    }
    if (confirm?.(row) === false) throw notConfirmed(row);
    const takesBack = row.kind === 'reversal' ? await reversedBy(row, context) : undefined;
    const held = row.kind === 'reversal' ? [] : await lookAt(row, decision, session);
    if (takesBack !== undefined) await lookAtReversal(row, takesBack, decision, session);
    const [asItIs] = decision.is === 'there' && decision.asItIs === true ? held.filter(isLiveVoucher) : [];
    const delivery = decided(row.delivery, decision, { held, asItIs });
    const date = asItIs?.date ?? row.date;
    const settled = { ...row, date, delivery, run: session.run, updatedAt: context.clock.now() };
    const isOut = takesBack !== undefined && delivery.state === 'posted';
    const also = isOut ? [takenBack(takesBack, settled)] : [];
    await session.save(`save ${delivery.state} ${reference}`, [...also, settled]);
    await session.keep([reference, ...also.map((one) => one.reference)]);
    return settled;
  });
}

/** What was reversed or deleted there, and is still shown, keeps its reference: what comes after it is the next revision. */
function decided(
  delivery: Delivery,
  decision: Decision,
  { held, asItIs }: { readonly held: readonly Posted[]; readonly asItIs: Posted | undefined },
): Delivery {
  if (decision.is === 'there') {
    const expected = asItIs === undefined ? delivery.expected : viewDigest(asItIs);
    const { targetId } = decision;
    return { ...delivery, expected, problem: null, isDoubled: false, state: 'posted', targetId };
  }
  const fresh = newDelivery(delivery.expected);
  return held.length === 0 ? fresh : { ...fresh, state: 'reversed', targetId: delivery.targetId };
}

/** The voucher that a reversal takes back, as long as it stands in the books. */
async function reversedBy({ key, revision }: DeliveryRow, context: DeliveryContext): Promise<DeliveryRow | undefined> {
  const rows = await context.store.rows(context.companyId, { key, states: ['posted'] });
  return rows.find((row) => row.kind === 'voucher' && row.revision === revision);
}

/** A reversal is seen on what it takes back, and its content is the target's own. */
async function lookAtReversal(
  row: DeliveryRow,
  takesBack: DeliveryRow,
  decision: Decision,
  { context, request }: DeliverySession,
): Promise<void> {
  if (context.service.find === undefined) return;
  const { hits } = await request(`look up ${row.reference}`, () => seeReversed(takesBack, row, context));
  if ((decision.is === 'there') !== (hits.length === 1)) throw otherwise(row, hits);
  const early = decision.is === 'not-there' ? notShownYet(row, context) : undefined;
  if (early !== undefined) throw early;
}

/** Everything the target shows under the reference, agreeing with what the person says; nothing where it cannot be asked. */
async function lookAt(
  row: DeliveryRow,
  decision: Decision,
  { context, request }: DeliverySession,
): Promise<readonly Posted[]> {
  const { service } = context;
  const find = service.find?.bind(service);
  if (find === undefined) return [];
  const found = await request(`look up ${row.reference}`, () => find(row.reference));
  const held = found.filter(isVoucher);
  const live = held.filter(isLiveVoucher);
  const [posted] = live;
  const isAgreed =
    decision.is === 'there'
      ? live.length === 1 &&
        posted?.id === decision.targetId &&
        posted.isUnfinished !== true &&
        (decision.asItIs === true || viewDigest(posted) === row.delivery.expected)
      : live.length === 0;
  if (!isAgreed) throw otherwise(row, live);
  const early = decision.is === 'not-there' && held.length === 0 ? notShownYet(row, context) : undefined;
  if (early !== undefined) throw early;
  return held;
}

function otherwise({ reference }: DeliveryRow, live: readonly Pick<Posted, 'id' | 'isUnfinished'>[]): BilagError {
  const ids = live.map(({ id }) => id).join(', ');
  const isUnfinished = live.some((posted) => posted.isUnfinished === true);
  const what = isUnfinished
    ? `it waits outside of the books in the target (${ids})`
    : `the target holds it as ${ids}, or with other content`;
  return new BilagError('conflict', {
    what: live.length === 0 ? 'the target does not hold it' : what,
    where: `voucher ${reference}`,
    action: 'mend the target first, so that its books hold the voucher once as it was posted, or not at all',
  });
}

function notConfirmed({ reference, delivery }: DeliveryRow): BilagError {
  return new BilagError('conflict', {
    what: `it is not as it was seen any more: by now it is ${delivery.state}`,
    where: `voucher ${reference}`,
    action: 'look again, and decide anew; nothing was changed',
  });
}

function nothingToSettle(reference: string, { companyId }: DeliveryContext): BilagError {
  return new BilagError('not-found', {
    what: `no voucher ${reference} waits for a decision, and none of that reference is posted`,
    where: companyId,
    action: 'look at the status for those that do',
  });
}
