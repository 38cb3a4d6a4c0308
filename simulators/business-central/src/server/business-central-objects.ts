import { exactNumber, formatAmount, negate, zero } from '@bilag/core';
import type { BusinessCentralCompany } from '../books/business-central-company.ts';
import type { HeldAttachment, HeldEntry, HeldLine, HeldPeriod } from '../books/held.ts';
import type { BusinessCentralAccountOptions, BusinessCentralVatGroupOptions } from '../business-central-options.ts';
import type { Listing } from './odata-lists.ts';

const none = '0001-01-01';
const etag = { '@odata.etag': 'W/"JzE5OzEwMDAwMDAwMDAwMDAwMDAwMDAxOzAwOyc="' };

export function companies(all: readonly BusinessCentralCompany[]): Listing<BusinessCentralCompany> {
  return {
    rows: all,
    type: 'company',
    properties: { id: ({ id }) => id, name: ({ options }) => options.name },
    shown: ({ id, options: { name } }) => ({
      id,
      name,
      displayName: name,
      systemVersion: '27.0.0.0',
      businessProfileId: '',
    }),
  };
}

export function companyInformation(company: BusinessCentralCompany): Listing<BusinessCentralCompany> {
  return {
    rows: [company],
    type: 'companyInformation',
    properties: {},
    shown: ({ id, options }) => ({
      ...etag,
      id,
      displayName: options.name,
      country: options.country ?? 'NO',
      taxRegistrationNumber: `${options.organisationNumber ?? ''}${(options.country ?? 'NO') === 'NO' ? 'MVA' : ''}`,
      currencyCode: options.currency ?? 'NOK',
      phoneNumber: '',
      email: '',
    }),
  };
}

export function generalLedgerSetup(company: BusinessCentralCompany): Listing<BusinessCentralCompany> {
  return {
    rows: [company],
    type: 'generalLedgerSetup',
    properties: {},
    shown: ({ id, allowPostingFrom = none, allowPostingTo = none, options }) => ({
      ...etag,
      id,
      allowPostingFrom,
      allowPostingTo,
      additionalReportingCurrency: '',
      localCurrencyCode: options.currency ?? 'NOK',
      localCurrencySymbol: 'kr',
    }),
  };
}

export function accountingPeriods({ periods }: BusinessCentralCompany): Listing<HeldPeriod> {
  return {
    rows: periods,
    type: 'accountingPeriod',
    properties: { startingDate: ({ startingDate }) => startingDate, closed: ({ isClosed }) => String(isClosed) },
    shown: ({ startingDate, isNewYear, isClosed }) => ({
      ...etag,
      startingDate,
      name: '',
      newFiscalYear: isNewYear,
      closed: isClosed,
      dateLocked: isClosed,
    }),
  };
}

export function accounts(company: BusinessCentralCompany): Listing<BusinessCentralAccountOptions> {
  return {
    rows: [...company.accounts.values()],
    type: 'account',
    properties: { number: ({ number }) => number, displayName: ({ name }) => name },
    shown: ({ number, name, isHeading, isBlocked, withoutDirectPosting }) => ({
      ...etag,
      number,
      displayName: name,
      category: '_x0020_',
      subCategory: '',
      blocked: isBlocked === true,
      accountType: isHeading === true ? 'Heading' : 'Posting',
      directPosting: withoutDirectPosting !== true && isHeading !== true,
      netChange: 0,
    }),
  };
}

export function taxGroups({ vatGroups }: BusinessCentralCompany): Listing<BusinessCentralVatGroupOptions> {
  return {
    rows: [...vatGroups.values()],
    type: 'taxGroup',
    properties: { code: ({ code }) => code },
    // No rate and no account: those are in the VAT posting setup, which the API does not have.
    shown: ({ code, name }) => ({ ...etag, code, displayName: name, taxType: 'VAT' }),
  };
}

export function dimensions(company: BusinessCentralCompany): Listing<[string, Readonly<Record<string, string>>]> {
  return {
    rows: Object.entries(company.dimensions),
    type: 'dimension',
    properties: { code: ([code]) => code },
    shown: ([code]) => ({ code, displayName: code }),
    expanded: {
      dimensionValues: ([, values]) => Object.entries(values).map(([code, displayName]) => ({ code, displayName })),
    },
  };
}

export function journals(company: BusinessCentralCompany): Listing<BusinessCentralCompany['journals'][number]> {
  return {
    rows: company.journals,
    type: 'journal',
    properties: { id: ({ id }) => id, code: ({ code }) => code, displayName: ({ name = '' }) => name },
    shown: ({ id, code, name = '', balancingAccount = '' }) => ({
      ...etag,
      id,
      code,
      displayName: name,
      templateDisplayName: 'GENERAL',
      balancingAccountNumber: balancingAccount,
    }),
  };
}

export function journalLines(rows: readonly HeldLine[]): Listing<HeldLine> {
  return {
    rows,
    type: 'journalLine',
    properties: {
      lineNumber: ({ lineNumber }) => lineNumber,
      accountNumber: ({ account }) => account,
      postingDate: ({ postingDate }) => postingDate,
      documentNumber: ({ documentNumber }) => documentNumber,
      externalDocumentNumber: ({ externalDocumentNumber }) => externalDocumentNumber,
      description: ({ description }) => description,
    },
    shown: lineObject,
    expanded: { dimensionSetLines: ({ dimensions: own }) => dimensionObjects(own) },
  };
}

export function lineObject(line: HeldLine): object {
  const { id, journal, lineNumber, account, postingDate, documentNumber, externalDocumentNumber, amount } = line;
  const { description, comment, taxCode, balancingAccount } = line;
  return {
    ...etag,
    id,
    journalId: journal,
    lineNumber,
    accountType: 'G_x002F_L_x0020_Account',
    accountNumber: account,
    postingDate,
    documentNumber,
    externalDocumentNumber,
    amount: exactNumber(formatAmount(amount)),
    description,
    comment,
    taxCode,
    balanceAccountType: 'G_x002F_L_x0020_Account',
    balancingAccountNumber: balancingAccount,
  };
}

export function generalLedgerEntries(rows: readonly HeldEntry[]): Listing<HeldEntry> {
  return {
    rows,
    type: 'generalLedgerEntry',
    properties: {
      entryNumber: ({ entryNumber }) => entryNumber,
      accountNumber: ({ account }) => account,
      postingDate: ({ postingDate }) => postingDate,
      documentNumber: ({ documentNumber }) => documentNumber,
      description: ({ description }) => description,
    },
    shown: ({ id, entryNumber, postingDate, documentNumber, account, description, amount }) => ({
      ...etag,
      id,
      entryNumber,
      postingDate,
      documentNumber,
      documentType: '_x0020_',
      accountNumber: account,
      description,
      debitAmount: exactNumber(formatAmount(amount > 0 ? amount : zero)),
      creditAmount: exactNumber(formatAmount(amount < 0 ? negate(amount) : zero)),
    }),
    expanded: { dimensionSetLines: ({ dimensions: own }) => dimensionObjects(own) },
  };
}

function dimensionObjects(own: Readonly<Record<string, string>>): object[] {
  return Object.entries(own).map(([code, valueCode]) => ({
    code,
    valueCode,
    displayName: code,
    valueDisplayName: valueCode,
  }));
}

export function attachmentObject({ id, fileName, content }: HeldAttachment, parentId: string): object {
  return { ...etag, id, parentId, fileName, byteSize: content.length, parentType: 'Journal' };
}
