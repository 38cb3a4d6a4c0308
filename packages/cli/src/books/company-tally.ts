import { prepareBook, type BookCompany } from '@bilag/core';
import type { Company } from '../config/company.ts';
import { BooksTally } from './books-summary.ts';
import { fiscalYearStart, type Period } from './period.ts';

/** A tally that begins with the company's accounts, their names and what the policy opens with: a book without dates. */
export async function tallyOf(company: Company, period: Period): Promise<BooksTally> {
  const { policy } = company;
  const from = policy.versions[0].from;
  const empty = await prepareBook({
    company: bookCompanyOf(company),
    policy,
    period: { from, to: from },
    dates: () => [],
  });
  return new BooksTally(period, fiscalYearStart(period.from, company.fiscalYearStartMonth), empty.accounts);
}

/** What adapters learn of a company: not where its keys are. */
export function bookCompanyOf({ name, organisationNumber, country, currency }: Company): BookCompany {
  return { name, organisationNumber, country, currency };
}
