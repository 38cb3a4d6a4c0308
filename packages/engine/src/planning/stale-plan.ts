import type { DeliveryProblem } from '@bilag/core';
import { holdingStates, type DeliveryRow, type RowHead } from '../log/delivery-store.ts';
import type { DeliverySession } from '../writing/delivery-session.ts';
import { fullRows, runsSince } from './log-reading.ts';
import { placesOf } from './one-grouping.ts';
import type { Plan, PlanItem } from './plan.ts';

/** Why nothing is sent for an item, given the last revision under its key. */
export type Staleness = (item: PlanItem, last: DeliveryRow | undefined) => DeliveryProblem | undefined;

/**
 * Where the log was written since the plan was made, by another run that this one waited for, or that came in between, what
 * differs is left alone: what that run sent need not show in the target yet. What is the same in both goes on.
 */
export async function readStaleness(plan: Plan, { context, run }: DeliverySession): Promise<Staleness> {
  const { store, companyId } = context;
  const planned = new Set(plan.items.map(({ key }) => key));
  const others = new Set<string>();
  const known = new Set(plan.lastRunWrote);
  const since = plan.lastRun === null ? undefined : await runsSince(plan.lastRun, context);
  const underWay = since !== undefined && plan.lastRunWrote !== undefined ? [since.run] : [];
  for (const { id: other } of [...(since?.later ?? (await store.runs(companyId))), ...underWay]) {
    if (other === run) continue;
    const heads: RowHead[] = [];
    for await (const head of store.heads(companyId, { run: other, states: holdingStates }))
      if (head.kind === 'voucher' && !planned.has(head.key) && !known.has(head.reference)) heads.push(head);
    for await (const { voucher } of fullRows(heads, context))
      for (const { place } of placesOf(voucher)) others.add(place);
  }
  return (item, last) => {
    const { voucher } = item;
    if (voucher === null || !item.isToBeSent) return undefined;
    if (!isAsPlanned(item, last)) return changedSince(item);
    const isBegun = last !== undefined && isSameWrite(item, last) && holdingStates.includes(last.delivery.state);
    return !isBegun && placesOf(voucher).some(({ place }) => others.has(place)) ? changedSince(item) : undefined;
  };
}

/** Whether a row is the write that an item would make: begun, or made, by another run or an earlier one. */
export function isSameWrite({ voucher }: PlanItem, row: DeliveryRow): boolean {
  return row.revision === voucher?.revision && row.digest === voucher.digest;
}

function isAsPlanned(item: PlanItem, last: DeliveryRow | undefined): boolean {
  const { posted } = item;
  if (last === undefined) return posted === null;
  const { state } = last.delivery;
  const isUnderWay = state === 'intended' || state === 'unknown-outcome';
  if (last.isHeld && !isUnderWay) return false;
  if (isSameWrite(item, last)) return state !== 'reversed' && state !== 'conflict';
  if (posted === null || posted.revision !== last.revision) return false;
  // The first half of a change is made: the reversal.
  return state === posted.delivery.state || (posted.delivery.state === 'posted' && state === 'reversed');
}

function changedSince({ key, date }: PlanItem): DeliveryProblem {
  return {
    kind: 'busy',
    what: 'another run has written to the log since this was planned',
    where: `voucher ${key}, ${date}`,
    action: 'plan again, or apply again; nothing was sent',
  };
}
