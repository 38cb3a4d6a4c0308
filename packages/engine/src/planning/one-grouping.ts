import { factDate, negate, type PlainDate, type Voucher } from '@bilag/core';
import { holdingStates, type DeliveryRow, type RowHead } from '../log/delivery-store.ts';
import { withChange } from './kept-vouchers.ts';
import { fullRows } from './log-reading.ts';
import type { PlanItem, PlanSource } from './plan.ts';

/** Whether something in the books should be there: under its own key, or all that it is made of. */
export interface IsWanted {
  readonly byKey: (row: RowHead) => boolean;
  readonly byFacts: (row: DeliveryRow) => boolean;
}

/**
 * Nothing is posted of a ledger date of which the books hold something that is no longer wanted: grouped otherwise and
 * spelt otherwise, as after a change of the source, it may be the same money. The same of a date that a person took back, and
 * of a payout that came to the bank by a line that is no longer it, and of an invoice that is recorded or told otherwise.
 */
export async function keepToOneGrouping(
  items: readonly PlanItem[],
  source: Pick<PlanSource, 'companyId' | 'store'>,
  isWanted: IsWanted,
): Promise<readonly PlanItem[]> {
  // A voucher is dated on its ledger date, or later; one of the same payout on any.
  let from: PlainDate | undefined;
  let isOnAny = false;
  for (const item of items) {
    if (!isBegun(item)) continue;
    for (const { date } of placesOf(item.voucher)) {
      if (date === undefined) isOnAny = true;
      else if (from === undefined || date < from) from = date;
    }
  }
  if (from === undefined) return items;
  const last = new Map<string, RowHead>();
  for await (const head of source.store.heads(source.companyId, isOnAny ? {} : { from })) {
    if (!isWanted.byKey(head)) keepLast(last, head);
  }
  const heads = [...last.values()].filter(({ delivery, isHeld }) => isHeld || holdingStates.includes(delivery.state));
  const unwanted = new Map<string, DeliveryRow>();
  for await (const row of fullRows(heads, source)) {
    const isLive = holdingStates.includes(row.delivery.state);
    if ((!isLive && !row.isHeld) || isWanted.byFacts(row)) continue;
    for (const { place } of placesOf(row.voucher)) {
      // What stands in the books weighs more than what is held.
      if (isLive || !unwanted.has(place)) unwanted.set(place, row);
    }
  }
  if (unwanted.size === 0) return items;
  return items.map((item) => {
    if (!isBegun(item)) return item;
    const rows = placesOf(item.voucher).flatMap(({ place }) => unwanted.get(place) ?? []);
    const row = rows.find(({ delivery }) => holdingStates.includes(delivery.state)) ?? rows[0];
    return row === undefined ? item : withChange(item, hinderedBy(row));
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
      why: `${reference} of the same ledger date, payout or debt is held until it is released`,
    };
  }
  const why = `the books hold ${reference} of ${date} with the same ledger date, payout or debt, and it is not among what should be there: it may be the same money. Undo it and release it, or mend what made it change`;
  return { change: 'blocked', isToBeSent: false, why };
}

/** Of each voucher what was written last. */
export function lastRevisions<Row extends RowHead>(rows: readonly Row[]): readonly Row[] {
  const last = new Map<string, Row>();
  for (const row of rows) keepLast(last, row);
  return [...last.values()];
}

/** Puts a voucher in the place of what was written before it under its key. */
export function keepLast<Row extends RowHead>(last: Map<string, Row>, row: Row): void {
  if (row.kind === 'voucher' && row.revision >= (last.get(row.key)?.revision ?? 0)) last.set(row.key, row);
}

/** What vouchers may not share unless all of them are wanted. */
export interface Place {
  readonly place: string;
  /** Its ledger date; undefined for a payout or a debt, which may be told on any. */
  readonly date: PlainDate | undefined;
}

/**
 * The dates of the ledger that a voucher is made of (those of its payout, where it is grouped so); of a line of the bank or a document
 * the payout or the invoice that it names; and what it says that the merchant owes. The same money may come under another date, and an
 * invoice by its document or by the ledger.
 */
export function placesOf({ facts, ledgerId, ledgerDate, lines }: Voucher): readonly Place[] {
  const dates = new Set(facts.map((fact) => factDate(fact) ?? ledgerDate));
  const owed = new Set(lines.flatMap(({ role, amount }) => (role === 'payable' ? [negate(amount)] : [])));
  const places: Place[] = [
    ...[...dates].map((date) => ({ place: `${ledgerId} ${date}`, date })),
    ...[...owed].map((amount) => ({ place: `${ledgerId} owes ${amount}`, date: undefined })),
  ];
  if (facts.every((fact) => factDate(fact) !== undefined)) return places;
  const named = new Set(lines.flatMap(({ reference }) => reference ?? []));
  return [...places, ...[...named].map((name) => ({ place: `${ledgerId} names ${name}`, date: undefined }))];
}
