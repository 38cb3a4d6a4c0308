import { accountsToSend, type CompanyPayout, type FundsKind, type OpenCompany } from '@bilag/company';
import { add, BilagError, currentType, factIdentity, quotedName, type Amount, type LedgerEntry } from '@bilag/core';
import type { DeliveryRow, DeliveryStore, PlanItem } from '@bilag/engine';
import { namesOfAccounts, rowsOf, withDeliveries } from './deliveries.ts';
import { payoutRows, type PayoutRow } from './payouts.ts';
import { listed, type ListedVoucher } from './vouchers.ts';

/** One payout, from the entries it is made of to the line of the bank. */
export interface OnePayout extends PayoutRow {
  readonly currency: string;
  readonly isBankRead: boolean;
  /** The kinds that moved anything, in the order of the ledger's tables. */
  readonly kinds: readonly FundsKind[];
  /** The vouchers of its dates in the target, and those that hold the payout itself. */
  readonly vouchersOfDates: readonly ListedVoucher[];
  /** What those come to, account by account. */
  readonly accounts: ReturnType<typeof accountsToSend>;
  /** Whether it has more vouchers than are shown. */
  readonly isMore: boolean;
}

const kindsInOrder: readonly FundsKind[] = [
  'captures',
  'refunds',
  'fees',
  'disputes',
  'corrections',
  'topUps',
  'aborted',
  'other',
];

const mostVouchers = 200;

/** Throws `not-found` where no payout is called so. */
export async function onePayout(open: OpenCompany, reference: string): Promise<OnePayout> {
  const payout = await payoutCalled(open, reference);
  const { rows, isBankRead } = await payoutRows(open, [payout]);
  const [row] = rows;
  if (row === undefined) throw noPayout(open, reference);
  const { company } = open;
  const inLog = await withDeliveries(company, async (store) => {
    const written = await vouchersOf(open, store, row);
    return { written, listed: await listed(open, store, written.slice(0, mostVouchers)) };
  });
  const { written = [] } = inLog ?? {};
  const items = written
    .slice(0, mostVouchers)
    .filter(({ delivery }) => delivery.state === 'posted' || delivery.state === 'reversed')
    .map(itemOf);
  return {
    ...row,
    isBankRead,
    currency: payout.currency,
    kinds: kindsInOrder.filter((kind) => payout.days.some(({ kinds }) => (kinds[kind] ?? 0) !== 0)),
    vouchersOfDates: inLog?.listed ?? [],
    accounts: accountsToSend({ items }, namesOfAccounts(company)),
    isMore: written.length > mostVouchers,
  };
}

/** What was written for the dates of a payout, and what holds the payout itself, which may be dated later. */
async function vouchersOf(
  { company }: OpenCompany,
  store: DeliveryStore,
  { payout: { days, date: to, ledgerId }, vouchers }: PayoutRow,
): Promise<readonly DeliveryRow[]> {
  const references = new Set(vouchers.map(({ reference }) => reference));
  for await (const head of store.heads(company.id, { from: days[0]?.date ?? to, to })) {
    references.add(head.reference);
    if (references.size > mostVouchers) break;
  }
  const rows = await rowsOf(store, company.id, references);
  return rows.filter(({ voucher }) => voucher.ledgerId === ledgerId);
}

/** A voucher that is in the books, as one that would be sent: its accounts add up the same. */
function itemOf({ key, date, voucher }: DeliveryRow): PlanItem {
  return { key, date, voucher, change: 'new', isToBeSent: true, why: '', posted: null };
}

async function payoutCalled(open: OpenCompany, reference: string): Promise<CompanyPayout> {
  const payout = (await open.payouts()).find((each) => each.reference === reference);
  if (payout === undefined) throw noPayout(open, reference);
  return payout;
}

function noPayout({ company }: OpenCompany, reference: string): BilagError {
  return new BilagError('not-found', {
    what: `there is no payout ${quotedName(reference)}`,
    where: `company ${company.id}`,
    action: 'choose one from the list of payouts',
  });
}

/** An entry of a payout with the balance after it, and where it was read. */
export interface PayoutEntry {
  readonly entry: LedgerEntry;
  readonly balance: Amount;
  readonly page: string;
  readonly digest: string;
}

/** The entries of a payout one by one, with a running balance: those of a date at a time. */
export async function* entriesOfPayout(
  open: OpenCompany,
  reference: string,
): AsyncGenerator<PayoutEntry, void, undefined> {
  const { ledgerId, days, date, opening, facts } = await payoutCalled(open, reference);
  const dates = await open.dates();
  const first = days[0]?.date ?? date;
  const waiting = new Set(facts);
  let balance = opening;
  for (const day of new Set([...days.map((each) => each.date), date])) {
    const seen = new Set<string>();
    const own = [...(await dates.placesOf(day)).values()].filter(({ entry }) => {
      const isFirst = !seen.has(factIdentity(entry.id));
      seen.add(factIdentity(entry.id));
      return isFirst && entry.account === 'funds' && entry.ledgerId === ledgerId;
    });
    const from =
      day === first
        ? beginning(
            own.map(({ entry }) => entry),
            waiting,
          )
        : 0;
    for (const { entry, request, digest } of own.slice(from)) {
      balance = add(balance, entry.amount);
      yield { entry, balance, page: request, digest };
      if (waiting.delete(entry.id) && waiting.size === 0) return;
    }
  }
}

/** Where a payout begins on its first date: after the payout before it, where that was scheduled on the same date. */
function beginning(entries: readonly LedgerEntry[], own: ReadonlySet<string>): number {
  const end = entries.findIndex(({ id }) => own.has(id));
  const before = end === -1 ? entries : entries.slice(0, end);
  return before.findLastIndex((entry) => currentType(entry) === 'payout-scheduled' && !own.has(entry.id)) + 1;
}
