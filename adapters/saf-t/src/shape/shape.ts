import type { Version } from '../profile.ts';

/**
 * What each structure of a version holds, in order: `?` may be absent, `*` and `+` may come again, `( | )` is a choice.
 * `Name:Structure` has the content of another structure; a name that is no structure is a field. What stands under a name
 * of {@link unjudged} is defined and of no use to a settlement: it is left to the schema.
 */
export function contentsOf(version: Version): Readonly<Record<string, string>> {
  const before130 = version === '1.20';
  const from140 = version === '1.40';
  const address = before130 ? 'Address+' : 'Address*';
  const opening = '(OpeningDebitBalance | OpeningCreditBalance)';
  const closing = '(ClosingDebitBalance | ClosingCreditBalance)';
  const company = `Name ${address} Contact* TaxRegistration* BankAccount*`;
  const partyBalances = before130 ? `AccountID? ${opening}? ${closing}?` : 'BalanceAccount*';
  const virtualCurrency = from140 ? 'VirtualCurrencyType?' : '';
  const amount = `CurrencyCode ${virtualCurrency} CurrencyAmount ExchangeRate? ${from140 ? 'Country?' : ''}`;
  return {
    ...inEveryVersion,
    Header: `AuditFileVersion AuditFileCountry AuditFileRegion? AuditFileDateCreated SoftwareCompanyName SoftwareID
      SoftwareVersion Company DefaultCurrencyCode SelectionCriteria${before130 ? '?' : ''} HeaderComment?
      TaxAccountingBasis TaxEntity? UserID? AuditFileSender?`,
    Company: `RegistrationNumber Name ${address} Contact+ TaxRegistration* BankAccount*`,
    AuditFileSender: `RegistrationNumber? ${company}`,
    Account: `AccountID AccountDescription
      ${before130 ? 'StandardAccountID? GroupingCategory? GroupingCode?' : 'GroupingCategory GroupingCode'}
      AccountType AccountCreationDate? ${opening} ${closing}`,
    Customer: `RegistrationNumber? ${company} CustomerID SelfBillingIndicator? ${partyBalances} PartyInfo?`,
    Supplier: `RegistrationNumber? ${company} SupplierID SelfBillingIndicator? ${partyBalances} PartyInfo?`,
    BalanceAccount: `AccountID? ${opening} ${closing}`,
    Owner: `RegistrationNumber? ${company} OwnerID? AccountID${from140 ? '*' : '?'}`,
    Transaction: `TransactionID Period PeriodYear TransactionDate SourceID?
      ${before130 ? '' : 'VoucherType? VoucherDescription?'} TransactionType? Description BatchID? SystemEntryDate
      GLPostingDate ${before130 ? '' : 'ModificationDate?'} CustomerID? SupplierID? SystemID? Line+`,
    Analysis: `AnalysisType AnalysisID ${
      before130 ? 'AnalysisAmount:Amounts?' : '(DebitAnalysisAmount:Amounts | CreditAnalysisAmount:Amounts)?'
    }`,
    Amounts: `Amount (${amount})?`,
    TaxInformation: `TaxType? TaxCode? TaxPercentage? Country? TaxBase? TaxBaseDescription?
      ${before130 ? 'TaxAmount:Amounts' : '(DebitTaxAmount:Amounts | CreditTaxAmount:Amounts)'}
      ${from140 ? '(DebitNOKTaxAmount:KronerAmounts | CreditNOKTaxAmount:KronerAmounts)?' : ''}
      TaxExemptionReason? TaxDeclarationPeriod?`,
  };
}

const inEveryVersion = {
  AuditFile: 'Header MasterFiles? GeneralLedgerEntries? SourceDocuments?',
  Address: 'StreetName? Number? AdditionalAddressDetail? Building? City? PostalCode? Region? Country? AddressType?',
  Contact: 'ContactPerson Telephone? Fax? Email? Website? MobilePhone?',
  ContactPerson: 'Title? FirstName Initials? LastNamePrefix? LastName BirthName? Salutation? OtherTitles*',
  TaxRegistration: 'TaxRegistrationNumber TaxType? TaxNumber? TaxAuthority? TaxVerificationDate?',
  BankAccount: `(IBANNumber | (BankAccountNumber BankAccountName? SortCode?)) BIC? CurrencyCode?
      GeneralLedgerAccountID?`,
  SelectionCriteria: `(TaxReportingJurisdiction? CompanyEntity? ((SelectionStartDate SelectionEndDate) |
      (PeriodStart PeriodStartYear PeriodEnd PeriodEndYear)) DocumentType? OtherCriteria*)?`,
  MasterFiles: `GeneralLedgerAccounts? Taxonomies? Customers? Suppliers? TaxTable? UOMTable? AnalysisTypeTable?
      MovementTypeTable? Products? PhysicalStock? Owners? Assets?`,
  GeneralLedgerAccounts: 'Account+',
  Taxonomies: 'Taxonomy+',
  Taxonomy: 'TaxonomyReference TaxonomyElement*',
  TaxonomyElement: 'TaxonomyCode TaxonomyClusterID? TaxonomyClusterContextID? AccountID',
  Customers: 'Customer+',
  Suppliers: 'Supplier+',
  PartyInfo: 'PaymentTerms? NaceCode? CurrencyCode? Type? Status? Analysis:ListedAnalysis* Notes?',
  PaymentTerms: 'Days? Months? CashDiscountDays? CashDiscountRate? FreeBillingMonth?',
  ListedAnalysis: 'AnalysisType AnalysisID',
  TaxTable: 'TaxTableEntry+',
  TaxTableEntry: 'TaxType Description TaxCodeDetails+',
  TaxCodeDetails: `TaxCode EffectiveDate? ExpirationDate? Description? (TaxPercentage | FlatTaxRate:Amounts)? Country
      Region? StandardTaxCode Compensation? BaseRate+`,
  UOMTable: 'UOMTableEntry+',
  UOMTableEntry: 'UnitOfMeasure Description',
  AnalysisTypeTable: 'AnalysisTypeTableEntry+',
  AnalysisTypeTableEntry: `AnalysisType AnalysisTypeDescription AnalysisID AnalysisIDDescription StartDate? EndDate?
      Status? Analysis:ListedAnalysis*`,
  MovementTypeTable: 'MovementTypeTableEntry+',
  MovementTypeTableEntry: 'MovementType Description',
  Owners: 'Owner+',
  GeneralLedgerEntries: 'NumberOfEntries TotalDebit TotalCredit Journal*',
  Journal: 'JournalID Description Type Transaction*',
  Line: `RecordID AccountID Analysis* ValueDate? SourceDocumentID? CustomerID? SupplierID? Description
      (DebitAmount:Amounts | CreditAmount:Amounts) TaxInformation* ReferenceNumber? CID? DueDate? Quantity?
      CrossReference? SystemEntryTime? OwnerID?`,
  KronerAmounts: 'NOKAmount NOKTaxBase?',
};

/** What is defined, and left to the schema. */
export const unjudged: ReadonlySet<string> = new Set(['SourceDocuments', 'Products', 'PhysicalStock', 'Assets']);

/** What a field holds, by `Parent/Field` or `Field`; any other is text of the length the profile gives. */
export function kindOf(version: Version, parent: string, name: string): string {
  const kinds = version === '1.20' ? kinds120 : version === '1.30' ? kinds130 : kinds140;
  return kinds.get(`${parent}/${name}`) ?? kinds.get(name) ?? 'text';
}

const kinds120: ReadonlyMap<string, string> = kindsFrom({
  date: `AuditFileDateCreated TaxVerificationDate SelectionStartDate SelectionEndDate AccountCreationDate EffectiveDate
    ExpirationDate StartDate EndDate TransactionDate SystemEntryDate GLPostingDate ModificationDate ValueDate DueDate`,
  moment: 'SystemEntryTime',
  count: 'PeriodStart PeriodEnd Days Months CashDiscountDays NumberOfEntries Period',
  year: 'PeriodStartYear PeriodEndYear PeriodYear',
  decimal: 'TaxPercentage TaxBase NOKTaxBase',
  percentage: 'CashDiscountRate BaseRate',
  'decimal 18.2': `OpeningDebitBalance OpeningCreditBalance ClosingDebitBalance ClosingCreditBalance Amount
    CurrencyAmount NOKAmount TotalDebit TotalCredit`,
  'decimal 18.8': 'ExchangeRate',
  'decimal 22.6': 'Quantity',
  boolean: 'FreeBillingMonth Compensation',
  address: 'Website',
  'one of A': 'TaxAccountingBasis',
  'one of GL': 'AccountType',
  'one of MVA': 'TaxTableEntry/TaxType TaxInformation/TaxType',
  'one of Merverdiavgift': 'TaxTableEntry/Description',
  'one of Skatteetaten': 'TaxAuthority',
  'one of StreetAddress PostalAddress BillingAddress ShipToAddress ShipFromAddress': 'AddressType',
  'one of Private Company Government': 'PartyInfo/Type',
  'one of Active Observation Passive': 'PartyInfo/Status',
  'one of Active Closed Observation Passive': 'AnalysisTypeTableEntry/Status',
  'letters 2': 'AuditFileCountry Country',
  'letters 3': 'CurrencyCode DefaultCurrencyCode',
});

const kinds130: ReadonlyMap<string, string> = new Map([...kinds120, ['StandardTaxCode', 'standard tax code']]);

/** Currencies of the chain have up to eighteen decimals. */
const kinds140: ReadonlyMap<string, string> = new Map([
  ...kinds130,
  ['CurrencyAmount', 'decimal 38.18'],
  ['ExchangeRate', 'decimal 38.18'],
]);

function kindsFrom(namesByKind: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(
    Object.entries(namesByKind).flatMap(([kind, names]) => names.split(/\s+/).map((name) => [name, kind] as const)),
  );
}
