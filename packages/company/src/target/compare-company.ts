import { BilagError, type CompanyInfo, type Finding } from '@bilag/core';
import type { Company } from '../config/company.ts';

/** Throws `conflict` for the books of another: one merchant's vouchers in another's books would be the worst mix-up there is. */
export function compareCompany(
  company: Pick<Company, 'id' | 'organisationNumber' | 'currency'>,
  identity: CompanyInfo,
  title: string,
): readonly Finding[] {
  const where = `company ${company.id}`;
  const theirs = identity.organisationNumber.replaceAll(/\D/g, '');
  if (theirs !== '' && theirs !== company.organisationNumber) {
    throw new BilagError('conflict', {
      what: `the keys open the company with organisation number ${theirs} in ${title}, and the config says ${company.organisationNumber}`,
      where,
      action: 'use the keys of this company, or mend organisationNumber; nothing was pinned and nothing was sent',
    });
  }
  if (identity.currency !== company.currency) {
    throw new BilagError('conflict', {
      what: `the books in ${title} are in ${identity.currency}, and the config says ${company.currency}`,
      where,
      action: 'use a target in the currency of the ledgers; nothing was pinned and nothing was sent',
    });
  }
  if (theirs !== '') return [];
  return [
    {
      code: 'organisation-unknown',
      severity: 'warning',
      message: `${title} does not tell the organisation number of its company`,
      where,
      action: `see that "${identity.name}" is the right one`,
    },
  ];
}
