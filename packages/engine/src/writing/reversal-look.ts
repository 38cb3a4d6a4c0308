import { isLiveVoucher, expectedDigest, viewDigest, type DeliveryProblem, type Hit, type Posted } from '@bilag/core';
import type { DeliveryContext } from '../delivery/delivery-run.ts';
import type { DeliveryRow, RowHead } from '../log/delivery-store.ts';
import { reversalReference } from './reversal.ts';
import { notShownYet } from './settling.ts';
import { isVoucher } from './posted.ts';

/** What the target shows of a write. */
export interface Sight {
  readonly hits: readonly Hit[];
  /** Why nothing may be sent. */
  readonly forbids?: DeliveryProblem | undefined;
}

/**
 * What the target shows of a reversal: the voucher it takes back is read, and whatever takes it back already. One that
 * somebody reversed or deleted there is taken back; one that is gone or was edited is for a person: to reverse what was
 * posted would leave the difference in the books.
 */
export async function seeReversed(posted: DeliveryRow, reversal: DeliveryRow, context: LookContext): Promise<Sight> {
  const { expected } = reversal.delivery;
  const { originals, answers } = await look(posted, context);
  if (answers.length > 0) return { hits: answers.map((answer) => toAnswer(answer, expected)) };
  const live = originals.filter(isLiveVoucher);
  const [held] = live;
  if (held !== undefined) {
    const { targetId, expected: content } = posted.delivery;
    const digest = viewDigest(held);
    // A mirrored voucher takes back what was posted, the target's own reversal what is there.
    const isMirrorable = expected === null || digest === expectedDigest(posted.voucher, context.adapter);
    const isAsPosted = live.length === 1 && held.id === targetId && digest === content && isMirrorable;
    return { hits: [], ...(isAsPosted ? {} : { forbids: otherThere(posted, live) }) };
  }
  const [gone] = originals;
  // Reversed or deleted: what is to be done is done.
  if (gone !== undefined) return { hits: [{ id: gone.id, state: 'live', digest: expected }] };
  const early = notShownYet(posted, context);
  if (early !== undefined) throw early;
  return { hits: [], forbids: notThere(posted) };
}

/**
 * Why the next revision of a reversed voucher may not be sent, if it may not: somebody brought the one before it back into
 * the books, so that it would be there twice.
 */
export async function seeBackAgain(reversed: RowHead, context: LookContext): Promise<DeliveryProblem | undefined> {
  const { originals, answers } = await look(reversed, context);
  const live = originals.filter(isLiveVoucher);
  if (live.length === 0 || answers.length > 0) return undefined;
  const early = notShownYet(reversed, context);
  if (early !== undefined) throw early;
  const { reference, date } = reversed;
  return {
    kind: 'conflict',
    what: `the voucher before it stands in the books again (${live.map(({ number, id }) => number ?? id).join(', ')})`,
    where: `voucher ${reference}, ${date}`,
    action: 'ask who brought it back and why, and reverse it there; nothing was sent',
  };
}

type LookContext = Pick<DeliveryContext, 'service' | 'adapter' | 'clock' | 'requestTimeoutMs'>;

/** What the target shows under the reference of a voucher, and what takes it back: its own reversal, or our mirrored one. */
async function look(
  { reference, key, revision, delivery }: RowHead,
  { service }: LookContext,
): Promise<{ readonly originals: readonly Posted[]; readonly answers: readonly Posted[] }> {
  const mirrored = reversalReference({ key, revision });
  const own = (await service.find?.(reference)) ?? [];
  const others = (await service.find?.(mirrored)) ?? [];
  const found = new Map([...others, ...own].map((one) => [one.id, one]));
  const answers = [...found.values()].filter(
    (one) =>
      one.state === 'live' &&
      (one.reverses === undefined ? one.reference === mirrored : one.reverses === delivery.targetId),
  );
  return { originals: own.filter(isVoucher), answers };
}

/** The content of the target's own reversal is its own; that of a mirrored voucher is compared. */
function toAnswer(posted: Posted, expected: string | null): Hit {
  const { id, number, reverses, isUnfinished } = posted;
  const digest = reverses === undefined ? viewDigest(posted) : expected;
  return {
    id,
    state: 'live',
    digest,
    ...(number === undefined ? {} : { number }),
    ...(isUnfinished === true && { isUnfinished }),
  };
}

function otherThere({ reference, date }: DeliveryRow, live: readonly Posted[]): DeliveryProblem {
  const names = live.map(({ number, id }) => number ?? id).join(', ');
  return {
    kind: 'conflict',
    what:
      live.length > 1
        ? `the target holds it ${live.length} times (${names})`
        : `somebody edited the voucher in the target (${names}): to take back what was posted would leave the difference`,
    where: `voucher ${reference}, ${date}`,
    action: 'put it back there and try again, or reverse it there by hand and undo it here; nothing was sent',
  };
}

function notThere({ reference, date, delivery }: DeliveryRow): DeliveryProblem {
  return {
    kind: 'conflict',
    what: `the target no longer holds the voucher (${delivery.number ?? delivery.targetId}): there is nothing to take back`,
    where: `voucher ${reference}, ${date}`,
    action:
      'ask who deleted it and why, and settle it as not there; hold it where it is to stay away. Nothing was sent',
  };
}
