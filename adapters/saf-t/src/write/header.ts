import type { BookCompany, PlainDate } from '@bilag/core';
import { branch, leaf, type Element } from '../xml/element.ts';
import type { Address, BankAccount } from '../config.ts';
import { builtInList } from '../grouping.ts';
import type { Model } from './model.ts';

/** What a file of a set says of itself. */
export interface FilePosition {
  readonly index: number;
  readonly total: number;
  readonly period: { readonly from: PlainDate; readonly to: PlainDate };
}

/** The Header: who, with what, which period. It stands in every file of a set. */
export function headerOf(
  { book, config, profile, createdAt, hasGroupingList }: Model,
  position: FilePosition,
): Element | undefined {
  return branch('Header', [
    leaf('AuditFileVersion', profile.version),
    leaf('AuditFileCountry', 'NO'),
    leaf('AuditFileDateCreated', createdAt.date),
    leaf('SoftwareCompanyName', config.software.company),
    leaf('SoftwareID', config.software.id),
    leaf('SoftwareVersion', config.software.version),
    companyOf(book.company, config),
    leaf('DefaultCurrencyCode', book.company.currency),
    branch('SelectionCriteria', [
      leaf('SelectionStartDate', position.period.from),
      leaf('SelectionEndDate', position.period.to),
    ]),
    leaf('HeaderComment', commentOf(groupingListOf(config, hasGroupingList), position)),
    // The only value the schema takes: accounting basis "accrual".
    leaf('TaxAccountingBasis', 'A'),
    leaf('TaxEntity', config.taxEntity),
    leaf('UserID', config.userId),
  ]);
}

/** The list the codes are of, by name; before the list that is built in, the codes are the merchant's own or NA. */
function groupingListOf({ grouping }: Model['config'], hasList: boolean): string {
  const list = grouping.list ?? (hasList ? builtInList : undefined);
  return list === undefined ? 'No grouping list of this time is built in' : `Grouping list ${list}`;
}

/** What a reader must not misunderstand: the file is a part of the books, and its totals are its own. */
function commentOf(groupingList: string, { index, total }: FilePosition): string {
  const part = total === 1 ? '' : ` File ${index} of ${total}; totals are per file.`;
  return `Only what Bilag books for the payment provider. A full filing also needs the other vouchers of the merchant's accounting system. ${groupingList}.${part}`;
}

function companyOf(company: BookCompany, config: Model['config']): Element | undefined {
  const { contact } = config;
  return branch('Company', [
    leaf('RegistrationNumber', company.organisationNumber),
    leaf('Name', company.name),
    addressOf(config.address, company.country),
    branch('Contact', [
      branch('ContactPerson', [leaf('FirstName', contact.firstName ?? 'NotUsed'), leaf('LastName', contact.lastName)]),
      leaf('Telephone', contact.telephone),
      leaf('Email', contact.email),
    ]),
    config.vatRegistered ? taxRegistrationOf(company.organisationNumber) : undefined,
    ...config.bankAccounts.map(bankAccountOf),
  ]);
}

/** Nine digits, without `MVA`: the schema asks for the number of the register, and its examples show it bare. */
function taxRegistrationOf(organisationNumber: string): Element | undefined {
  return branch('TaxRegistration', [
    leaf('TaxRegistrationNumber', organisationNumber),
    leaf('TaxAuthority', 'Skatteetaten'),
  ]);
}

function bankAccountOf(account: BankAccount): Element | undefined {
  return branch('BankAccount', [
    leaf('IBANNumber', account.iban),
    leaf('BankAccountNumber', account.number),
    account.iban === undefined ? leaf('BankAccountName', account.name) : undefined,
    leaf('BIC', account.bic),
    leaf('CurrencyCode', account.currency),
    leaf('GeneralLedgerAccountID', account.account),
  ]);
}

export function addressOf(address: Address, country: string): Element | undefined {
  return branch('Address', [
    leaf('StreetName', address.streetName),
    leaf('Number', address.number),
    leaf('AdditionalAddressDetail', address.additionalAddressDetail),
    leaf('Building', address.building),
    leaf('City', address.city),
    leaf('PostalCode', address.postalCode),
    leaf('Region', address.region),
    leaf('Country', address.country ?? country),
  ]);
}
