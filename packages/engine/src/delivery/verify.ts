import {
  isLiveVoucher,
  isReference,
  viewDigest,
  voucherReference,
  type Finding,
  type PlainDate,
  type Posted,
} from '@bilag/core';
import type { DeliveryContext } from './delivery-run.ts';
import { inSession, type DeliverySession } from '../writing/delivery-session.ts';
import type { KeptFinding, RowHead } from '../log/delivery-store.ts';
import { withKnown } from '../planning/known-posted.ts';
import { reversalReference } from '../writing/reversal.ts';
import { seeBackAgain } from '../writing/reversal-look.ts';
import { notShownYet } from '../writing/settling.ts';
import { isVoucher } from '../writing/posted.ts';

export interface Verification {
  /** Posted vouchers that were read back. */
  readonly checked: number;
  readonly findings: readonly Finding[];
}

/**
 * Reads posted vouchers back and reports those that a person edited, deleted, reversed or doubled, by comparing the digest of
 * what the target holds with that of what was posted. Writes nothing in the target.
 *
 * What it finds is kept in the log and stays said, by `plan` and the status, until a later look finds it as it should be or a
 * person settles it; after a double nothing more is posted. Throws `busy` while another process delivers for the company.
 */
export async function verify(
  range: { readonly from: PlainDate; readonly to: PlainDate },
  context: DeliveryContext,
): Promise<Verification> {
  return inSession(context, 'verify', async (session) => {
    const { store, companyId, service } = context;
    const posted = await Array.fromAsync(store.heads(companyId, { ...range, states: ['posted'] }));
    const vouchers = posted.filter(({ kind }) => kind === 'voucher');
    const listed = await listByReference(context, range);
    const seen: Seen[] = [];
    for (const row of vouchers) {
      const shown = listed?.get(row.reference);
      // A voucher that the list does not show, or shows otherwise, is read by itself: a person may have moved its date.
      const held = isAsPosted(row, shown) ? shown : ((await service.find?.(row.reference)) ?? shown);
      if (held === undefined) continue;
      const isYoung = held.length === 0 && notShownYet(row, context) !== undefined;
      const { reference } = row;
      seen.push({ reference, findings: isYoung ? [notShown(row)] : differences(row, held), isJudged: !isYoung });
      await session.keepLease();
    }
    for await (const row of store.heads(companyId, { ...range, states: ['reversed'] })) {
      const back = await broughtBack(row, listed, context);
      if (back !== undefined) seen.push(back);
      await session.keepLease();
    }
    if (listed !== undefined) seen.push(...(await unknownOnes(listed, context)));
    await remember(seen, { ...range, posted: vouchers }, session);
    return {
      checked: listed === undefined && service.find === undefined ? 0 : vouchers.length,
      findings: seen.flatMap(({ findings }) => findings),
    };
  });
}

/** What was seen under a reference. */
interface Seen {
  readonly reference: string;
  readonly findings: readonly Finding[];
  /** Whether what was found before is done with: the target may still take its time to show it. */
  readonly isJudged: boolean;
}

/** Keeps what was found, with when it was found first, and forgets what is as it should be again. */
async function remember(
  seen: readonly Seen[],
  range: { readonly from: PlainDate; readonly to: PlainDate; readonly posted: readonly RowHead[] },
  session: DeliverySession,
): Promise<void> {
  const { store, companyId, clock } = session.context;
  const before = await store.findings(companyId);
  const posted = new Set(range.posted.map(({ reference }) => reference));
  const gone = before.filter(({ reference, finding: { date } }) => {
    return !posted.has(reference) && date !== undefined && date >= range.from && date <= range.to;
  });
  const judged = seen.filter(({ isJudged }) => isJudged);
  const kept = judged.flatMap(({ reference, findings }) =>
    findings.map((finding): KeptFinding => {
      const known = before.find((one) => one.reference === reference && one.finding.code === finding.code);
      const seenAt = clock.now();
      return { companyId, reference, finding, foundAt: known?.foundAt ?? seenAt, seenAt };
    }),
  );
  // What was kept before of what was looked at, and what is kept now: mostly nothing.
  const looked = new Set([...judged, ...gone].map(({ reference }) => reference));
  const isAnyKept = kept.length > 0 || before.some(({ reference }) => looked.has(reference));
  if (isAnyKept) await session.keep([...looked], kept);
}

async function listByReference(
  { service }: Pick<DeliveryContext, 'service'>,
  { from, to }: { readonly from: PlainDate; readonly to: PlainDate },
): Promise<Map<string, Posted[]> | undefined> {
  if (service.list === undefined) return undefined;
  const listed = new Map<string, Posted[]>();
  for await (const posted of service.list(from, to)) {
    listed.set(posted.reference, [...(listed.get(posted.reference) ?? []), posted]);
  }
  return listed;
}

function isAsPosted(row: RowHead, held: readonly Posted[] | undefined): held is readonly Posted[] {
  return held !== undefined && differences(row, held).length === 0;
}

function differences(row: RowHead, held: readonly Posted[]): Finding[] {
  const own = held.filter(isVoucher);
  const live = held.filter(isLiveVoucher);
  const [posted] = live;
  if (live.length > 1) {
    const ids = live.map(({ number, id }) => number ?? id).join(', ');
    const what = `the target holds it ${live.length} times (${ids})`;
    return [
      findingOf(
        'voucher-doubled',
        'error',
        row,
        what,
        'keep one and delete the others in the target, and verify again; nothing more is posted to the company until then',
      ),
    ];
  }
  if (posted === undefined) {
    const isReversed = own.some(({ state }) => state === 'reversed');
    return isReversed
      ? [
          findingOf(
            'voucher-reversed',
            'error',
            row,
            'somebody reversed it in the target',
            'ask who and why; undo records it here, and holds it',
          ),
        ]
      : [
          findingOf(
            'voucher-deleted',
            'error',
            row,
            'it is no longer in the target',
            'ask who deleted it and why; restore it there, or settle it as not there: it is posted again then',
          ),
        ];
  }
  if (posted.isUnfinished === true) {
    const what = 'it waits outside of the books in the target';
    return [findingOf('voucher-unfinished', 'error', row, what, 'let a person book it there, and verify again')];
  }
  if (viewDigest(posted) === row.delivery.expected) return [];
  const what = `somebody edited it in the target (${differencesOf(row, posted)})`;
  return [
    findingOf('voucher-edited', 'error', row, what, 'ask who and why, and put it back there, or settle it as it is'),
  ];
}

/** The target may take its declared time to show what was posted. */
function notShown(row: RowHead): Finding {
  return findingOf('voucher-not-shown-yet', 'info', row, 'the target does not show it yet', 'verify again later');
}

function differencesOf(row: RowHead, posted: Posted): string {
  if (posted.date !== row.date) return `its date is ${posted.date}, and was ${row.date}`;
  return 'its accounts, amounts, VAT codes or dimensions are not those that were posted';
}

/** A voucher that was taken back, and that the target shows in the books again: somebody took its reversal away. */
async function broughtBack(
  row: RowHead,
  listed: ReadonlyMap<string, readonly Posted[]> | undefined,
  context: DeliveryContext,
): Promise<Seen | undefined> {
  const isLiveAs = (reference: string): boolean => listed?.get(reference)?.some(isLiveVoucher) === true;
  if (row.kind !== 'voucher' || !isLiveAs(row.reference) || isLiveAs(reversalReference(row))) return undefined;
  const isYoung = notShownYet(row, context) !== undefined;
  if (isYoung || (await seeBackAgain(row, context)) === undefined) return undefined;
  const what = 'it was taken back, and stands in the books again: somebody took its reversal away';
  const back = findingOf('voucher-back', 'error', row, what, 'ask who and why, and reverse it there again');
  return { reference: row.reference, findings: [back], isJudged: true };
}

/** Vouchers with a reference of ours that the log does not know: another installation, or a log that was restored. */
async function unknownOnes(listed: ReadonlyMap<string, readonly Posted[]>, context: DeliveryContext): Promise<Seen[]> {
  const strange: Posted[] = [];
  for await (const [posted, known] of withKnown([...listed.values()].flat(), context)) {
    if (isLiveVoucher(posted) && !known.has(posted)) strange.push(posted);
  }
  if (strange.length === 0) return [];
  const ledgers = new Set<string | undefined>();
  for await (const { key } of context.store.heads(context.companyId)) ledgers.add(key.split('-')[0]);
  const unknown = new Map<string, Posted>();
  for (const posted of strange) {
    const { reference } = posted;
    // A log that knows nothing, lost perhaps, knows no ledgers either.
    const isOurs = ledgers.size === 0 ? isReference(reference) : ledgers.has(reference.split('-')[0]);
    if (isOurs && !unknown.has(reference)) unknown.set(reference, posted);
  }
  return [...unknown].map(([reference, { date }]) => {
    const unknownOne: Finding = {
      code: 'voucher-not-in-log',
      severity: 'warning',
      message: `the target holds ${reference}, and the log does not know it`,
      where: `voucher ${reference}, ${date}`,
      action: 'find out which installation posted it; rebuild the log if it is this one',
      date,
      vouchers: [reference],
    };
    return { reference, findings: [unknownOne], isJudged: true };
  });
}

function findingOf(code: string, severity: 'error' | 'info', row: RowHead, message: string, action: string): Finding {
  const reference = voucherReference(row);
  const where = `voucher ${reference}, ${row.date}, ${row.delivery.number ?? row.delivery.targetId ?? ''} in the target`;
  return { code, severity, message, where, action, date: row.date, vouchers: [row.key] };
}
