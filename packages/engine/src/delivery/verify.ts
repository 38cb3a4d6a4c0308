import { viewDigest, voucherReference, type Finding, type PlainDate, type Posted } from '@bilag/core';
import type { DeliveryContext } from './delivery-run.ts';
import type { DeliveryRow } from '../log/delivery-store.ts';
import { clockSkewMs } from '../log/lease-rules.ts';

export interface Verification {
  /** Posted vouchers that were read back. */
  readonly checked: number;
  readonly findings: readonly Finding[];
}

/**
 * Reads posted vouchers back and reports those that a person edited, deleted, reversed or doubled, by comparing the digest of
 * what the target holds with that of what was posted. Writes nothing, in the target or in the log.
 */
export async function verify(
  range: { readonly from: PlainDate; readonly to: PlainDate },
  context: Pick<DeliveryContext, 'companyId' | 'store' | 'service' | 'adapter' | 'clock'>,
): Promise<Verification> {
  const { store, companyId, service, adapter, clock } = context;
  const settlesMs = adapter.dedupe.by === 'search' ? adapter.dedupe.settlesMs : 0;
  const rows = await store.rows(companyId, { ...range, states: ['posted'] });
  const vouchers = rows.filter((row) => row.kind === 'voucher');
  const listed = await listByReference(context, range);
  const findings: Finding[] = [];
  for (const row of vouchers) {
    const seen = listed?.get(row.reference);
    // What the list does not show as it should be is asked for by itself: a person may have moved its date.
    const held = isAsPosted(row, seen) ? seen : ((await service.find?.(row.reference)) ?? seen);
    if (held === undefined) continue;
    // Written by a clock that is ahead, it would stay young for as long as that.
    const age = clock.now() - row.updatedAt;
    const isYoung = age < settlesMs && age >= -clockSkewMs;
    findings.push(...(held.length === 0 && isYoung ? [notShownYet(row)] : differences(row, held)));
  }
  if (listed !== undefined) findings.push(...unknownOnes(await store.rows(companyId), listed));
  return { checked: listed === undefined && service.find === undefined ? 0 : vouchers.length, findings };
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

function isAsPosted(row: DeliveryRow, held: readonly Posted[] | undefined): held is readonly Posted[] {
  return held !== undefined && differences(row, held).length === 0;
}

function differences(row: DeliveryRow, held: readonly Posted[]): Finding[] {
  const own = held.filter((posted) => posted.reverses === undefined);
  const live = own.filter((posted) => posted.state === 'live');
  const [posted] = live;
  if (live.length > 1) {
    const ids = live.map(({ number, id }) => number ?? id).join(', ');
    const what = `the target holds it ${live.length} times (${ids})`;
    return [find('voucher-doubled', 'error', row, what, 'keep one and delete the others in the target')];
  }
  if (posted === undefined) {
    const isReversed = own.some(({ state }) => state === 'reversed');
    return isReversed
      ? [
          find(
            'voucher-reversed',
            'error',
            row,
            'somebody reversed it in the target',
            'ask who and why; undo records it here',
          ),
        ]
      : [
          find(
            'voucher-deleted',
            'error',
            row,
            'it is no longer in the target',
            'ask who deleted it and why; restore it there',
          ),
        ];
  }
  if (viewDigest(posted) === row.delivery.expected) return [];
  const what = `somebody edited it in the target (${differencesOf(row, posted)})`;
  return [find('voucher-edited', 'error', row, what, 'ask who and why, and put it back there')];
}

/** The target may take its declared time to show what was posted. */
function notShownYet(row: DeliveryRow): Finding {
  return find('voucher-not-shown-yet', 'info', row, 'the target does not show it yet', 'verify again later');
}

function differencesOf(row: DeliveryRow, posted: Posted): string {
  if (posted.date !== row.date) return `its date is ${posted.date}, and was ${row.date}`;
  return 'its accounts, amounts, VAT codes or dimensions are not those that were posted';
}

/** Vouchers with a reference of ours that the log does not know: another installation, or a log that was restored. */
function unknownOnes(rows: readonly DeliveryRow[], listed: ReadonlyMap<string, readonly Posted[]>): Finding[] {
  const known = new Set(rows.map((row) => row.reference));
  const ids = new Set(rows.map((row) => row.delivery.targetId));
  const ours = new Set(rows.map((row) => row.key.split('-')[0]));
  return [...listed].flatMap(([reference, posted]) => {
    const first = posted.find(({ state, id, reverses }) => state === 'live' && !ids.has(id) && reverses === undefined);
    if (first === undefined || known.has(reference) || !ours.has(reference.split('-')[0])) return [];
    const finding: Finding = {
      code: 'voucher-not-in-log',
      severity: 'warning',
      message: `the target holds ${reference}, and the log does not know it`,
      where: `voucher ${reference}, ${first.date}`,
      action: 'find out which installation posted it; rebuild the log if it is this one',
      date: first.date,
      vouchers: [reference],
    };
    return [finding];
  });
}

function find(code: string, severity: 'error' | 'info', row: DeliveryRow, message: string, action: string): Finding {
  const reference = voucherReference(row);
  const where = `voucher ${reference}, ${row.date}, ${row.delivery.number ?? row.delivery.targetId ?? ''} in the target`;
  return { code, severity, message, where, action, date: row.date, vouchers: [row.key] };
}
