import { add, subtract, sum, zero, type Amount, type Finding, type PlainDate } from '@bilag/core';
import type { Period } from '../dates/period.ts';
import type { FundsKind } from './ledger-book.ts';
import type { ProofLine, ProofRow, ProofTable } from './proof.ts';
import type { TalliedLedger } from './proof-tally.ts';

/** A table, and what is wrong in it. */
export interface CheckedTable {
  readonly table: ProofTable;
  readonly findings: readonly Finding[];
}

const fundsLabels: Readonly<Record<FundsKind, string>> = {
  captures: 'Captures',
  refunds: 'Refunds',
  fees: 'Fees taken',
  disputes: 'Disputes',
  corrections: 'Corrections and credit notes',
  topUps: 'Top-ups',
  other: 'Other entries',
  scheduled: 'Payouts scheduled',
  aborted: 'Payouts aborted',
};

/** What the provider owes the merchant by one ledger, and what the clearing account says. */
export function fundsTable(ledger: TalliedLedger, period: Period): CheckedTable {
  const { ledgerId, funds, balances, provider } = ledger;
  const id = `funds-${ledgerId}`;
  const kinds = Object.keys(fundsLabels) as FundsKind[];
  const movements = kinds.map((kind) => ({ kind, ...funds.movement(kind, vouchersOf(ledger)) }));
  const told = tableOf(
    id,
    funds.opening,
    movements.map(({ kind, ...rest }) => ({ id: kind, label: fundsLabels[kind], ...rest })),
    period,
  );
  const books = add(balances?.funds.books ?? zero, balances?.preBooked ?? zero);
  return {
    table: {
      id,
      about: 'funds',
      title: `What ${provider || 'the provider'} owes, ledger ${ledgerId}`,
      lines: [...told.lines, ...compared(id, told.closing, books, 'The books: the clearing account')],
    },
    findings: [
      ...ledger.unequal.flatMap(({ date, funds: difference }) => unequal(ledger, date, 'clearing account', difference)),
      ...notTold(ledger, 'funds', told.closing, balances?.funds.provider),
    ],
  };
}

/** The vouchers that a date's entries are booked in. */
export function vouchersOf({ vouchers }: TalliedLedger): (date: PlainDate) => readonly string[] {
  return (date) => vouchers.get(date) ?? [];
}

/** A movement of a table, as it is given. */
export interface GivenMovement {
  readonly id: string;
  readonly label: string;
  readonly amount: Amount;
  readonly rows: readonly ProofRow[];
}

/** A movement that is what its rows come to. */
export function movementOf(id: string, label: string, rows: readonly ProofRow[]): GivenMovement {
  return { id, label, rows, amount: sum(rows.map(({ amount }) => amount)) };
}

/** Opening, movements that are something, and what they come to. */
export function tableOf(
  id: string,
  opening: Amount,
  movements: readonly GivenMovement[],
  { from, to }: Period,
): { readonly lines: readonly ProofLine[]; readonly closing: Amount } {
  const closing = sum([opening, ...movements.map(({ amount }) => amount)]);
  const moved = movements.filter(({ amount, rows }) => amount !== 0 || rows.length > 0);
  return {
    closing,
    lines: [
      { id: `${id}-opening`, is: 'opening', label: `Opening, ${from}`, amount: opening, rows: [] },
      ...moved.map((movement): ProofLine => ({ ...movement, id: `${id}-${movement.id}`, is: 'movement' })),
      { id: `${id}-closing`, is: 'closing', label: `Closing, ${to}`, amount: closing, rows: [] },
    ],
  };
}

/** What another book says of a closing, and the difference. */
export function compared(
  id: string,
  closing: Amount,
  other: Amount,
  label: string,
  rows: readonly ProofRow[] = [],
): readonly ProofLine[] {
  return [
    { id: `${id}-compared`, is: 'compared', label, amount: other, rows },
    { id: `${id}-difference`, is: 'difference', label: 'Difference', amount: subtract(closing, other), rows: [] },
  ];
}

/** A date of the period at whose end a book is not what the provider says. */
export function unequal(
  ledger: TalliedLedger,
  date: PlainDate,
  account: string,
  difference: Amount,
): readonly Finding[] {
  if (difference === 0) return [];
  const { ledgerId, vouchers, brokeTheLaw, lastDate } = ledger;
  // Grouped by payout: what no payout has ended yet is in no voucher, and matters where the period ends.
  if (!brokeTheLaw && date !== lastDate) return [];
  return [
    {
      code: 'proof-books-differ',
      severity: 'error',
      message: brokeTheLaw
        ? `the ${account} differs from the provider`
        : `the ${account} differs from the provider: the entries since the last payout are not booked before the next`,
      where: `ledger ${ledgerId}, ${date}`,
      action: brokeTheLaw ? 'look at the entries and vouchers of this date' : 'end the period with a payout or a month',
      ledgerId,
      date,
      amount: difference,
      vouchers: vouchers.get(date) ?? [],
    },
  ];
}

/** The entries come to another balance than the one that was booked by: an entry was lost or counted twice on the way. */
export function notTold(
  { ledgerId }: TalliedLedger,
  account: string,
  closing: Amount,
  told: Amount = closing,
): readonly Finding[] {
  if (closing === told) return [];
  return [
    {
      code: 'proof-entries-differ',
      severity: 'error',
      message: `the entries of ${account} do not come to the balance that the books were made by`,
      where: `ledger ${ledgerId}`,
      action: 'look at the findings of its dates, and fetch them again',
      ledgerId,
      amount: subtract(closing, told),
    },
  ];
}
