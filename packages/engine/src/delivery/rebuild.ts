import {
  isLiveVoucher,
  createVoucher,
  digestOf,
  expectedDigest,
  newDelivery,
  viewDigest,
  voucherReference,
  type Posted,
  type Voucher,
} from '@bilag/core';
import { BilagError } from '@bilag/core';
import type { DeliveryContext } from './delivery-run.ts';
import { inSession, type DeliverySession } from '../writing/delivery-session.ts';
import { hasRow } from '../planning/log-reading.ts';
import type { DeliveryRow } from '../log/delivery-store.ts';
import { untilShown } from '../writing/look-through.ts';
import { mirroredVoucher, reversalReference } from '../writing/reversal.ts';
import { isVoucher } from '../writing/posted.ts';

/** What the target turned out to hold. */
export interface Rebuilt {
  readonly run: string;
  /** Rows written to the log, by what they say now. Vouchers the target does not hold are not among them. */
  readonly rows: readonly DeliveryRow[];
}

/**
 * Fills a lost or restored log again from the target: each voucher that should be in the books is looked up under its
 * revisions, in order, until one is not found, with what took it back. A voucher that the log holds as posted and that was
 * taken back since is noted so; everything else that the log knows is left as it is. Nothing is sent.
 *
 * Give everything since the cut-over, under the grouping it was posted with. A log that is not known to be whole waits first,
 * until the target shows what was written last. Throws `unsupported` when the target cannot be searched.
 */
export async function rebuild(
  vouchers: AsyncIterable<Voucher> | Iterable<Voucher>,
  context: DeliveryContext,
): Promise<Rebuilt> {
  const { service, store, companyId } = context;
  const find = service.find?.bind(service);
  if (find === undefined) throw cannotBeSearched(context);
  return inSession(context, 'rebuild', async (session) => {
    const past = await store.pastOf(companyId);
    if (past?.is !== 'whole') await untilShown(session);
    const rows: DeliveryRow[] = [];
    for await (const voucher of vouchers) rows.push(...(await rebuilt(voucher, find, session)));
    // One that has never sent and found nothing waits again before it sends: another may begin in between.
    if (past?.is !== 'new' || (await hasRow(context))) await session.markWhole();
    return { run: session.run, rows };
  });
}

type Find = (reference: string) => Promise<readonly Posted[]>;

/** What the target holds of one voucher, under every revision. */
async function rebuilt(voucher: Voucher, find: Find, session: DeliverySession): Promise<readonly DeliveryRow[]> {
  const { store, companyId } = session.context;
  const known = await store.rows(companyId, { key: voucher.key });
  const found: DeliveryRow[] = [];
  for (let revision = 1; revision <= lastRevision; revision += 1) {
    const candidate = revision === voucher.revision ? voucher : createVoucher({ ...voucher, revision });
    const reference = voucherReference(candidate);
    const own = known.find((row) => row.kind === 'voucher' && row.revision === revision);
    if (own !== undefined && isOpen(own)) continue;
    const held = await session.request(`look up ${reference}`, () => find(reference));
    const row = rowOf(own?.voucher ?? candidate, reference, held, session);
    if (row === undefined && own === undefined) break;
    if (row === undefined) continue;
    const reversal = await reversalOf(row, held, find, session);
    const now = reversal === undefined ? row : { ...row, ...asReversed(row) };
    // What the log knows stays, unless it was taken back or written since.
    if (own !== undefined && (own.delivery.state === now.delivery.state || own.delivery.state === 'reversed')) continue;
    if (own?.delivery.state === 'posted' && now.delivery.state !== 'reversed') continue;
    const changed =
      own === undefined
        ? [now]
        : [{ ...own, delivery: now.delivery, isHeld: now.isHeld, run: session.run, updatedAt: now.updatedAt }];
    const isNew = reversal !== undefined && !known.some(({ reference: other }) => other === reversal.reference);
    const saved = isNew ? [...changed, reversal] : changed;
    await session.save(`save ${now.delivery.state} ${reference}`, saved);
    found.push(...saved);
  }
  return found;
}

/** A person took it back, and the lost log knew why: it is not posted again before a person says so. */
function asReversed({ delivery }: DeliveryRow): Pick<DeliveryRow, 'delivery' | 'isHeld'> {
  return { delivery: { ...delivery, state: 'reversed' }, isHeld: true };
}

/** What is under way is looked up when it is gone on with, and what waits for a person waits on. */
function isOpen({ delivery: { state } }: DeliveryRow): boolean {
  return state === 'intended' || state === 'unknown-outcome' || state === 'conflict';
}

/** The target's own reversal stands with what it reverses; a mirrored voucher has a reference of its own. */
async function reversalOf(
  row: DeliveryRow,
  held: readonly Posted[],
  find: Find,
  session: DeliverySession,
): Promise<DeliveryRow | undefined> {
  const { service, adapter } = session.context;
  const reference = reversalReference(row);
  const own = held.find((posted) => posted.reverses === row.delivery.targetId && posted.state === 'live');
  const mayBeMirrored = service.reverse === undefined || adapter.reversal === 'own-date';
  const [mirrored] =
    own === undefined && mayBeMirrored
      ? (await session.request(`look up ${reference}`, () => find(reference))).filter(isLiveVoucher)
      : [];
  const posted = own ?? mirrored;
  if (posted === undefined) return undefined;
  const voucher = mirroredVoucher(row.voucher, posted.date);
  const expected = own === undefined ? viewDigest(posted) : null;
  const { id: targetId, number = null } = posted;
  return {
    ...row,
    kind: 'reversal',
    isHeld: false,
    reference,
    date: posted.date,
    digest: digestOf(voucher),
    voucher,
    delivery: { ...newDelivery(expected), state: 'posted', targetId, number },
  };
}

/** See `voucherReference`: two digits. */
const lastRevision = 99;

function rowOf(
  voucher: Voucher,
  reference: string,
  held: readonly Posted[],
  { context, run }: DeliverySession,
): DeliveryRow | undefined {
  const own = held.filter(isVoucher);
  const live = held.filter(isLiveVoucher);
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
    isHeld: state === 'reversed',
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
    action: 'compare the two, mend the target, and say that it is settled',
  };
}

function cannotBeSearched({ adapter }: DeliveryContext): BilagError {
  return new BilagError('unsupported', {
    what: `${adapter.id} cannot be searched, so that the log cannot be rebuilt from it`,
    where: adapter.id,
    action: 'restore the log from a backup, or begin at a later cut-over',
  });
}
