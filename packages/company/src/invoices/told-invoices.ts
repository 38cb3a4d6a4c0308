import { addDays, lastDayOfMonth, negate, plainDate, type Amount, type PlainDate } from '@bilag/core';
import type { RecordedInvoice } from '@bilag/engine';
import type { ToldInvoice } from './fee-ways.ts';

/** What an invoice demands, and what a credit note gives back: with its sign. */
export function demandOf({ kind, total }: Pick<RecordedInvoice, 'kind' | 'total'>): Amount {
  return kind === 'credit-note' ? negate(total) : total;
}

/**
 * Which invoices the ledger itself tells: the same ledger and amount, from the first day of the invoice's month to
 * 20 days after its last, and an invoice not more than 20 days before its date. Each is one; of several the nearest dates belong together. Pure.
 */
export function toldInvoices(
  invoices: readonly RecordedInvoice[],
  told: readonly ToldInvoice[],
): ReadonlyMap<RecordedInvoice, ToldInvoice> {
  const pairs = invoices.flatMap((invoice) =>
    told
      .filter((each) => mayBe(invoice, each))
      .map((each) => ({ invoice, each, days: Math.abs(daysBetween(invoice.date, each.date)) })),
  );
  const found = new Map<RecordedInvoice, ToldInvoice>();
  const taken = new Set<ToldInvoice>();
  for (const { invoice, each } of pairs.toSorted((a, b) => a.days - b.days)) {
    if (found.has(invoice) || taken.has(each)) continue;
    found.set(invoice, each);
    taken.add(each);
  }
  return found;
}

/** How long after its month an invoice is told: later the next month's may come. */
export const mostDaysLate = 20;

function mayBe(invoice: RecordedInvoice, { ledgerId, date, amount }: ToldInvoice): boolean {
  const first = plainDate(`${invoice.month}-01`);
  // An invoice is told when it is sent, a credit note at any time of its month.
  const from = invoice.kind === 'invoice' ? addDays(invoice.date, -mostDaysLate) : first;
  const isInTime = date >= first && date >= from && date <= addDays(lastDayOfMonth(first), mostDaysLate);
  return isInTime && ledgerId === invoice.ledgerId && amount === demandOf(invoice);
}

function daysBetween(a: PlainDate, b: PlainDate): number {
  return (Date.parse(b) - Date.parse(a)) / 86_400_000;
}
