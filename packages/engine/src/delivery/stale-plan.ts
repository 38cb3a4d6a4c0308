import { factDate, type DeliveryProblem } from '@bilag/core';
import { holdingStates, type DeliveryRow, type RunRow } from '../log/delivery-store.ts';
import type { Plan, PlanItem } from './plan.ts';

/**
 * Why nothing is sent for an item, where the log was written since the plan was made: by another run that this one waited for,
 * or that came in between. What that run sent need not show in the target yet. What is the same in both goes on.
 */
export function staleness(
  plan: Plan,
  rows: readonly DeliveryRow[],
  runs: readonly RunRow[],
): (item: PlanItem) => DeliveryProblem | undefined {
  const planned = new Set(plan.items.map(({ key }) => key));
  const since = runsSince(plan, runs);
  const others = new Map<string, DeliveryRow>();
  for (const row of rows) {
    if (row.kind !== 'voucher' || !since.has(row.run) || planned.has(row.key)) continue;
    if (!holdingStates.includes(row.delivery.state)) continue;
    for (const place of placesOf(row.voucher)) others.set(place, row);
  }
  return (item) => {
    const { voucher, key } = item;
    if (voucher === null || !item.isToBeSent) return undefined;
    const last = lastOf(key, rows);
    if (!isAsPlanned(item, last)) return changedSince(item);
    const isBegun = last !== undefined && isSameWrite(item, last) && holdingStates.includes(last.delivery.state);
    return !isBegun && placesOf(voucher).some((place) => others.has(place)) ? changedSince(item) : undefined;
  };
}

/** Of a key what was written last. */
export function lastOf(key: string, rows: readonly DeliveryRow[]): DeliveryRow | undefined {
  const own = rows.filter((row) => row.kind === 'voucher' && row.key === key);
  return own.reduce<DeliveryRow | undefined>(
    (last, row) => (row.revision > (last?.revision ?? 0) ? row : last),
    undefined,
  );
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

function runsSince({ lastRun }: Plan, runs: readonly RunRow[]): ReadonlySet<string> {
  const at = runs.findIndex(({ id }) => id === lastRun);
  return new Set(runs.slice(0, at === -1 ? runs.length : at).map(({ id }) => id));
}

function placesOf({ facts, ledgerId, ledgerDate }: DeliveryRow['voucher']): readonly string[] {
  return [...new Set(facts.map((fact) => `${ledgerId} ${factDate(fact) ?? ledgerDate}`))];
}

function changedSince({ key, date }: PlanItem): DeliveryProblem {
  return {
    kind: 'busy',
    what: 'another run has written to the log since this was planned',
    where: `voucher ${key}, ${date}`,
    now: 'plan again, or apply again; nothing was sent',
  };
}
