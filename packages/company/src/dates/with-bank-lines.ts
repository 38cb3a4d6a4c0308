import { weaveFacts, type Finding, type LedgerDate, type PlainDate } from '@bilag/core';
import { readCompanyBank, type CompanyBank } from '../bank/company-bank.ts';
import type { Company } from '../config/company.ts';
import type { OpenDates } from './company-dates.ts';

/** A company's dates as its ledgers tell them, before its bank is heard. */
export interface LedgerDates extends Omit<OpenDates, 'bank'> {
  /** The sales units of a ledger, as far as its source told them. */
  readonly handlesOf: (ledgerId: string) => readonly string[];
  /** Whether a ledger was read as far as a date: what the bank has later waits until it is. */
  readonly isRead: (ledgerId: string, date: PlainDate) => boolean;
}

/**
 * Weaves the bank lines that are matched into the dates of their ledgers. The bank is read when dates are asked for first, and only
 * where it has delivered something.
 */
export function withBankLines(company: Company, ledgers: LedgerDates): OpenDates {
  const { last, handlesOf, isRead } = ledgers;
  const cutOver = company.policy.versions[0].from;
  let reading: Promise<CompanyBank | undefined> | undefined;
  const bank = async (): Promise<CompanyBank | undefined> => {
    reading ??=
      last === undefined
        ? Promise.resolve(undefined)
        : readCompanyBank(company, { dates: () => ledgers.until(last), handlesOf });
    return reading;
  };
  return {
    ...ledgers,
    bank,
    until: async function* until(to) {
      const { facts = [], findings = [] } = (await bank()) ?? {};
      const bankLines = facts.filter(({ ledgerId, date }) => date >= cutOver && date <= to && isRead(ledgerId, date));
      const dates = bankLines.length === 0 ? ledgers.until(to) : weaveFacts(ledgers.until(to), { bankLines });
      const waiting = Map.groupBy(
        findings.filter(({ ledgerId, severity }) => ledgerId !== undefined && severity !== 'info'),
        ({ ledgerId, date }) => `${ledgerId} ${date}`,
      );
      for await (const date of dates) yield withFindings(date, waiting.get(`${date.ledgerId} ${date.date}`) ?? []);
    },
  };
}

/** What waits at the bank is told with its date, and keeps nothing of the date from being delivered. */
function withFindings(date: LedgerDate, waiting: readonly Finding[]): LedgerDate {
  if (waiting.length === 0) return date;
  const told = waiting.map((finding): Finding => ({ ...finding, severity: 'warning' }));
  return { ...date, findings: [...(date.findings ?? []), ...told] };
}
