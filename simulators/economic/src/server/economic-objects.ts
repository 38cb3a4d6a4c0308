import { exactNumber, formatAmount } from '@bilag/core';
import type { BookedEntry, DraftEntry, HeldDocument, HeldPeriod } from '../books/held-entry.ts';
import type { EconomicAgreement } from '../books/economic-agreement.ts';
import type { EconomicAccountOptions, EconomicJournalOptions, EconomicVatOptions } from '../economic-options.ts';
import { operators, type Filterable } from './economic-filter.ts';
import { withoutFalse } from './economic-lists.ts';

const { numbers, dates, texts } = operators;

export const draftFields: Filterable<DraftEntry> = {
  entryNumber: { value: ({ entryNumber }) => entryNumber, by: numbers },
  entryTypeNumber: { value: ({ entryTypeNumber }) => entryTypeNumber, by: numbers },
  voucherNumber: { value: ({ voucherNumber }) => voucherNumber, by: numbers },
  journalNumber: { value: ({ journalNumber }) => journalNumber, by: numbers },
  date: { value: ({ date }) => date, by: dates },
  accountNumber: { value: ({ account }) => Number(account ?? 0), by: numbers },
  contraAccountNumber: { value: ({ contraAccount }) => Number(contraAccount ?? 0), by: numbers },
  currency: { value: ({ currency }) => currency, by: numbers },
};

export const bookedFields: Filterable<BookedEntry> = {
  entryNumber: { value: ({ entryNumber }) => entryNumber, by: numbers },
  accountNumber: { value: ({ account }) => Number(account), by: numbers },
  date: { value: ({ date }) => date, by: dates },
  text: { value: ({ text }) => text, by: texts },
  vatAccountNumber: { value: ({ vatCode }) => vatCode ?? '', by: numbers },
  voucherNumber: { value: ({ voucherNumber }) => voucherNumber, by: numbers },
};

export const accountFields: Filterable<EconomicAccountOptions> = {
  number: { value: ({ number }) => Number(number), by: numbers },
  name: { value: ({ name }) => name, by: texts },
};

export const periodFields: Filterable<HeldPeriod> = {
  year: { value: ({ year }) => year, by: dates },
  periodNumber: { value: ({ number }) => number, by: dates },
  dateFrom: { value: ({ from }) => from, by: dates },
  dateTo: { value: ({ to }) => to, by: dates },
};

export const documentFields: Filterable<HeldDocument> = {
  number: { value: ({ number }) => number, by: numbers },
  voucherNumber: { value: ({ voucherNumber }) => voucherNumber, by: numbers },
  accountingYear: { value: ({ accountingYear }) => accountingYear, by: numbers },
};

export function draftObject(entry: DraftEntry): object {
  const { account, contraAccount, amount, date, createdAt, ...rest } = entry;
  return withoutFalse({
    ...rest,
    date: `${date}T00:00:00Z`,
    accountNumber: account === undefined ? undefined : Number(account),
    contraAccountNumber: contraAccount === undefined ? undefined : Number(contraAccount),
    amount: exactNumber(formatAmount(amount)),
    objectVersion: `v${createdAt}`,
  });
}

export function bookedObject({ account, amount, currency, date, vatCode, bookedAt, ...rest }: BookedEntry): object {
  return withoutFalse({
    ...rest,
    accountNumber: Number(account),
    amount: exactNumber(formatAmount(amount)),
    amountInBaseCurrency: exactNumber(formatAmount(amount)),
    currencyCode: currency,
    date: `${date}T00:00:00Z`,
    type: 5,
    vatAccountNumber: vatCode,
    objectVersion: `v${bookedAt}`,
  });
}

export function accountObject({ number, name, isHeading, ...flags }: EconomicAccountOptions): object {
  return withoutFalse({
    number: Number(number),
    name,
    type: isHeading === true ? 4 : 1,
    objectVersion: 'v1',
    ...flags,
  });
}

export function journalObject(journal: EconomicJournalOptions): object {
  const { name, balancesByMonth, requiresBalancePerVoucher, isStanding, requiresApproval, ...rest } = journal;
  return withoutFalse({
    ...rest,
    name: name ?? `Journal ${journal.number}`,
    balancingBehavior: balancesByMonth,
    requireBalancePerVoucherId: requiresBalancePerVoucher,
    isStandingJournal: isStanding,
    requireAdminApproval: requiresApproval,
    objectVersion: 'v1',
  });
}

export function periodObject({ year, number, from, to, isClosed, isBarred }: HeldPeriod): object {
  const dateFrom = `${from}T00:00:00Z`;
  return withoutFalse({ periodNumber: number, year, dateFrom, dateTo: `${to}T00:00:00Z`, isClosed, isBarred });
}

export function documentObject({ number, voucherNumber, accountingYear, note }: HeldDocument): object {
  return { number, voucherNumber, accountingYear, note, pageCount: 1 };
}

/** The older API names things by objects with links. */
export function vatObject({ code, name, ratePercentage, account, contraAccount }: EconomicVatOptions): object {
  return withoutFalse({
    vatCode: code,
    name,
    ratePercentage,
    account: account === undefined ? undefined : linkTo(account),
    contraAccount: contraAccount === undefined ? undefined : linkTo(contraAccount),
    self: `https://restapi.e-conomic.com/vat-accounts/${code}`,
  });
}

function linkTo(number: string): object {
  return { accountNumber: Number(number), self: `https://restapi.e-conomic.com/accounts/${number}` };
}

export function selfObject({ options, baseCurrency }: EconomicAgreement): object {
  return {
    agreementNumber: options.number,
    agreementType: { agreementTypeNumber: 1, name: 'denmark' },
    company: {
      name: options.name ?? '',
      country: 'Danmark',
      companyIdentificationNumber: options.organisationNumber ?? '',
    },
    settings: { baseCurrency },
    self: 'https://restapi.e-conomic.com/self',
  };
}
