import { exactNumber, formatAmount, type PlainDate } from '@bilag/core';
import type { HeldLedgerEntry, HeldXeroJournal } from '../books/held.ts';
import type { XeroOrganisation } from '../books/xero-organisation.ts';
import type { XeroAccountOptions, XeroTaxRateOptions } from '../xero-options.ts';

/** A date as Xero writes it: milliseconds, and an offset that is always none. */
export function dateText(date: PlainDate): string {
  return `/Date(${Date.parse(`${date}T00:00:00Z`)}+0000)/`;
}

function timeText(ms: number): string {
  return `/Date(${ms}+0000)/`;
}

export function journalObject(journal: HeldXeroJournal): object {
  const { id, narration, date, status, lineAmountTypes, lines, attachments, updatedAt } = journal;
  return {
    Date: dateText(date),
    Status: status,
    LineAmountTypes: lineAmountTypes,
    UpdatedDateUTC: timeText(updatedAt),
    ManualJournalID: id,
    Narration: narration,
    JournalLines: lines.map(({ amount, account, taxType, taxAmount, description, tracking }) => ({
      Description: description,
      TaxType: taxType,
      TaxAmount: exactNumber(formatAmount(taxAmount)),
      LineAmount: exactNumber(formatAmount(amount)),
      ...(account !== undefined && { AccountCode: account }),
      Tracking: Object.entries(tracking).map(([Name, Option]) => ({ Name, Option })),
      IsBlank: false,
    })),
    ShowOnCashBasisReports: true,
    HasAttachments: attachments.length > 0,
  };
}

export function ledgerObject({ number, date, sourceType, sourceId, createdAt, lines }: HeldLedgerEntry): object {
  return {
    JournalID: `ffffffff-0000-4000-8000-${String(number).padStart(12, '0')}`,
    JournalDate: dateText(date),
    JournalNumber: number,
    CreatedDateUTC: timeText(createdAt),
    SourceID: sourceId,
    SourceType: sourceType,
    JournalLines: lines.map(({ account, amount, taxType, description }) => ({
      AccountCode: account,
      Description: description,
      NetAmount: exactNumber(formatAmount(amount)),
      GrossAmount: exactNumber(formatAmount(amount)),
      TaxAmount: 0,
      TaxType: taxType,
    })),
  };
}

export function accountObject({
  code,
  name,
  type = 'CURRENT',
  systemAccount,
  isArchived,
  ...rest
}: XeroAccountOptions): object {
  return {
    Code: code,
    Name: name,
    Type: type,
    Status: isArchived === true ? 'ARCHIVED' : 'ACTIVE',
    Class: rest.class,
    SystemAccount: systemAccount ?? '',
    TaxType: 'NONE',
  };
}

export function taxRateObject({ taxType, name, percent, appliesTo }: XeroTaxRateOptions): object {
  const can = (own: 'ASSET' | 'EQUITY' | 'EXPENSE' | 'LIABILITY' | 'REVENUE'): boolean =>
    appliesTo?.includes(own) !== false;
  return {
    Name: name,
    TaxType: taxType,
    Status: 'ACTIVE',
    ReportTaxType: 'OUTPUT',
    CanApplyToAssets: can('ASSET'),
    CanApplyToEquity: can('EQUITY'),
    CanApplyToExpenses: can('EXPENSE'),
    CanApplyToLiabilities: can('LIABILITY'),
    CanApplyToRevenue: can('REVENUE'),
    DisplayTaxRate: exactNumber(percent.toFixed(4)),
    EffectiveRate: exactNumber(percent.toFixed(4)),
  };
}

export function trackingObject([Name, options]: [string, readonly string[]]): object {
  return { Name, Status: 'ACTIVE', Options: options.map((option) => ({ Name: option, Status: 'ACTIVE' })) };
}

export function organisationObject(organisation: XeroOrganisation): object {
  const { id, options, lockedThrough } = organisation;
  const { name, organisationNumber = '', country = 'NO', currency = 'NOK', yearLockedThrough } = options;
  return {
    OrganisationID: id,
    Name: name,
    LegalName: name,
    RegistrationNumber: organisationNumber,
    CountryCode: country,
    BaseCurrency: currency,
    OrganisationStatus: 'ACTIVE',
    ...(lockedThrough !== undefined && { PeriodLockDate: dateText(lockedThrough) }),
    ...(yearLockedThrough !== undefined && { EndOfYearLockDate: dateText(yearLockedThrough) }),
  };
}
