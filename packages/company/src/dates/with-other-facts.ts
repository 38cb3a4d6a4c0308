import {
  addDays,
  named,
  weaveFacts,
  type BankLine,
  type Finding,
  type LedgerDate,
  type PlainDate,
  type ProviderDocument,
} from '@bilag/core';
import { readCompanyBank, type CompanyBank } from '../bank/company-bank.ts';
import type { Company } from '../config/company.ts';
import { invoicesOf } from '../invoices/company-invoices.ts';
import { FeeWays, watched } from '../invoices/fee-ways.ts';
import { invoiceDocuments, type InvoiceDocuments } from '../invoices/invoice-documents.ts';
import { withRecordIfAny } from '../stores.ts';
import type { OpenDates } from './company-dates.ts';

/** A company's dates as its ledgers tell them, before its bank is heard and its invoices are read. */
export interface LedgerDates extends Omit<OpenDates, 'bank'> {
  /** The sales units of a ledger, as far as its source told them. */
  readonly handlesOf: (ledgerId: string) => readonly string[];
  /** Whether a ledger was read as far as a date: what is there later waits until it is. */
  readonly isRead: (ledgerId: string, date: PlainDate) => boolean;
}

/** What does not come with the ledgers. */
interface Others extends InvoiceDocuments {
  readonly bank: CompanyBank | undefined;
}

/**
 * Weaves the bank lines that are matched, and the provider's invoices that are to be paid, into the dates of their ledgers. They are
 * read when dates are asked for first, and only where there are any.
 */
export async function withOtherFacts(company: Company, ledgers: LedgerDates): Promise<OpenDates> {
  const { isRead, checkpoints } = ledgers;
  const cutOver = company.policy.versions[0].from;
  let reading: Promise<Others> | undefined;
  const others = async (): Promise<Others> => {
    reading ??= isOnlyLedgers ? Promise.resolve(nothingElse) : readOthers(company, ledgers);
    return reading;
  };
  const dueBy = async (to: PlainDate): Promise<Due> => {
    const { bank, documents, findings } = await others();
    const isDue = ({ ledgerId, date }: { readonly ledgerId: string; readonly date: PlainDate }): boolean =>
      date >= cutOver && date <= to && isRead(ledgerId, date);
    return {
      bankLines: (bank?.facts ?? []).filter(isDue),
      documents: documents.filter(isDue),
      atBank: waitingAtBank(bank?.findings ?? []),
      ofInvoices: findings.filter(isOfLedger).filter(isDue),
    };
  };
  const isOnlyLedgers = !(await hasOtherFacts(company));
  return {
    ...ledgers,
    bank: async () => (await others()).bank,
    checkpoints: isOnlyLedgers ? checkpoints : withOthers(company, checkpoints, dueBy),
    until: async function* until(to, after) {
      const { atBank, ofInvoices, ...facts } = await dueBy(to);
      // A day that no ledger has is read like the date before it, which may be the one that the books have come to.
      const before = isOnlyLedgers || after === undefined ? after : addDays(after, -1);
      const dates = withFindings(weaveFacts(ledgers.until(to, before), facts), atBank, ofInvoices);
      for await (const date of dates) if (after === undefined || date.date > after) yield date;
    },
  };
}

/** What is woven in, or told with a date. */
interface Due {
  readonly bankLines: readonly BankLine[];
  readonly documents: readonly ProviderDocument[];
  readonly atBank: readonly OfLedger[];
  readonly ofInvoices: readonly OfLedger[];
}

/**
 * Books go on where nothing of the bank or of an invoice that belongs to an earlier date has come or gone since. What is dated after the
 * end of a ledger would have to be read like its last date, which is not read again.
 */
function withOthers(
  { source }: Company,
  checkpoints: LedgerDates['checkpoints'],
  dueBy: (to: PlainDate) => Promise<Due>,
): LedgerDates['checkpoints'] {
  if (checkpoints === undefined || Object.keys(source.ended ?? {}).length > 0) return undefined;
  return {
    ...checkpoints,
    madeOf: async (through) => {
      const { atBank, ...due } = await dueBy(through);
      const told = atBank.filter(({ date }) => date <= through);
      return JSON.stringify([await checkpoints.madeOf(through), due, told]);
    },
  };
}

/** Whether the bank ever delivered anything, or an invoice was ever recorded. */
async function hasOtherFacts(company: Company): Promise<boolean> {
  const { stores } = company;
  const none = { create: false };
  return (
    (await withRecordIfAny(stores.openBank(company, none), isThere)) ??
    (await withRecordIfAny(stores.openInvoices(company, none), isThere)) ??
    false
  );
}

async function isThere(): Promise<true> {
  return true;
}

const nothingElse: Others = { bank: undefined, documents: [], findings: [] };

/** One reading of the ledgers tells the bank its payouts and the invoices how fees are settled. */
async function readOthers(company: Company, { until, last, handlesOf }: LedgerDates): Promise<Others> {
  if (last === undefined) return nothingElse;
  const invoices = await invoicesOf(company);
  const ways = new FeeWays();
  let isWatched = false;
  const dates = (): AsyncIterable<LedgerDate> => {
    isWatched = true;
    return invoices.length === 0 ? until(last) : watched(until(last), ways);
  };
  const bank = await readCompanyBank(company, { dates, handlesOf });
  if (!isWatched && invoices.length > 0) for await (const date of until(last)) ways.take(date);
  return { bank, ...invoiceDocuments(invoices, ways, (ledgerId) => named(company.feeSettlement, ledgerId)) };
}

type OfLedger = Finding & Required<Pick<Finding, 'ledgerId' | 'date'>>;

function isOfLedger(finding: Finding): finding is OfLedger {
  return finding.ledgerId !== undefined && finding.date !== undefined;
}

/** What waits at the bank is told with its date, and keeps nothing of the date from being delivered. */
function waitingAtBank(findings: readonly Finding[]): readonly OfLedger[] {
  return findings
    .filter(isOfLedger)
    .filter(({ severity }) => severity !== 'info')
    .map((finding) => ({ ...finding, severity: 'warning' }));
}

/** What waits at the bank is told with its date; what is wrong with an invoice with the first date that is not before it. */
async function* withFindings(
  dates: AsyncIterable<LedgerDate>,
  atBank: readonly OfLedger[],
  ofInvoices: readonly OfLedger[],
): AsyncGenerator<LedgerDate, void, undefined> {
  const waiting = Map.groupBy(atBank, ({ ledgerId, date }) => `${ledgerId} ${date}`);
  const left = new Set(ofInvoices);
  for await (const date of dates) {
    const due = [...left].filter((finding) => finding.ledgerId === date.ledgerId && finding.date <= date.date);
    for (const finding of due) left.delete(finding);
    const told = [...(waiting.get(`${date.ledgerId} ${date.date}`) ?? []), ...due];
    yield told.length === 0 ? date : { ...date, findings: [...(date.findings ?? []), ...told] };
  }
}
