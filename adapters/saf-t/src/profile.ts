import { BilagError, type PlainDate, named } from '@bilag/core';

/** The versions of Norwegian SAF-T Financial that are written. */
export const versions = ['1.20', '1.30', '1.40'] as const;
export type Version = (typeof versions)[number];

/** The one namespace of every version: only AuditFileVersion tells them apart. */
export const namespace = 'urn:StandardAuditFile-Taxation-Financial:NO';

/** What differs between versions of the schema, as data. */
export interface Profile {
  readonly version: Version;
  /** The longest content in UTF-16 units, by `Parent/Element` or `Element`. */
  readonly lengths: Readonly<Record<string, number>>;
  /** 1.30: GroupingCategory and GroupingCode are mandatory and StandardAccountID is gone. */
  readonly standardAccounts: boolean;
  /** 1.30: balances of a party stand in BalanceAccount elements; before, directly in the party. */
  readonly balanceAccounts: boolean;
  /** 1.30: VoucherType and VoucherDescription. */
  readonly voucherType: boolean;
  /** 1.30: the tax amount is a debit or a credit; before, one signed TaxAmount. */
  readonly sidedTaxAmount: boolean;
  /** 1.40: VAT in kroner beside the VAT of books in another currency (NOKAmountStructure). */
  readonly vatInKroner: boolean;
  /** Until 1.30 a party needs an Address. */
  readonly partyAddress: boolean;
}

const code = 9;
const short = 18;
const middle1 = 35;
const middle2 = 70;
const long = 256;

/** Schema 1.20 of 2020-11-25 (the types SAFcodeType … SAFlongtextType). */
const lengths120: Readonly<Record<string, number>> = {
  AuditFileVersion: code,
  AuditFileCountry: 2,
  AuditFileRegion: code,
  SoftwareCompanyName: middle2,
  SoftwareID: long,
  SoftwareVersion: short,
  RegistrationNumber: middle1,
  Name: middle2,
  StreetName: middle2,
  Number: short,
  AdditionalAddressDetail: middle2,
  Building: middle1,
  City: middle1,
  PostalCode: short,
  Region: middle1,
  'TaxCodeDetails/Region': code,
  Country: 2,
  Title: code,
  FirstName: middle1,
  Initials: short,
  LastNamePrefix: short,
  LastName: middle2,
  BirthName: middle2,
  Salutation: short,
  OtherTitles: short,
  Telephone: short,
  Fax: short,
  Email: middle2,
  MobilePhone: short,
  TaxRegistrationNumber: middle1,
  TaxType: code,
  TaxNumber: middle1,
  TaxAuthority: middle1,
  IBANNumber: middle1,
  BankAccountNumber: middle1,
  BankAccountName: middle2,
  SortCode: short,
  BIC: short,
  CurrencyCode: 3,
  GeneralLedgerAccountID: middle2,
  DefaultCurrencyCode: 3,
  TaxReportingJurisdiction: middle1,
  CompanyEntity: middle2,
  DocumentType: long,
  OtherCriteria: long,
  HeaderComment: long,
  TaxAccountingBasis: short,
  TaxEntity: middle2,
  UserID: middle1,
  AccountID: middle2,
  AccountDescription: long,
  StandardAccountID: middle1,
  GroupingCategory: middle1,
  GroupingCode: middle1,
  AccountType: short,
  TaxonomyReference: long,
  TaxonomyCode: long,
  TaxonomyClusterID: long,
  TaxonomyClusterContextID: long,
  CustomerID: middle1,
  SupplierID: middle1,
  OwnerID: middle1,
  SelfBillingIndicator: code,
  NaceCode: short,
  'PartyInfo/Type': middle1,
  'PartyInfo/Status': middle1,
  Status: middle1,
  Description: long,
  TaxCode: middle1,
  StandardTaxCode: middle1,
  UnitOfMeasure: code,
  AnalysisType: code,
  AnalysisTypeDescription: long,
  AnalysisID: long,
  'AnalysisTypeTableEntry/AnalysisID': middle1,
  AnalysisIDDescription: long,
  MovementType: code,
  JournalID: short,
  'Journal/Type': code,
  TransactionID: middle2,
  SourceID: middle1,
  TransactionType: short,
  BatchID: middle1,
  SystemID: short,
  RecordID: short,
  SourceDocumentID: middle1,
  TaxBaseDescription: middle2,
  TaxExemptionReason: middle2,
  TaxDeclarationPeriod: middle1,
  ReferenceNumber: middle1,
  CID: middle1,
  CrossReference: middle1,
};

/** Schema 1.30 of 2024-03-01: longer names and addresses, voucher fields. */
const lengths130: Readonly<Record<string, number>> = {
  ...lengths120,
  Name: long,
  StreetName: long,
  Number: middle2,
  AdditionalAddressDetail: long,
  City: long,
  PostalCode: middle2,
  Region: long,
  UserID: long,
  GroupingCategory: long,
  TaxCode: middle2,
  StandardTaxCode: 2,
  VoucherType: middle2,
  VoucherDescription: middle2,
};

const lengths140: Readonly<Record<string, number>> = { ...lengths130, VirtualCurrencyType: long };

const profiles: Readonly<Record<Version, Profile>> = {
  '1.20': {
    version: '1.20',
    lengths: lengths120,
    standardAccounts: true,
    balanceAccounts: false,
    voucherType: false,
    sidedTaxAmount: false,
    vatInKroner: false,
    partyAddress: true,
  },
  '1.30': {
    version: '1.30',
    lengths: lengths130,
    standardAccounts: false,
    balanceAccounts: true,
    voucherType: true,
    sidedTaxAmount: true,
    vatInKroner: false,
    partyAddress: false,
  },
  '1.40': {
    version: '1.40',
    lengths: lengths140,
    standardAccounts: false,
    balanceAccounts: true,
    voucherType: true,
    sidedTaxAmount: true,
    vatInKroner: true,
    partyAddress: false,
  },
};

export function profileOf(version: Version): Profile {
  return profiles[version];
}

/** The longest content of an element, or undefined where the schema sets none. */
export function maxLengthOf(
  lengths: Readonly<Record<string, number>>,
  parent: string,
  element: string,
): number | undefined {
  return (contextual.has(element) ? lengths[`${parent}/${element}`] : undefined) ?? named(lengths, element);
}

/** The elements whose length depends on where they stand; asked for each field of a file, so the others are quick. */
const contextual: ReadonlySet<string> = new Set(
  Object.keys(lengths120).flatMap((key) => (key.includes('/') ? [key.slice(key.indexOf('/') + 1)] : [])),
);

/** A version, and the accounting periods (by first day) it is taken for; the first that is right by default comes first. */
interface VersionSpan {
  readonly before: string;
  readonly allowed: readonly Version[];
}

/**
 * Skatteetaten: 1.30 from the first accounting period that starts in 2025, 1.40 from the first that starts in 2027, each
 * allowed one step earlier.
 */
const versionSpans: readonly VersionSpan[] = [
  { before: '2025-01-01', allowed: ['1.20', '1.30'] },
  { before: '2027-01-01', allowed: ['1.30', '1.40'] },
  { before: '9999-12-31', allowed: ['1.40'] },
];

/** The versions the authority takes for an accounting period, the usual one first. */
export function allowedVersions(periodStart: string): readonly Version[] {
  return versionSpans.find((span) => periodStart < span.before)?.allowed ?? ['1.40'];
}

/** The profile for an accounting period: the usual version, or the one asked for when it is allowed. */
export function chooseProfile(periodStart: PlainDate, asked: Version | undefined): Profile {
  const allowed = allowedVersions(periodStart);
  const version = asked ?? allowed[0] ?? '1.40';
  if (!allowed.includes(version)) {
    throw new BilagError('config', {
      what: `SAF-T ${version} is not taken for an accounting period that starts on ${periodStart}`,
      where: 'config.version',
      action: `leave version out, or use ${allowed.join(' or ')}`,
    });
  }
  return profiles[version];
}
