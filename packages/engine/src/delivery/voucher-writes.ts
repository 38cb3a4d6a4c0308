import {
  digestOf,
  expectedDigest,
  newDelivery,
  viewDigest,
  voucherReference,
  type Hit,
  type PlainDate,
  type Posted,
  type Voucher,
} from '@bilag/core';
import type { DeliverySession } from './delivery-session.ts';
import type { DeliveryRow } from '../log/delivery-store.ts';
import { mirroredVoucher, reversalReference } from './reversal.ts';
import type { Write } from './write-runner.ts';

/** The write of a voucher. What is under way goes on as it was begun, also when it would be booked otherwise now. */
export function voucherWrite(voucher: Voucher, known: DeliveryRow | null, session: DeliverySession): Write {
  const { service, adapter } = session.context;
  const isUnderWay = known?.delivery.state === 'intended' || known?.delivery.state === 'unknown-outcome';
  const row = isUnderWay
    ? known
    : newRow(voucher, 'voucher', voucherReference(voucher), expectedDigest(voucher, adapter), session);
  const find = service.find?.bind(service);
  return {
    row,
    send: () => service.post(row.voucher, row.reference),
    find: find && (async () => (await find(row.reference)).filter(isNoReversal).map(toHit)),
  };
}

/** The write that takes a posted voucher back: the target's own reversal where it has one, else a mirrored voucher. */
export function reversalWrite(
  posted: DeliveryRow,
  known: DeliveryRow | undefined,
  date: PlainDate,
  session: DeliverySession,
): Write {
  const { service, adapter } = session.context;
  const reference = reversalReference(posted);
  const mirrored = mirroredVoucher(posted.voucher, date);
  const isUnderWay = known?.delivery.state === 'intended' || known?.delivery.state === 'unknown-outcome';
  const isOnOwnDate = (isUnderWay ? known.date : date) === posted.date;
  const isOwn = service.reverse !== undefined && (isOnOwnDate || adapter.reversal !== 'own-date');
  const expected = isOwn ? null : expectedDigest(mirrored, adapter);
  const row = isUnderWay ? known : newRow(mirrored, 'reversal', reference, expected, session);
  const id = posted.delivery.targetId ?? '';
  const find = service.find?.bind(service);
  return {
    row,
    send: () =>
      (isOwn ? service.reverse?.(id, row.date, reference) : undefined) ?? service.post(row.voucher, reference),
    find:
      find &&
      (async () => (isOwn ? reversalHits(await find(posted.reference), id) : (await find(reference)).map(toHit))),
    alsoWhenPosted: [{ ...posted, delivery: { ...posted.delivery, state: 'reversed', problem: null } }],
  };
}

/**
 * Whether a voucher was reversed is seen on the voucher itself: reversed or deleted means done. One that is not there at
 * all was taken away by somebody.
 */
function reversalHits(found: readonly Posted[], id: string): Hit[] {
  const reversals = found.filter((posted) => posted.reverses === id && posted.state === 'live');
  const [reversal] = reversals;
  if (reversal !== undefined) return reversals.map(({ id: own }) => ({ id: own, state: 'live', digest: null }));
  const original = found.find((posted) => posted.id === id);
  if (original === undefined) return [];
  return original.state === 'live' ? [] : [{ id, state: 'live', digest: null }];
}

function isNoReversal(posted: Posted): boolean {
  return posted.reverses === undefined;
}

function toHit(posted: Posted): Hit {
  const { id, state, number } = posted;
  return { id, state, digest: viewDigest(posted), ...(number === undefined ? {} : { number }) };
}

function newRow(
  voucher: Voucher,
  kind: DeliveryRow['kind'],
  reference: string,
  expected: string | null,
  { context, run }: DeliverySession,
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
  };
}
