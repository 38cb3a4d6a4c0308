import type { CompanyPayout, OpenCompany } from '@bilag/company';
import { add, sum, zero, type Amount, type PlainDate } from '@bilag/core';
import type { RowHead } from '@bilag/engine';
import { withDeliveries } from './deliveries.ts';
import { chosenMonth, type ChosenMonth } from './months.ts';

/**
 * How far a payout is. `scheduled`: its ledger date is open. `under-way`: not at the bank yet. `in-bank`: at the bank, and not all of it
 * in the books. `booked`: both. Where the bank was never read: `bank-unread`, or `booked-bank-unread`.
 */
export type PayoutState =
  | 'scheduled'
  | 'under-way'
  | 'in-bank'
  | 'booked'
  | 'bank-unread'
  | 'booked-bank-unread'
  | 'aborted';

/** A voucher of a payout in the target. */
export type PayoutVoucher = Pick<RowHead, 'reference' | 'date'> & {
  readonly number: string | null;
  readonly state: RowHead['delivery']['state'];
};

/** One payout as a line: gross + refunds + fees + other = net. */
export interface PayoutRow {
  readonly payout: CompanyPayout;
  readonly state: PayoutState;
  /** The first of the dates it is of; undefined where nothing of it is known. */
  readonly from: PlainDate | undefined;
  readonly gross: Amount;
  readonly refunds: Amount;
  readonly fees: Amount;
  /** Disputes, corrections, top-ups, and what was carried from one payout to the next. */
  readonly other: Amount;
  readonly net: Amount;
  readonly vouchers: readonly PayoutVoucher[];
}

export interface PayoutsOfMonth {
  readonly month: ChosenMonth;
  readonly currency: string;
  readonly rows: readonly PayoutRow[];
  /** Whether the bank has delivered anything. */
  readonly isBankRead: boolean;
}

/** The payouts that were scheduled in a month, the earliest first. */
export async function payoutsOfMonth(open: OpenCompany, parameters: URLSearchParams): Promise<PayoutsOfMonth> {
  const month = await chosenMonth(open, parameters);
  const { from, to } = month.period;
  const payouts = (await open.payouts()).filter(({ date }) => date >= from && date <= to);
  return { month, currency: open.company.currency, ...(await payoutRows(open, payouts)) };
}

/** How far payouts are, and their vouchers in the target. */
export async function payoutRows(
  open: OpenCompany,
  payouts: readonly CompanyPayout[],
): Promise<Pick<PayoutsOfMonth, 'rows' | 'isBankRead'>> {
  const isBankRead = (await open.bank()) !== undefined;
  const facts = payouts.flatMap((payout) => payout.facts);
  const heads = await headsByFact(open, facts);
  return {
    isBankRead,
    rows: payouts.map((payout) => {
      const own = new Map(payout.facts.flatMap((fact) => heads.get(fact) ?? []).map((head) => [head.reference, head]));
      const isBooked =
        payout.facts.length > 0 && payout.facts.every((fact) => heads.get(fact)?.delivery.state === 'posted');
      return {
        ...sumsOf(payout),
        payout,
        state: stateOf(payout, { isBankRead, isBooked }),
        vouchers: vouchersOf([...own.values()]),
      };
    }),
  };
}

/** The writes that hold facts, by fact. */
async function headsByFact(open: OpenCompany, facts: readonly string[]): Promise<ReadonlyMap<string, RowHead>> {
  const { company } = open;
  const found = await withDeliveries(company, async (store) => {
    const holders = await store.holdersOf(company.id, facts);
    const heads = new Map<string, RowHead>();
    const references = [...new Set(holders.values())];
    for await (const head of store.heads(company.id, { references })) heads.set(head.reference, head);
    return new Map(
      [...holders].flatMap(([fact, reference]) => {
        const head = heads.get(reference);
        return head === undefined ? [] : [[fact, head] as const];
      }),
    );
  });
  return found ?? new Map<string, RowHead>();
}

function vouchersOf(heads: readonly RowHead[]): readonly PayoutVoucher[] {
  return heads.map(({ reference, date, delivery }) => ({
    reference,
    date,
    number: delivery.number,
    state: delivery.state,
  }));
}

function stateOf(
  { aborted, bankLines, isOpen }: CompanyPayout,
  { isBankRead, isBooked }: { readonly isBankRead: boolean; readonly isBooked: boolean },
): PayoutState {
  if (aborted !== undefined) return 'aborted';
  if (bankLines.length > 0) return isBooked ? 'booked' : 'in-bank';
  if (isOpen) return 'scheduled';
  if (isBankRead) return 'under-way';
  return isBooked ? 'booked-bank-unread' : 'bank-unread';
}

function sumsOf({
  days,
  amount: net,
}: CompanyPayout): Pick<PayoutRow, 'from' | 'gross' | 'refunds' | 'fees' | 'other' | 'net'> {
  const [gross, refunds, fees] = (['captures', 'refunds', 'fees'] as const).map((kind) =>
    sum(days.map(({ kinds }) => kinds[kind] ?? zero)),
  ) as [Amount, Amount, Amount];
  const from = days[0]?.date;
  const known = sum([gross, refunds, fees]);
  return { from, gross, refunds, fees, other: from === undefined ? zero : add(net, -known as Amount), net };
}
