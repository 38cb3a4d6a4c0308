import { add, formatAmount, subtract, sum, zero, type Amount, type Finding, type PlainDate } from '@bilag/core';
import type { RecordedInvoice } from '@bilag/engine';
import type { Period } from '../dates/period.ts';
import type { FeesKind } from './ledger-book.ts';
import {
  compared,
  movementOf,
  notTold,
  tableOf,
  unequal,
  vouchersOf,
  type CheckedTable,
  type GivenMovement,
} from './ledger-tables.ts';
import { invoicesTold, type InvoicesTold } from './told-by-ledger.ts';
import type { ProofRow } from './proof.ts';
import type { TalliedLedger } from './proof-tally.ts';

const labels: Readonly<Record<FeesKind, string>> = {
  charged: 'Fees charged',
  retained: 'Taken from the funds',
  invoiced: 'Invoiced',
  corrected: 'Corrections and credit notes',
};

/** What the merchant owes the provider in fees; undefined where no account of them is kept in the books. */
export function feesTable(
  ledger: TalliedLedger,
  period: Period,
  invoices: readonly RecordedInvoice[],
): CheckedTable | undefined {
  if (ledger.balances?.fees !== undefined) return toldTable(ledger, period, invoices);
  const isKept = ledger.isAccrued && (ledger.feesBooked !== zero || ledger.documents.length > 0);
  return isKept ? accruedTable(ledger, period) : undefined;
}

/** The provider tells what was invoiced: what was recorded is held against that. */
function toldTable(
  ledger: TalliedLedger,
  period: Period,
  invoices: readonly RecordedInvoice[],
): CheckedTable | undefined {
  const { ledgerId, balances } = ledger;
  if (balances?.fees === undefined) return undefined;
  const id = `fees-${ledgerId}`;
  const told = invoicesTold(ledger, period, invoices);
  const entries = tableOf(
    id,
    ledger.fees.opening,
    movementsOf(ledger, (date) => told.namesOn.get(date)),
    period,
  );
  const books = add(balances.fees.books, balances.feesAwaited ?? zero);
  return {
    table: {
      ...about(ledger),
      lines: [
        ...entries.lines,
        ...compared(id, entries.closing, books, 'The books: fees payable'),
        ...byInvoices(id, entries.closing, told),
      ],
    },
    findings: [
      ...ledger.unequal.flatMap(({ date, fees: difference }) => unequal(ledger, date, 'fees payable', difference)),
      ...notTold(ledger, 'fees', entries.closing, balances.fees.provider),
      ...told.findings,
    ],
  };
}

/** Where the invoices say that it ends; nothing where none was recorded. */
function byInvoices(id: string, closing: Amount, told: InvoicesTold): CheckedTable['table']['lines'] {
  if (told.count === 0) return [];
  const rows = told.rows;
  const ends = subtract(closing, sum(rows.map(({ amount }) => amount)));
  return compared(`${id}-invoices`, closing, ends, 'The invoices: fees payable', rows);
}

/** Fees stand beside sales, and the invoices that were recorded settle them. */
function accruedTable(ledger: TalliedLedger, period: Period): CheckedTable {
  const { ledgerId, fees, documents, feesBooked, vouchers } = ledger;
  const id = `fees-${ledgerId}`;
  const isIn = ({ date }: { readonly date: PlainDate }): boolean => date >= period.from;
  const before = sum(documents.filter((document) => !isIn(document)).map(({ amount }) => amount));
  const rows = documents.filter(isIn).map(({ date, amount, number, voucher }): ProofRow => ({
    date,
    text: `invoice ${number ?? ''}`,
    amount,
    vouchers: voucher === undefined ? [] : [voucher],
  }));
  const movements = movementsOf(ledger, () => undefined).filter((movement) => movement.id !== 'invoiced');
  const invoiced = movementOf('invoiced', labels.invoiced, rows);
  const { lines, closing } = tableOf(id, add(fees.opening, before), [...movements, invoiced], period);
  const difference = subtract(closing, feesBooked);
  const findings: readonly Finding[] =
    difference === 0
      ? []
      : [
          {
            code: 'proof-books-differ',
            severity: 'error',
            message: `fees payable differs from the fees and invoices of the ledger by ${formatAmount(difference)}`,
            where: `ledger ${ledgerId}, ${period.from} to ${period.to}`,
            action: 'look at the findings of its dates; end the period with a payout or a month',
            ledgerId,
            amount: difference,
            vouchers: [...vouchers.values()].flat().slice(-1),
          },
        ];
  const table = {
    ...about(ledger),
    lines: [...lines, ...compared(id, closing, feesBooked, 'The books: fees payable')],
  };
  return { table, findings };
}

function about({ ledgerId, provider }: TalliedLedger): Pick<CheckedTable['table'], 'id' | 'about' | 'title'> {
  return {
    id: `fees-${ledgerId}`,
    about: 'fees',
    title: `Fees owed to ${provider || 'the provider'}, ledger ${ledgerId}`,
  };
}

function movementsOf(
  ledger: TalliedLedger,
  invoicesOn: (date: PlainDate) => string | undefined,
): readonly GivenMovement[] {
  const kinds = Object.keys(labels) as FeesKind[];
  return kinds.map((kind) => {
    const { amount, rows } = ledger.fees.movement(kind, vouchersOf(ledger));
    const isOfInvoices = kind === 'invoiced' || kind === 'corrected';
    const named = isOfInvoices ? rows.map((row) => ({ ...row, text: invoicesOn(row.date) ?? row.text })) : rows;
    return { id: kind, label: labels[kind], amount, rows: named };
  });
}
