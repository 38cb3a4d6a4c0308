import { named, weaveFacts, type Finding, type LedgerDate, type PlainDate } from '@bilag/core';
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
  const isOnlyLedgers = !(await hasOtherFacts(company));
  const { isRead } = ledgers;
  const cutOver = company.policy.versions[0].from;
  let reading: Promise<Others> | undefined;
  const others = async (): Promise<Others> => {
    reading ??= isOnlyLedgers ? Promise.resolve(nothingElse) : readOthers(company, ledgers);
    return reading;
  };
  return {
    ...ledgers,
    bank: async () => (await others()).bank,
    // What comes of either later may belong to an earlier date.
    checkpoints: isOnlyLedgers ? ledgers.checkpoints : undefined,
    until: async function* until(to, after) {
      const { bank, ...invoices } = await others();
      const isDue = ({ ledgerId, date }: { readonly ledgerId: string; readonly date: PlainDate }): boolean =>
        date >= cutOver && date <= to && isRead(ledgerId, date);
      const bankLines = (bank?.facts ?? []).filter(isDue);
      const documents = invoices.documents.filter(isDue);
      const isAlone = bankLines.length === 0 && documents.length === 0;
      const dates = isAlone ? ledgers.until(to, after) : weaveFacts(ledgers.until(to), { bankLines, documents });
      yield* withFindings(
        dates,
        waitingAtBank(bank?.findings ?? []),
        invoices.findings.filter(isOfLedger).filter(isDue),
      );
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
