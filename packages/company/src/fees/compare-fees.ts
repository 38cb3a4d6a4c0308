import {
  add,
  formatAmount,
  decimalsOf,
  isClosed,
  negate,
  subtract,
  sum,
  zero,
  type Amount,
  type Finding,
  type PlainDate,
} from '@bilag/core';
import type { RecordedInvoice } from '@bilag/engine';
import type { Company } from '../config/company.ts';
import { nothingToBook, type CompanyDates } from '../dates/company-dates.ts';
import type { Period } from '../dates/period.ts';
import { invoicesOf } from '../invoices/company-invoices.ts';
import { demandOf } from '../invoices/told-invoices.ts';
import { MonthOfFees, type LedgerMonth } from './month-of-fees.ts';

/** A kind of fee: what the ledger charged, and what was invoiced of it, with VAT; in minor units, positive for what is owed. */
export interface FeesOfKind {
  readonly kind: string;
  readonly ledger: Amount;
  readonly invoiced: Amount;
  /** Ledger less invoices. */
  readonly difference: Amount;
  /** What the ledger charged, by date. */
  readonly dates: readonly { readonly date: PlainDate; readonly amount: Amount }[];
}

/** What is owed in fees, as the ledger moves it over the month. */
export interface FeesPayable {
  readonly opening: Amount;
  readonly charged: Amount;
  readonly retained: Amount;
  readonly invoiced: Amount;
  readonly closing: Amount;
  /** Where it ends by the invoices; null where the ledger does not tell invoices: fees are taken from the funds, or told beside sales. */
  readonly closingByInvoices: Amount | null;
}

/** A month's fees against what the provider invoiced. */
export interface ComparedFees {
  readonly company: string;
  readonly currency: string;
  readonly month: string;
  readonly ledgers: readonly {
    readonly ledgerId: string;
    readonly kinds: readonly FeesOfKind[];
    readonly payable: FeesPayable;
  }[];
  /** The invoices and credit notes of the month. */
  readonly invoices: readonly RecordedInvoice[];
  readonly findings: readonly Finding[];
  /** Whether every difference is 0.00 and the whole month was read. */
  readonly agrees: boolean;
}

/** Compares a month's fees, by kind, with the invoices that were recorded for it. Nothing is written. */
export async function compareFees(company: Company, dates: CompanyDates, month: Period): Promise<ComparedFees> {
  if (dates.last === undefined) throw nothingToBook(company);
  const name = month.from.slice(0, 7);
  const recorded = await invoicesOf(company);
  const invoices = recorded.filter((invoice) => invoice.month === name);
  const tally = new MonthOfFees(company, month);
  const unread: PlainDate[] = [];
  const findings: Finding[] = [];
  const { from: cutOver } = company.policy.versions[0];
  for await (const date of dates.until(month.to)) {
    tally.take(date);
    if (date.date < month.from || date.date > month.to) continue;
    if (!isClosed(date)) unread.push(date.date);
    findings.push(
      ...(date.findings ?? []).filter(({ severity, code }) => severity === 'error' && code !== 'date-not-fetched'),
    );
  }
  for (const { ledgerId } of invoices) tally.ledgerOf(ledgerId);
  const ledgers = [...tally.ledgers].map(([ledgerId, ledger]) => {
    const own = invoices.filter((invoice) => invoice.ledgerId === ledgerId);
    const earlier = recorded.filter(
      (invoice) => invoice.ledgerId === ledgerId && invoice.month < name && invoice.date >= cutOver,
    );
    return { ledgerId, kinds: kindsOf(ledger, own), payable: payableOf(ledger, own, earlier) };
  });
  findings.push(
    ...notRead(unread, month, { cutOver, last: dates.last }),
    ...[...tally.ledgers].flatMap(([ledgerId, { isRead }]) => (isRead ? [] : [feesNotRead(ledgerId, name)])),
    ...ledgers.flatMap((ledger) => differences(ledger, name, company.currency, invoices)),
  );
  const { id, currency } = company;
  return { company: id, currency, month: name, ledgers, invoices, findings, agrees: findings.length === 0 };
}

function kindsOf({ charged }: LedgerMonth, invoices: readonly RecordedInvoice[]): readonly FeesOfKind[] {
  const kinds = new Set([...charged.keys(), ...invoices.flatMap(({ fees }) => Object.keys(fees))]);
  return [...kinds].toSorted().map((kind) => {
    const dates = [...(charged.get(kind) ?? [])].map(([date, amount]) => ({ date, amount }));
    const lines = invoices.flatMap((invoice) =>
      Object.entries(invoice.fees)
        .filter(([each]) => each === kind)
        .map(([, { net, vat }]) => (invoice.kind === 'credit-note' ? negate(add(net, vat)) : add(net, vat))),
    );
    const [ledger, invoiced] = [sum(dates.map(({ amount }) => amount)), sum(lines)];
    return { kind, ledger, invoiced, difference: subtract(ledger, invoiced), dates };
  });
}

function payableOf(
  ledger: LedgerMonth,
  invoices: readonly RecordedInvoice[],
  earlier: readonly RecordedInvoice[],
): FeesPayable {
  const { retained, tellsInvoices, isRead } = ledger;
  const charged = sum([...ledger.charged.values()].flatMap((days) => [...days.values()]));
  // Beside its sales a ledger tells no invoice: those that were recorded, and are to be paid, are what was invoiced.
  const isByInvoices = isRead && !tellsInvoices;
  const opening = isByInvoices ? subtract(ledger.opening, demanded(earlier)) : ledger.opening;
  const invoiced = isByInvoices ? demanded(invoices) : ledger.invoiced;
  const before = subtract(add(opening, charged), retained);
  // With net settlement the invoice is no demand: the funds paid it.
  const isGross = tellsInvoices && (invoiced !== zero || retained === zero);
  return {
    opening,
    charged,
    retained,
    invoiced,
    closing: subtract(before, invoiced),
    closingByInvoices: isGross ? subtract(before, sum(invoices.map(demandOf))) : null,
  };
}

function demanded(invoices: readonly RecordedInvoice[]): Amount {
  return sum(invoices.filter(({ settlement }) => settlement !== 'net').map(demandOf));
}

function differences(
  { ledgerId, kinds, payable }: ComparedFees['ledgers'][number],
  month: string,
  currency: string,
  invoices: readonly RecordedInvoice[],
): readonly Finding[] {
  const money = (value: Amount): string => formatAmount(value, decimalsOf(currency));
  const numbers = invoices.filter((invoice) => invoice.ledgerId === ledgerId).map(({ number }) => number);
  const against = numbers.length === 0 ? 'no invoice is recorded' : `invoice ${numbers.join(', ')}`;
  const where = `ledger ${ledgerId}, ${month}, ${against}`;
  const found = kinds
    .filter(({ difference }) => difference !== 0)
    .map(({ kind, ledger, invoiced, difference, dates }): Finding => {
      const same = dates.filter(({ amount }) => amount === difference).map(({ date }) => date);
      const place = same.length === 0 ? '' : `; ${same.join(' and ')} has just that`;
      return {
        code: 'fees-differ',
        severity: 'error',
        message: `${kind}: the ledger charged ${money(ledger)} and ${money(invoiced)} was invoiced, a difference of ${money(difference)}${place}`,
        where,
        action: 'look at the invoice and at the dates that --json lists; if the invoice is wrong, ask the provider',
        ledgerId,
        amount: difference,
      };
    });
  const { closing, closingByInvoices } = payable;
  if (closingByInvoices === null || closing === closingByInvoices) return found;
  return [
    ...found,
    {
      code: 'fees-payable-differ',
      severity: 'error',
      message: `fees payable end at ${money(closing)} on the ledger and at ${money(closingByInvoices)} by the invoices`,
      where,
      action: 'look whether an invoice is missing here, or stands on the ledger in another month',
      ledgerId,
      amount: subtract(closing, closingByInvoices),
    },
  ];
}

/** A month of which something is missing agrees with nothing, whatever it comes to. */
function notRead(
  unread: readonly PlainDate[],
  { from, to }: Period,
  { cutOver, last }: { readonly cutOver: PlainDate; readonly last: PlainDate },
): readonly Finding[] {
  const [first] = unread;
  if (first === undefined && cutOver <= from && last >= from) return [];
  const many = `${new Set(unread).size} dates of the month are open or not fetched, the first ${first ?? ''}`;
  const nothing = first === undefined ? `nothing is there after ${last}` : many;
  return [
    {
      code: 'fees-month-not-read',
      severity: 'error',
      message: cutOver > from ? `the books begin on ${cutOver}: what was charged before is not read` : nothing,
      where: `${from} to ${to}`,
      action: 'fetch or import the whole month when it has ended, or compare another month',
      date: first ?? from,
    },
  ];
}

function feesNotRead(ledgerId: string, month: string): Finding {
  return {
    code: 'fees-not-read',
    severity: 'error',
    message: 'only the funds of this ledger are read: which fees were charged is not known',
    where: `ledger ${ledgerId}, ${month}`,
    action: 'let the config read the fees, too',
    ledgerId,
  };
}
