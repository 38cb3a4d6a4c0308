import { factDate, type PlainDate, type Voucher } from '@bilag/core';
import { holdingStates, type DeliveryRow } from '../log/delivery-store.ts';
import type { PlanItem, PlanSource } from './plan.ts';

/**
 * Nothing is posted of a ledger date of which the books hold something that is no longer wanted: grouped otherwise and
 * spelt otherwise, as after a change of the source, it may be the same money. The same of a date that a person took back.
 */
export async function keepToOneGrouping(
  items: readonly PlanItem[],
  { companyId, store }: Pick<PlanSource, 'companyId' | 'store'>,
  isWanted: (row: DeliveryRow) => boolean,
): Promise<readonly PlanItem[]> {
  const dates = items.flatMap((item) => (isBegun(item) ? [...ledgerDatesOf(item.voucher)] : []));
  // A voucher is dated on its ledger date, or later.
  const from = dates.map(({ date }) => date).toSorted()[0];
  if (from === undefined) return items;
  const unwanted = new Map<string, DeliveryRow>();
  for (const row of lastRevisions(await store.rows(companyId, { from }))) {
    const isLive = holdingStates.includes(row.delivery.state);
    if ((!isLive && !row.isHeld) || isWanted(row)) continue;
    for (const { place } of ledgerDatesOf(row.voucher)) {
      // What stands in the books weighs more than what is held.
      if (isLive || !unwanted.has(place)) unwanted.set(place, row);
    }
  }
  return items.map((item) => {
    if (!isBegun(item)) return item;
    const rows = [...ledgerDatesOf(item.voucher)].flatMap(({ place }) => unwanted.get(place) ?? []);
    const row = rows.find(({ delivery }) => holdingStates.includes(delivery.state)) ?? rows[0];
    return row === undefined ? item : { ...item, ...hinderedBy(row) };
  });
}

/** What would be sent, and was not begun before. */
function isBegun(item: PlanItem): item is PlanItem & { readonly voucher: Voucher } {
  const state = item.posted?.delivery.state;
  return item.isToBeSent && item.voucher !== null && state !== 'intended' && state !== 'unknown-outcome';
}

function hinderedBy({ reference, delivery, date }: DeliveryRow): Pick<PlanItem, 'change' | 'isToBeSent' | 'why'> {
  if (!holdingStates.includes(delivery.state)) {
    return {
      change: 'held',
      isToBeSent: false,
      why: `${reference} of the same ledger date is held until it is released`,
    };
  }
  const why = `the books hold ${reference} of ${date} with the same ledger date, and it is not among what should be there: it may be the same money. Undo it and release it, or mend what made it change`;
  return { change: 'blocked', isToBeSent: false, why };
}

/** Of each voucher what was written last. */
export function lastRevisions(rows: readonly DeliveryRow[]): readonly DeliveryRow[] {
  const last = new Map<string, DeliveryRow>();
  for (const row of rows) {
    const known = last.get(row.key);
    if (row.kind === 'voucher' && row.revision >= (known?.revision ?? 0)) last.set(row.key, row);
  }
  return [...last.values()];
}

/** The dates of the ledger that a voucher is made of: those of its payout, where it is grouped so. */
function ledgerDatesOf({
  facts,
  ledgerId,
  ledgerDate,
}: Voucher): Iterable<{ readonly place: string; readonly date: PlainDate }> {
  const dates = new Set(facts.map((fact) => factDate(fact) ?? ledgerDate));
  return [...dates].map((date) => ({ place: `${ledgerId} ${date}`, date }));
}
