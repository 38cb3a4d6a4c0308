import type { ExpectedPayout } from '@bilag/bank';
import {
  add,
  formatAmount,
  negate,
  sum,
  zero,
  type Amount,
  type BankLine,
  type Finding,
  type PlainDate,
  type Policy,
} from '@bilag/core';
import type { CompanyBank } from '../bank/company-bank.ts';
import type { Period } from '../dates/period.ts';
import { readThrough } from './bank-tables.ts';
import { compared, movementOf, tableOf, type CheckedTable } from './ledger-tables.ts';
import type { ProofRow } from './proof.ts';

/** What the transit table is made of. */
export interface TransitInput {
  readonly policy: Policy;
  readonly period: Period;
  readonly payouts: readonly ExpectedPayout[];
  /** Absent where the bank has delivered nothing. */
  readonly bank: CompanyBank | undefined;
  readonly bankDays: (after: PlainDate, through: PlainDate) => number;
  /** The balance of the books' own account at the end of the period, over all ledgers. */
  readonly books: Amount;
}

/** Bank days after which money that has not come is looked for. */
const mostBankDays = 5;

/**
 * Payouts under way: scheduled − aborted − arrived, with every open one and its age. The books are compared where the policy has
 * an account for them; where payouts go straight to the bank, its account is ahead of the statement by just these.
 */
export function transitTable({ policy, period, payouts, bank, bankDays, books }: TransitInput): CheckedTable {
  const { from, to } = period;
  const arrivals = Map.groupBy(bank?.facts ?? [], ({ payoutReference }) => payoutReference ?? '');
  const items = payouts
    .filter(({ date }) => date <= to)
    .map((payout) => itemOf(payout, arrivals.get(payout.reference) ?? [], period));
  const open = items.filter(({ left }) => left !== 0);
  const inside = (rows: readonly ProofRow[]): readonly ProofRow[] =>
    rows.filter(({ date }) => date >= from && date <= to);
  const { lines } = tableOf(
    'transit',
    sum(items.map(({ opening }) => opening)),
    [
      movementOf('scheduled', 'Scheduled', inside(items.map(({ scheduled }) => scheduled))),
      movementOf('aborted', 'Aborted', inside(items.flatMap(({ aborted }) => aborted ?? []))),
      movementOf('arrived', 'Arrived at the bank', inside(items.flatMap(({ arrived }) => arrived))),
    ],
    period,
  );
  const rows = open.map(({ payout, left }): ProofRow => ({
    date: payout.date,
    text: `payout ${payout.reference}`,
    amount: left,
    age: bankDays(payout.date, to),
  }));
  const booked = sum(open.filter(({ payout }) => isInBooks(payout, policy)).map(({ left }) => left));
  const isInTransit = policy.versions.some(({ payouts: how }) => how === 'in-transit');
  const withItems = lines.map((line) => (line.is === 'closing' ? { ...line, rows } : line));
  return {
    table: {
      id: 'transit',
      about: 'transit',
      title: 'Payouts in transit',
      lines: isInTransit
        ? [...withItems, ...compared('transit', booked, books, 'The books: payouts in transit')]
        : withItems,
    },
    findings:
      bank === undefined ? [] : open.flatMap((item) => overdue(item, earliest(to, readThrough(bank)), bankDays)),
  };
}

/** Whether the books have an account for it while it is under way: by the version that booked it. */
function isInBooks({ date }: ExpectedPayout, { versions }: Policy): boolean {
  return (versions.findLast(({ from }) => from <= date) ?? versions[0]).payouts === 'in-transit';
}

function earliest(a: PlainDate, b: PlainDate): PlainDate {
  return a < b ? a : b;
}

/** A payout, and what became of it. */
interface TransitItem {
  readonly payout: ExpectedPayout;
  readonly opening: Amount;
  readonly scheduled: ProofRow;
  readonly aborted: ProofRow | undefined;
  readonly arrived: readonly ProofRow[];
  readonly left: Amount;
}

function itemOf(payout: ExpectedPayout, facts: readonly BankLine[], { from, to }: Period): TransitItem {
  const { reference, date, amount, aborted: abortedOn } = payout;
  const text = `payout ${reference}`;
  const scheduled: ProofRow = { date, text, amount };
  const aborted: ProofRow | undefined =
    abortedOn === undefined ? undefined : { date: abortedOn, text, amount: negate(amount) };
  const arrived = facts.map((fact): ProofRow => ({ date: fact.date, text, amount: negate(fact.amount) }));
  const rows = [scheduled, ...(aborted === undefined ? [] : [aborted]), ...arrived];
  const until = (isIn: (row: ProofRow) => boolean): Amount =>
    rows.filter(isIn).reduce((total, row) => add(total, row.amount), zero);
  return {
    payout,
    scheduled,
    aborted,
    arrived,
    opening: until((row) => row.date < from),
    left: until((row) => row.date <= to),
  };
}

/** Money is late only on days that somebody has looked at. */
function overdue({ payout, left }: TransitItem, to: PlainDate, bankDays: TransitInput['bankDays']): readonly Finding[] {
  const { reference, ledgerId, date, expected = date } = payout;
  const late = bankDays(expected, to);
  if (late <= mostBankDays) return [];
  return [
    {
      code: 'payout-overdue',
      severity: 'error',
      message: `payout ${reference} of ${formatAmount(payout.amount)}, scheduled ${date}, was expected ${expected}: ${formatAmount(left)} of it has not come ${late} bank days later`,
      where: `ledger ${ledgerId}, payout ${reference}`,
      action: 'look for it in the bank account and with bilag bank matches; ask the provider',
      ledgerId,
      date,
      amount: left,
      references: [reference],
    },
  ];
}

/** What the books have in transit at the end of each date of a ledger. */
export type TransitByDate = ReadonlyMap<string, readonly { readonly date: PlainDate; readonly amount: Amount }[]>;

/**
 * The account of payouts in transit against the payouts themselves, date by date: the first date of each ledger on which they
 * differ. Asked only where every version of the policy has the account.
 */
export function transitByDate(
  books: TransitByDate,
  { payouts, bank }: Pick<TransitInput, 'payouts' | 'bank'>,
): readonly Finding[] {
  return [...books].flatMap(([ledgerId, days]): readonly Finding[] => {
    const moves = [
      ...payouts.filter((payout) => payout.ledgerId === ledgerId).flatMap(movesOf),
      ...(bank?.facts ?? [])
        .filter((fact) => fact.ledgerId === ledgerId)
        .map(({ date, amount }) => ({ date, amount: negate(amount) })),
    ].toSorted((a, b) => (a.date < b.date ? -1 : 1));
    let next = 0;
    let expected: Amount = zero;
    for (const { date, amount } of days) {
      for (let move = moves[next]; move !== undefined && move.date <= date; move = moves[next]) {
        expected = add(expected, move.amount);
        next += 1;
      }
      if (amount !== expected) return [transitDiffers(ledgerId, date, add(expected, negate(amount)))];
    }
    return [];
  });
}

function movesOf({
  date,
  amount,
  aborted,
}: ExpectedPayout): readonly { readonly date: PlainDate; readonly amount: Amount }[] {
  return [{ date, amount }, ...(aborted === undefined ? [] : [{ date: aborted, amount: negate(amount) }])];
}

function transitDiffers(ledgerId: string, date: PlainDate, difference: Amount): Finding {
  return {
    code: 'proof-transit-differs',
    severity: 'error',
    message: 'the account of payouts in transit is not what is under way: scheduled, less aborted, less arrived',
    where: `ledger ${ledgerId}, ${date}`,
    action: 'look at the payouts and bank lines of this date, and at the findings of their vouchers',
    ledgerId,
    date,
    amount: difference,
  };
}
