import { accountsToSend, plannedVoucher, type CompanyPlan } from '@bilag/company';
import { debitOf, voucherReference, type DeliveryProblem, type DeliveryState, type Voucher } from '@bilag/core';
import type { DeliveryOutcome, DeliveryRow, HeldDate, KeptFinding, Plan, PlanItem } from '@bilag/engine';
import { counted } from './books-tables.ts';
import { toMoney } from './money.ts';
import { toTable, type Column } from './table.ts';

/** Whether a voucher is listed: one that stays as it is only when that is asked for. */
export function isListed({ change, why }: PlanItem, options: { readonly all?: boolean | undefined }): boolean {
  return options.all === true || change !== 'unchanged' || why !== '';
}

/** What would happen to each voucher that is listed. */
export function planTable(listed: readonly PlanItem[]): string {
  if (listed.length === 0) return '';
  return toTable(
    [...columnsOf('Change', 'Date', 'Voucher'), { title: 'Gross', align: 'right' }, ...columnsOf('Why')],
    listed.map(itemCells),
  );
}

/** One voucher by itself, above its accounts. */
export function planLine(item: PlanItem): string {
  return `${itemCells(item)
    .filter((cell) => cell !== '')
    .join('  ')}\n`;
}

function itemCells(item: PlanItem): readonly string[] {
  const voucher = item.voucher ?? item.posted?.voucher;
  return [item.change, item.date, referenceOf(item), voucher === undefined ? '' : grossOf(voucher), item.why];
}

/** `3 new, 88 unchanged, 1 blocked`. */
export function planSummary({ counts }: Plan): string {
  const parts = (['new', 'changed', 'blocked', 'held', 'missing', 'unchanged'] as const).flatMap((change) =>
    counts[change] === 0 ? [] : [`${counts[change]} ${change}`],
  );
  return parts.join(', ') || 'no vouchers';
}

/** Dates that are not delivered yet, and why: each reason once, with the first and last of its dates. */
export function heldLines(held: readonly HeldDate[]): string {
  const open = held.filter(({ because }) => because === 'open');
  const waiting =
    open.length === 0
      ? ''
      : `${counted(open.length, 'open date')} (${spanOf(open)}): not delivered before the provider closes ${open.length === 1 ? 'it' : 'them'}\n`;
  const wrong = Map.groupBy(
    held.filter(({ because }) => because !== 'open'),
    ({ ledgerId, why }) => JSON.stringify([ledgerId, why]),
  );
  return waiting + [...wrong.values()].map(heldLine).join('');
}

function heldLine(dates: readonly HeldDate[]): string {
  const [{ ledgerId, why }] = dates as readonly [HeldDate];
  const count = dates.length === 1 ? '' : ` (${dates.length} dates)`;
  return `held: ledger ${ledgerId}, ${spanOf(dates)}${count}: ${why}\n`;
}

function spanOf(dates: readonly HeldDate[]): string {
  const [first, last] = [dates[0]?.date ?? '', dates.at(-1)?.date ?? ''];
  return first === last ? first : `${first} to ${last}`;
}

/** A plan for programs: amounts in minor units, the accounts of the vouchers that are listed, and what would be sent. */
export function planJson(planned: CompanyPlan, options: { readonly all?: boolean | undefined }): object {
  const { plan, lockedThrough, nameOf } = planned;
  const { from, to, items, counts, heldDates, unsettled, findings } = plan;
  return {
    from,
    to,
    counts,
    items: items.map((item) => {
      const { change, key, date, isToBeSent, why, posted } = item;
      const voucher = item.voucher ?? posted?.voucher;
      return {
        change,
        key,
        reference: referenceOf(item),
        date,
        gross: voucher === undefined ? null : debitOf(voucher.lines),
        currency: voucher?.currency ?? null,
        isToBeSent,
        why,
        ...(isListed(item, options) ? plannedVoucher(item, nameOf) : {}),
        posted:
          posted === null
            ? null
            : { reference: posted.reference, state: posted.delivery.state, targetId: posted.delivery.targetId },
      };
    }),
    toBeSent: accountsToSend(plan, nameOf),
    heldDates,
    lockedThrough: lockedThrough ?? null,
    unsettled: unsettled.map(keptJson),
    findings,
  };
}

/** What verify found, and since when. */
export function keptJson({ reference, finding, foundAt, seenAt }: KeptFinding): object {
  return { reference, foundAt: new Date(foundAt).toISOString(), seenAt: new Date(seenAt).toISOString(), ...finding };
}

/** What became of each write, in order. */
export function outcomeTable(outcomes: readonly DeliveryOutcome[]): string {
  return toTable(
    columnsOf('Date', 'Voucher', 'What', 'State', 'In the target', 'Why'),
    outcomes.map(({ date, reference, kind, did, state, number, targetId, problem }) => {
      const what = kind === 'reversal' ? 'reversal' : 'voucher';
      const done = did === 'found' ? `${state}, was there` : state;
      return [date, reference, what, done, number ?? targetId ?? '', whyOf(problem)];
    }),
  );
}

/** Posted vouchers, or others, as the log has them. */
export function rowTable(rows: readonly DeliveryRow[]): string {
  return toTable(
    [
      ...columnsOf('Date', 'Voucher', 'What'),
      { title: 'Gross', align: 'right' },
      ...columnsOf('State', 'In the target', 'Why'),
    ],
    rows.map(({ date, reference, kind, voucher, delivery, isHeld }) => {
      const { number, targetId, problem } = delivery;
      const state = kind === 'voucher' && isHeld ? `${delivery.state}, held` : delivery.state;
      return [date, reference, kind, grossOf(voucher), state, number ?? targetId ?? '', whyOf(problem)];
    }),
  );
}

/** A row for programs, without the voucher. */
export function rowJson(row: DeliveryRow): object {
  const { key, revision, kind, reference, date, run, delivery, isAttached, isHeld } = row;
  const { state, attempts, targetId, number, problem } = delivery;
  return { reference, key, revision, kind, date, state, attempts, targetId, number, problem, run, isAttached, isHeld };
}

/** How many rows stand in each state. */
export function countStates(rows: readonly DeliveryRow[]): Partial<Record<DeliveryState, number>> {
  const groups = Map.groupBy(rows, ({ delivery }) => delivery.state);
  return Object.fromEntries([...groups].map(([state, all]) => [state, all.length]));
}

function whyOf(problem: DeliveryProblem | null): string {
  return problem === null ? '' : `${problem.what} (${problem.where}); ${problem.action}`;
}

function referenceOf({ voucher, posted, key }: PlanItem): string {
  return voucher === null ? (posted?.reference ?? key) : voucherReference(voucher);
}

function grossOf({ lines, currency }: Voucher): string {
  return toMoney(debitOf(lines), currency);
}

function columnsOf(...titles: readonly string[]): Column[] {
  return titles.map((title) => ({ title }));
}
