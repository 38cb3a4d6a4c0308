import {
  createVoucher,
  expectedDigest,
  newDelivery,
  viewDigest,
  voucherReference,
  type Posted,
  type Voucher,
} from '@bilag/core';
import { BilagError } from '@bilag/core';
import type { DeliveryContext } from './delivery-run.ts';
import { inSession, type DeliverySession } from './delivery-session.ts';
import type { DeliveryRow } from '../log/delivery-store.ts';

/** What the target turned out to hold. */
export interface Rebuilt {
  readonly run: string;
  /** Rows written to the log, by what they say now. Vouchers the target does not hold are not among them. */
  readonly rows: readonly DeliveryRow[];
}

/**
 * Fills a lost or restored log again from the target: each voucher that should be in the books is looked up under its
 * revisions, in order, until one is not found. What the log knows already is left as it is. Nothing is sent.
 *
 * Throws `unsupported` when the target cannot be searched.
 */
export async function rebuild(
  vouchers: AsyncIterable<Voucher> | Iterable<Voucher>,
  context: DeliveryContext,
): Promise<Rebuilt> {
  const { service, store, companyId } = context;
  const find = service.find?.bind(service);
  if (find === undefined) throw cannotBeSearched(context);
  return inSession(context, 'rebuild', async (session) => {
    const rows: DeliveryRow[] = [];
    for await (const voucher of vouchers) {
      const known = await store.rows(companyId, { key: voucher.key });
      if (known.some((row) => row.kind === 'voucher')) continue;
      for (let revision = 1; revision <= lastRevision; revision += 1) {
        const candidate = revision === voucher.revision ? voucher : createVoucher({ ...voucher, revision });
        const reference = voucherReference(candidate);
        const held = await session.request(`look up ${reference}`, () => find(reference));
        const row = rowOf(candidate, reference, held, session);
        if (row === undefined) break;
        await session.save(`save ${row.delivery.state} ${reference}`, [row]);
        rows.push(row);
      }
    }
    return { run: session.run, rows };
  });
}

/** See `voucherReference`: two digits. */
const lastRevision = 99;

function rowOf(
  voucher: Voucher,
  reference: string,
  held: readonly Posted[],
  { context, run }: DeliverySession,
): DeliveryRow | undefined {
  const own = held.filter((posted) => posted.reverses === undefined);
  const live = own.filter((posted) => posted.state === 'live');
  const [posted] = live.length > 0 ? live : own;
  if (posted === undefined) return undefined;
  const expected = expectedDigest(voucher, context.adapter);
  const isAsWanted = viewDigest(posted) === expected;
  const now = context.clock.now();
  const state = live.length === 0 ? 'reversed' : live.length === 1 && isAsWanted ? 'posted' : 'conflict';
  return {
    companyId: context.companyId,
    key: voucher.key,
    revision: voucher.revision,
    kind: 'voucher',
    reference,
    date: voucher.date,
    digest: voucher.digest,
    voucher,
    delivery: {
      ...newDelivery(expected),
      state,
      targetId: posted.id,
      number: posted.number ?? null,
      isDoubled: live.length > 1,
      problem: state === 'conflict' ? differs(live) : null,
    },
    run,
    createdAt: now,
    updatedAt: now,
    isAttached: false,
  };
}

function differs(live: readonly Posted[]): NonNullable<DeliveryRow['delivery']['problem']> {
  const ids = live.map(({ id }) => id).join(', ');
  return {
    kind: 'conflict',
    what:
      live.length > 1
        ? `the target holds it ${live.length} times (${ids})`
        : `what the target holds (${ids}) is not what should be there`,
    where: 'the target',
    now: 'compare the two, mend the target, and say that it is settled',
  };
}

function cannotBeSearched({ adapter }: DeliveryContext): BilagError {
  return new BilagError('unsupported', {
    what: `${adapter.id} cannot be searched, so that the log cannot be rebuilt from it`,
    where: adapter.id,
    now: 'restore the log from a backup, or begin at a later cut-over',
  });
}
