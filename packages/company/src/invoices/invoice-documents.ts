import { lastDayOfMonth, negate, plainDate, type Finding, type ProviderDocument } from '@bilag/core';
import type { RecordedInvoice, Settlement } from '@bilag/engine';
import { readingOn, type FeeWay, type FeeWays } from './fee-ways.ts';
import { demandOf, toldInvoices } from './told-invoices.ts';

/** What recorded invoices are in the books, and which of them nobody can book. */
export interface InvoiceDocuments {
  readonly documents: readonly ProviderDocument[];
  readonly findings: readonly Finding[];
}

/**
 * Makes facts of invoices: of those that are to be paid, and that the ledger does not tell itself. One that the payouts were less by is
 * a statement, and booking it would double the cost; one of which nobody says which it is, or of which the ledger says otherwise, is
 * refused with a finding. Pure.
 */
export function invoiceDocuments(
  invoices: readonly RecordedInvoice[],
  ways: FeeWays,
  settlementOf: (ledgerId: string) => Settlement | undefined,
): InvoiceDocuments {
  const documents: ProviderDocument[] = [];
  const findings: Finding[] = [];
  const told = toldInvoices(
    invoices,
    [...new Set(invoices.map(({ ledgerId }) => ledgerId))].flatMap((ledgerId) => ways.of(ledgerId)?.told ?? []),
  );
  for (const invoice of invoices) {
    const way = ways.of(invoice.ledgerId);
    if (way === undefined) continue;
    if (readingOn(way, invoice.date) === 'own-account') {
      // The fees account books it: of this fact core makes nothing, and says so.
      documents.push(documentOf(invoice));
      continue;
    }
    if (told.has(invoice)) continue;
    const settlement = invoice.settlement ?? settlementOf(invoice.ledgerId) ?? toldByRows(way, invoice);
    const wrong = settlement === undefined ? notKnown(invoice) : contradiction(invoice, settlement, way);
    if (wrong !== undefined) findings.push(wrong);
    if (settlement === 'gross' && wrong === undefined) documents.push(documentOf(invoice));
  }
  return { documents, findings };
}

/**
 * The identity of an invoice in the books: what it says. Recorded anew as it was, it is the same document; with another amount it is
 * another, and what was posted of the first has to be undone.
 */
export function invoiceFactId(invoice: RecordedInvoice): string {
  const { ledgerId, number, date, vat } = invoice;
  return `invoice/${ledgerId}/${number.toUpperCase()}/${date}/${demandOf(invoice)}/${vat}`;
}

function documentOf(invoice: RecordedInvoice): ProviderDocument {
  const { kind, ledgerId, date, vat, currency, number } = invoice;
  return {
    id: invoiceFactId(invoice),
    kind: 'fee-invoice',
    ledgerId,
    date,
    amount: demandOf(invoice),
    vatAmount: kind === 'credit-note' ? negate(vat) : vat,
    currency,
    number,
  };
}

/** What the rows of the month say: fees that funds have paid, or that stand beside sales as owed. */
function toldByRows({ paidByFunds, accrued }: FeeWay, { month }: RecordedInvoice): Settlement | undefined {
  if (paidByFunds.has(month)) return 'net';
  return accrued.has(month) ? 'gross' : undefined;
}

function contradiction(invoice: RecordedInvoice, settlement: Settlement, way: FeeWay): Finding | undefined {
  const { month, date, total } = invoice;
  if (settlement === 'gross') {
    return way.paidByFunds.has(month)
      ? differs(invoice, 'error', 'it is to be paid, and the funds have paid fees of its month already')
      : undefined;
  }
  if (way.accrued.has(month))
    return differs(
      invoice,
      'error',
      'it is a statement of fees that were withheld, and the ledger has those of its month as owed',
    );
  const isWhole = way.last >= lastDayOfMonth(plainDate(`${month}-01`));
  const wasWithheld = [month, date.slice(0, 7)].some((each) => way.paidByFunds.has(each));
  return total === 0 || !isWhole || wasWithheld
    ? undefined
    : differs(
        invoice,
        'warning',
        'it is a statement of fees that were withheld, and the funds have paid none in its month',
      );
}

function differs(invoice: RecordedInvoice, severity: Finding['severity'], message: string): Finding {
  return {
    ...about(invoice),
    code: 'invoice-settlement-differs',
    severity,
    message: `${nameOf(invoice)}: ${message}; it is not booked`,
    action: `see how the fees are settled; if the record is wrong, take it back (bilag fees invoice --take-back ${invoice.record}) and record it anew`,
  };
}

function notKnown(invoice: RecordedInvoice): Finding {
  return {
    ...about(invoice),
    code: 'invoice-settlement-unknown',
    severity: 'error',
    message: `${nameOf(invoice)}: nobody says whether it is to be paid, or was withheld from payouts; it is not booked`,
    action: `write feeSettlement in the config: { "${invoice.ledgerId}": "gross" } where invoices are paid, "net" where fees are withheld`,
  };
}

function nameOf({ kind, number }: RecordedInvoice): string {
  return `${kind === 'invoice' ? 'invoice' : 'credit note'} ${number}`;
}

function about(invoice: RecordedInvoice): Pick<Finding, 'where' | 'ledgerId' | 'date' | 'amount' | 'references'> {
  const { ledgerId, date, number } = invoice;
  return { where: `ledger ${ledgerId}, ${date}`, ledgerId, date, amount: demandOf(invoice), references: [number] };
}
