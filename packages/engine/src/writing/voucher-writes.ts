import {
  BilagError,
  digestOf,
  expectedDigest,
  newDelivery,
  viewDigest,
  voucherReference,
  type Hit,
  type Posted,
  type Voucher,
} from '@bilag/core';
import type { DeliverySession } from './delivery-session.ts';
import type { DeliveryRow } from '../log/delivery-store.ts';
import { mirroredVoucher, openDate, reversalReference } from './reversal.ts';
import { seeBackAgain, seeReversed } from './reversal-look.ts';
import type { LookAhead } from './look-ahead.ts';
import type { Write } from './write-runner.ts';
import { isVoucher } from './posted.ts';

/**
 * The write of a voucher. What is under way goes on as it was begun, also when it would be booked otherwise now; what is
 * posted stays. Of a next
 * revision the one before is read first: it has to be out of the books.
 */
export function voucherWrite(
  voucher: Voucher,
  known: DeliveryRow | null,
  session: DeliverySession,
  ahead: LookAhead,
): Write {
  const { service, adapter } = session.context;
  const isWritten = known?.delivery.state === 'posted';
  const begun = isWritten || isUnderWay(known) ? known : null;
  const row = begun ?? newRow(voucher, 'voucher', voucherReference(voucher), expectedDigest(voucher, adapter), session);
  const find = service.find?.bind(service);
  return {
    row,
    send: async (beforeWrite) => {
      refuseClosed(row, session);
      return service.post(row.voucher, row.reference, beforeWrite);
    },
    isSeenLater: find !== undefined && service.list !== undefined,
    find:
      find &&
      (async (now) => {
        if (await ahead.showsNothing(now)) return { hits: [] };
        const hits = (await find(row.reference)).filter(isVoucher).map(toHit);
        const before = hits.length > 0 ? undefined : await revisionBefore(row, session);
        return before === undefined ? { hits } : { hits, forbids: await seeBackAgain(before, session.context) };
      }),
  };
}

async function revisionBefore(
  { companyId, key, revision }: DeliveryRow,
  { context }: DeliverySession,
): Promise<DeliveryRow | undefined> {
  if (revision === 1) return undefined;
  const rows = await context.store.rows(companyId, { key });
  return rows.find((row) => row.kind === 'voucher' && row.revision === revision - 1);
}

/**
 * The write that takes a posted voucher back: the target's own reversal where it has one, else a mirrored voucher. What it
 * answers is read first. `isHeld`: a person undoes it, so that it is not posted again by itself.
 */
export function reversalWrite(
  posted: DeliveryRow,
  known: DeliveryRow | undefined,
  session: DeliverySession,
  options: { readonly isHeld: boolean },
): Write {
  const { service, adapter } = session.context;
  const reference = reversalReference(posted);
  const underWay = isUnderWay(known) ? known : undefined;
  const mirrored = mirroredVoucher(posted.voucher, openDate(posted.date, session.lockedThrough));
  const isOnOwnDate = (underWay?.date ?? mirrored.date) === posted.date;
  const isOwn = service.reverse !== undefined && (isOnOwnDate || adapter.reversal !== 'own-date');
  const expected = isOwn ? null : expectedDigest(mirrored, adapter);
  const begun = underWay ?? newRow(mirrored, 'reversal', reference, expected, session);
  const row = { ...begun, isHeld: begun.isHeld || options.isHeld };
  const id = posted.delivery.targetId ?? '';
  return {
    row,
    send: async (beforeWrite) => {
      refuseClosed(row, session);
      return (
        (isOwn ? service.reverse?.(id, row.date, reference, beforeWrite) : undefined) ??
        service.post(row.voucher, reference, beforeWrite)
      );
    },
    find: service.find && (async () => seeReversed(posted, row, session.context)),
    alsoWhenPosted: (reversal) => [takenBack(posted, reversal)],
  };
}

/** A voucher whose reversal stands in the books. */
export function takenBack(posted: DeliveryRow, reversal: DeliveryRow): DeliveryRow {
  const delivery = { ...posted.delivery, state: 'reversed', problem: null } as const;
  const isHeld = reversal.isHeld || wasTakenBack(reversal);
  return { ...posted, delivery, isHeld, updatedAt: reversal.updatedAt };
}

/** Whether a reversal was there before we sent any: somebody took the voucher back in the target. */
export function wasTakenBack({ delivery }: DeliveryRow): boolean {
  return delivery.state === 'posted' && delivery.attempts === 0;
}

function isUnderWay(row: DeliveryRow | null | undefined): row is DeliveryRow {
  return row?.delivery.state === 'intended' || row?.delivery.state === 'unknown-outcome';
}

/** A period may have been closed since the write was begun, by the policy alone: not every target would refuse. */
function refuseClosed({ date, reference }: DeliveryRow, { lockedThrough }: DeliverySession): void {
  if (lockedThrough === undefined || date > lockedThrough) return;
  throw new BilagError('blocked', {
    what: `the books are closed through ${lockedThrough}, and this is dated ${date}`,
    where: `voucher ${reference}`,
    action: 'plan again, so that it gets an open date; nothing was sent',
  });
}

/** What the target shows, as the delivery machine takes it. */
export function toHit(posted: Posted): Hit {
  const { id, state, number, isUnfinished } = posted;
  return {
    id,
    state,
    digest: viewDigest(posted),
    ...(number === undefined ? {} : { number }),
    ...(isUnfinished === true && { isUnfinished }),
  };
}

/** A write that nothing was done about yet. */
export function newRow(
  voucher: Voucher,
  kind: DeliveryRow['kind'],
  reference: string,
  expected: string | null,
  { context, run }: Pick<DeliverySession, 'context' | 'run'>,
): DeliveryRow {
  const now = context.clock.now();
  return {
    companyId: context.companyId,
    key: voucher.key,
    revision: voucher.revision,
    kind,
    reference,
    date: voucher.date,
    digest: digestOf(voucher),
    voucher,
    delivery: newDelivery(expected),
    run,
    createdAt: now,
    updatedAt: now,
    isAttached: false,
    isHeld: false,
  };
}
