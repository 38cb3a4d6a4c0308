import {
  addDays,
  formatAmount,
  lastDayOfMonth,
  negate,
  plainDate,
  subtract,
  sum,
  type Finding,
  type PlainDate,
} from '@bilag/core';
import type { RecordedInvoice } from '@bilag/engine';
import type { Period } from '../dates/period.ts';
import type { ToldInvoice } from '../invoices/fee-ways.ts';
import { demandOf, mostDaysLate, toldInvoices } from '../invoices/told-invoices.ts';
import type { ProofRow } from './proof.ts';
import type { TalliedLedger } from './proof-tally.ts';

/** What a ledger tells of invoices in a period, beside those that were recorded. */
export interface InvoicesTold {
  /** How many recorded invoices have to do with the period. */
  readonly count: number;
  /** The invoices behind the entries of a date. */
  readonly namesOn: ReadonlyMap<PlainDate, string>;
  /** What the ledger tells and an invoice says otherwise: ledger less invoice. */
  readonly rows: readonly ProofRow[];
  readonly findings: readonly Finding[];
}

/**
 * Holds what the fees account tells of invoices against those that were recorded, month by month. A month of which nothing was
 * recorded is not judged, nor an invoice that may still be told, nor one of fees that the funds have paid.
 */
export function invoicesTold(
  { ledgerId, way }: Pick<TalliedLedger, 'ledgerId' | 'way'>,
  { from, to }: Period,
  recorded: readonly RecordedInvoice[],
): InvoicesTold {
  const told = (way?.told ?? []).filter(({ date }) => date <= to);
  const own = recorded.filter((invoice) => invoice.ledgerId === ledgerId);
  const pairs = toldInvoices(own, told);
  const matched = new Set(pairs.values());
  const namesOn = Map.groupBy(pairs, ([, { date }]) => date);
  const isOfPeriod = (month: string): boolean => month >= from.slice(0, 7) && month <= to.slice(0, 7);
  const left = own.filter((invoice) => !pairs.has(invoice) && isOfPeriod(invoice.month));
  const inside = told.filter(({ date }) => date >= from);
  const strays = inside.filter(
    (each) => !matched.has(each) && own.some(({ month }) => month === each.date.slice(0, 7)),
  );
  const isJudged = (invoice: RecordedInvoice): boolean =>
    strays.some(({ date }) => date.startsWith(invoice.month)) ||
    (invoice.settlement !== 'net' &&
      way?.paidByFunds.has(invoice.month) !== true &&
      addDays(lastDayOfMonth(plainDate(`${invoice.month}-01`)), mostDaysLate) <= to);
  const judged = left.filter(isJudged);
  const months = [...new Set([...judged.map(({ month }) => month), ...strays.map(({ date }) => date.slice(0, 7))])];
  return {
    count: [...pairs.values()].filter(({ date }) => date >= from).length + judged.length,
    namesOn: new Map([...namesOn].map(([date, each]) => [date, each.map(([invoice]) => nameOf(invoice)).join(', ')])),
    rows: [
      ...strays.map(({ date, amount }): ProofRow => ({
        date,
        text: 'the ledger tells it, and no invoice does',
        amount,
      })),
      ...judged.map((invoice): ProofRow => ({
        date: invoice.date,
        text: nameOf(invoice),
        amount: negate(demandOf(invoice)),
      })),
    ],
    findings: months.toSorted().map((month) =>
      differs(ledgerId, month, {
        told: strays.filter(({ date }) => date.startsWith(month)),
        invoices: judged.filter((invoice) => invoice.month === month),
      }),
    ),
  };
}

/** `invoice F-1042`. */
function nameOf({ kind, number }: RecordedInvoice): string {
  return `${kind === 'invoice' ? 'invoice' : 'credit note'} ${number}`;
}

function differs(
  ledgerId: string,
  month: string,
  { told, invoices }: { readonly told: readonly ToldInvoice[]; readonly invoices: readonly RecordedInvoice[] },
): Finding {
  const [first] = told;
  const on = told.map(({ date, amount }) => `${formatAmount(amount)} on ${date}`).join(' and ');
  const by = invoices.map((invoice) => `${nameOf(invoice)} says ${formatAmount(demandOf(invoice))}`).join(' and ');
  const date = first?.date ?? invoices[0]?.date;
  return {
    code: 'proof-invoices-differ',
    severity: 'error',
    message: `the fees account tells ${on === '' ? 'no invoice of it' : on}, and ${by === '' ? 'no record is left for it' : by}`,
    where: `ledger ${ledgerId}, ${month}`,
    action: `look at the invoices of the month: bilag fees --period ${month}; record what is missing, and take back what is wrong`,
    ledgerId,
    amount: subtract(sum(told.map(({ amount }) => amount)), sum(invoices.map(demandOf))),
    ...(date === undefined ? {} : { date }),
  };
}
