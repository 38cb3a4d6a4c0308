import { addDays, BilagError, keyDate, plainDate, type PlainDate, type Posted } from '@bilag/core';
import type { DeliverySession } from './delivery-session.ts';
import type { DeliveryRow } from '../log/delivery-store.ts';
import type { Plan } from './plan.ts';
import { revenueGuard } from './revenue-guard.ts';

/**
 * Makes sure, before anything is sent, that the target holds nothing which sending would double: a voucher of ours that the log
 * does not know (a log that was lost, restored or begun twice), one that is there twice, and sales that others booked.
 *
 * A log that has never sent waits first, until the target shows what another may have written just before: now, and not when it
 * was connected, because another may have begun in between.
 */
export async function lookThrough(plan: Plan, session: DeliverySession, revenueIsOurs: boolean): Promise<void> {
  const { store, companyId, service } = session.context;
  const past = await store.pastOf(companyId);
  if (past?.is !== 'whole') await untilShown(session);
  const list = service.list?.bind(service);
  if (list !== undefined) {
    const rows = await store.rows(companyId);
    const guard = revenueGuard(plan, rows);
    const [unknown, foreign]: Posted[][] = [[], []];
    const knows = knowsOf(rows, plan);
    const live = new Map<string, string>();
    const range = rangeOf(plan, rows, session);
    await session.request('look through the target', async () => {
      for await (const posted of list(range.from, range.to)) {
        if (isLive(posted) && knows.isOurs(posted)) {
          const twin = live.get(posted.reference);
          if (twin !== undefined && twin !== posted.id) throw doubledThere(posted, twin, companyId);
          live.set(posted.reference, posted.id);
          if (!knows.has(posted)) unknown?.push(posted);
        }
        if (!revenueIsOurs && guard.sees(posted)) foreign?.push(posted);
      }
    });
    if (unknown !== undefined && unknown.length > 0) throw notKnown(unknown, companyId);
    if (foreign !== undefined && foreign.length > 0) throw guard.refusal(foreign);
  }
  if (past?.is !== 'whole') await session.markWhole();
}

/** Waits until the target shows everything that was written before now, whoever wrote it. */
export async function untilShown(session: DeliverySession): Promise<void> {
  const { adapter, clock, requestTimeoutMs = 60_000 } = session.context;
  if (adapter.dedupe.by !== 'search') return;
  await session.sleepUntil(
    clock.now() + requestTimeoutMs + adapter.dedupe.settlesMs,
    `${adapter.id} may not show yet what was written before, and this log has not sent anything for the company`,
  );
}

/** Tells vouchers of ours, and those that the log knows. */
export function knowsOf(
  rows: readonly DeliveryRow[],
  plan: Pick<Plan, 'items'>,
): { readonly isOurs: (posted: Posted) => boolean; readonly has: (posted: Posted) => boolean } {
  const references = new Set(rows.map(({ reference }) => reference));
  const ids = new Set(rows.map(({ delivery }) => delivery.targetId));
  const ledgers = new Set([...rows, ...plan.items].map(({ key }) => ledgerOf(key)));
  return {
    isOurs: ({ reference }) => keyDate(reference) !== undefined && ledgers.has(ledgerOf(reference)),
    has: ({ reference, id }) => references.has(reference) || ids.has(id),
  };
}

/** A reversal by the target itself carries what it reverses: whoever knows that one knows it. */
export function isLive({ state, reverses }: Posted): boolean {
  return state === 'live' && reverses === undefined;
}

/** The ledger in a key or reference: what stands before its date. */
function ledgerOf(key: string): string {
  return key.slice(0, key.lastIndexOf('-'));
}

/** Everything that was or could have been delivered, whatever is planned now. */
function rangeOf(
  plan: Plan,
  rows: readonly DeliveryRow[],
  { context }: DeliverySession,
): { readonly from: PlainDate; readonly to: PlainDate } {
  const today = plainDate(new Date(context.clock.now()).toISOString().slice(0, 10));
  const dates = [
    plan.begins,
    // Somewhere it is tomorrow.
    addDays(today, 1),
    ...rows.map(({ date }) => date),
    ...plan.items.flatMap(({ date, voucher }) => [date, voucher?.ledgerDate ?? date]),
  ].sort();
  return { from: dates[0] ?? today, to: dates.at(-1) ?? today };
}

function notKnown(unknown: readonly Posted[], companyId: string): BilagError {
  const shown = unknown.slice(0, 5).map(({ reference, date }) => `${reference} of ${date}`);
  const more = unknown.length > shown.length ? ` and ${unknown.length - shown.length} more` : '';
  const many = unknown.length === 1 ? 'a voucher' : `${unknown.length} vouchers`;
  return new BilagError('conflict', {
    what: `the target holds ${many} of ours that the log does not know (${shown.join(', ')}${more}): the log was lost or restored, or another installation delivers for this company`,
    where: companyId,
    now: 'let one installation deliver, and rebuild the log (bilag rebuild); what a rebuild does not find was grouped otherwise: rebuild with that grouping, or take it back in the target. Nothing was sent',
  });
}

function doubledThere({ reference, id, date }: Posted, twin: string, companyId: string): BilagError {
  return new BilagError('conflict', {
    what: `the target holds ${reference} more than once (${twin}, ${id})`,
    where: `${companyId}, ${date}`,
    now: 'let a person keep one and delete the others there; see whether another installation delivers for this company. Nothing was sent',
  });
}
