import { plannedVoucher, type OpenCompany, type PlannedLine } from '@bilag/company';
import {
  BilagError,
  isPlainDate,
  type Voucher,
  voucherReference,
  type DeliveryState,
  type PlainDate,
} from '@bilag/core';
import type { DeliveryRow, DeliveryStore, RowPlace } from '@bilag/engine';
import { namesOfAccounts, rowsOf, withDeliveries } from './deliveries.ts';
import { chosenMonth, type ChosenMonth } from './months.ts';

/** A voucher as a list shows it. */
export interface ListedVoucher {
  readonly reference: string;
  readonly kind: 'voucher' | 'reversal';
  readonly date: PlainDate;
  readonly ledgerDate: PlainDate;
  readonly description: string;
  readonly state: DeliveryState;
  /** A person keeps it back. */
  readonly isHeld: boolean;
  /** The target's number of it. */
  readonly number: string | null;
  /** What `verify` found in the target: in words. */
  readonly found: readonly string[];
  readonly lines: readonly PlannedLine[];
}

export interface VouchersOfMonth {
  readonly month: ChosenMonth;
  readonly currency: string;
  /** `sent`: what the delivery log has. `planned`: what the books have and the log has not. */
  readonly from: 'sent' | 'planned';
  /** Whether there is a log at all. */
  readonly hasLog: boolean;
  readonly vouchers: readonly ListedVoucher[];
  /** Where the next page begins; undefined on the last. */
  readonly next: string | undefined;
}

/** So many vouchers stand on a page. */
export const vouchersOnPage = 200;

/** A page of a month's vouchers in the order of their dates: the log is asked for this page alone. */
export async function vouchersOfMonth(open: OpenCompany, parameters: URLSearchParams): Promise<VouchersOfMonth> {
  const month = await chosenMonth(open, parameters);
  const { company } = open;
  const after = placeIn(parameters.get('after'));
  const common = { month, currency: company.currency };
  if (parameters.get('from') !== 'planned') {
    const found = await withDeliveries(company, async (store) => sentPage(open, store, month, after));
    if (found !== undefined) return { ...common, from: 'sent', hasLog: true, ...found };
  }
  const { vouchers, next, hasLog } = await plannedPage(open, month, after);
  return { ...common, from: 'planned', hasLog, vouchers, next };
}

type Part = Pick<VouchersOfMonth, 'vouchers' | 'next'>;

async function sentPage(
  open: OpenCompany,
  store: DeliveryStore,
  { period }: ChosenMonth,
  after: RowPlace | undefined,
): Promise<Part> {
  const { id } = open.company;
  const references: string[] = [];
  let isMore = false;
  for await (const head of store.heads(id, period, after)) {
    isMore = references.length === vouchersOnPage;
    if (isMore) break;
    references.push(head.reference);
  }
  const rows = await rowsOf(store, id, references);
  const last = rows.at(-1);
  return {
    vouchers: await listed(open, store, rows),
    next: isMore && last !== undefined ? placeName(last) : undefined,
  };
}

/** Rows of the log as they are listed, with what `verify` found about them. */
export async function listed(
  open: OpenCompany,
  store: DeliveryStore,
  rows: readonly DeliveryRow[],
): Promise<readonly ListedVoucher[]> {
  const findings = Map.groupBy(await store.findings(open.company.id), ({ reference }) => reference);
  const nameOf = namesOfAccounts(open.company);
  return rows.map((row) => ({
    ...listedOf(row.voucher, nameOf),
    reference: row.reference,
    kind: row.kind,
    date: row.date,
    state: row.delivery.state,
    isHeld: row.isHeld,
    number: row.delivery.number,
    found: (findings.get(row.reference) ?? []).map(({ finding }) => finding.message),
  }));
}

function listedOf(voucher: Voucher, nameOf: ReturnType<typeof namesOfAccounts>): ListedVoucher {
  const { date, ledgerDate, description } = voucher;
  const { lines } = plannedVoucher({ voucher, posted: null }, nameOf);
  return {
    reference: voucherReference(voucher),
    kind: 'voucher',
    date,
    ledgerDate,
    description,
    state: 'planned',
    isHeld: false,
    number: null,
    found: [],
    lines,
  };
}

/** What the books of a month have and the log has not: they are made anew for it, from the cut-over. */
async function plannedPage(
  open: OpenCompany,
  { period }: ChosenMonth,
  after: RowPlace | undefined,
): Promise<Part & { readonly hasLog: boolean }> {
  const { company } = open;
  const nameOf = namesOfAccounts(company);
  const known = await withDeliveries(company, async (store) => {
    const keys = new Set<string>();
    for await (const { key, delivery } of store.heads(company.id, period))
      if (delivery.state !== 'planned') keys.add(key);
    return keys;
  });
  const page: Voucher[] = [];
  await open.book({
    ...period,
    onVoucher: (voucher) => {
      const isPast = after !== undefined && !isLater(voucher, after);
      if (isPast || known?.has(voucher.key) === true || page.length > vouchersOnPage) return;
      page.push(voucher);
    },
  });
  const shown = page.slice(0, vouchersOnPage).toSorted((a, b) => (isLater(a, { ...b, kind: 'voucher' }) ? 1 : -1));
  const last = shown.at(-1);
  return {
    hasLog: known !== undefined,
    vouchers: shown.map((voucher) => listedOf(voucher, nameOf)),
    next: page.length > vouchersOnPage && last !== undefined ? placeName({ ...last, kind: 'voucher' }) : undefined,
  };
}

function isLater({ date, key }: Pick<Voucher, 'date' | 'key'>, place: RowPlace): boolean {
  return date === place.date ? key > place.key : date > place.date;
}

/** `2026-07-15/302321-20260715/1/voucher`: where a page ended. */
export function placeName({ date, key, revision, kind }: RowPlace): string {
  return [date, key, revision, kind].join('/');
}

/** Throws `config` for what no page has given. */
export function placeIn(text: string | null): RowPlace | undefined {
  if (text === null) return undefined;
  const [date = '', key = '', revision = '', kind = ''] = text.split('/');
  const isKind = kind === 'voucher' || kind === 'reversal';
  if (isPlainDate(date) && /^[A-Z0-9.-]{1,35}$/.test(key) && /^\d{1,2}$/.test(revision) && isKind)
    return { date, key, revision: Number(revision), kind };
  throw new BilagError('config', {
    what: 'the place where this page begins cannot be read',
    where: 'the address, after',
    action: 'go back to the first page',
  });
}
