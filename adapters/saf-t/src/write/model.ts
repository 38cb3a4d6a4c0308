import {
  BilagError,
  fiscalYearStart,
  fiscalYearStartMonthOf,
  isPlainDate,
  type Book,
  type BookAccount,
  type BookDimension,
  type BookVatCode,
  type BookParty,
  type PlainDate,
  type Voucher,
  named,
} from '@bilag/core';
import type { SafTConfig } from '../config.ts';
import { norwegianMoment, type LocalMoment } from '../file-name.ts';
import { periodOf, type FiscalYear, type Period } from './fiscal-year.ts';
import { NorwegianVat } from './norwegian-vat.ts';
import { chooseProfile, type Profile } from '../profile.ts';
import { hasGroupingList } from '../grouping.ts';
import { remembered } from '../remembered.ts';
import { isStandardTaxCode } from '../tax-codes.ts';
import { voucherTypeAnalysis } from '../voucher-types.ts';

/** A book, a config and a version, agreed with each other: everything that is known before the vouchers are read. */
export interface Model {
  readonly book: Book;
  readonly config: SafTConfig;
  readonly profile: Profile;
  /** Whether the built-in groupings are of a list for the accounting year. */
  readonly hasGroupingList: boolean;
  /** The accounting period of a date. */
  readonly periodOf: (date: PlainDate) => Period;
  readonly createdAt: LocalMoment;
  readonly accounts: ReadonlyMap<string, BookAccount>;
  /** The book's VAT code → what stands in the tax table. */
  readonly taxCodes: ReadonlyMap<string, TaxCode>;
  /** Dimension → its values by id. */
  readonly dimensions: ReadonlyMap<string, Dimension>;
  /** `customer/<id>` or `supplier/<id>` → its balance accounts. */
  readonly parties: ReadonlyMap<string, readonly BookParty[]>;
  /** Where the books are in another currency, the version has room for VAT in kroner, and rates are given. */
  readonly norwegianVat: NorwegianVat | undefined;
}

export interface TaxCode {
  readonly code: string;
  readonly standardCode: string;
  /** By rate in basis points. Rates change by law, so a book over time may list a code more than once. */
  readonly rates: ReadonlyMap<number, Pick<BookVatCode, 'description' | 'from'>>;
}

export interface Dimension {
  readonly type: string;
  readonly description: string;
  readonly values: ReadonlyMap<string, BookDimension>;
}

/** Agrees a book with a config, or refuses with what is missing. */
export function modelOf(book: Book, config: SafTConfig, createdAt: string): Model {
  const startMonth = fiscalYearStartMonthOf(book.company, config.fiscalYearStartMonth) ?? 1;
  const fiscalYear = { startMonth, namedBy: config.fiscalYearNamedBy };
  refuseCompany(book);
  refusePeriod(book, fiscalYear);
  refuseMissingOpenings(book, config);
  refuseBankAccounts(book, config);
  refuseOtherRegistration(book, config);
  const yearStart = fiscalYearStart(book.period.from, startMonth);
  const profile = chooseProfile(yearStart, config.version);
  const dimensions = dimensionsOf(book, config);
  if (!profile.voucherType && [...dimensions.values()].some(({ type }) => type === voucherTypeAnalysis)) {
    throw repeated(`AnalysisType ${voucherTypeAnalysis}`);
  }
  return {
    book,
    config,
    profile,
    hasGroupingList: hasGroupingList(yearStart),
    periodOf: remembered((date) => periodOf(date, fiscalYear)),
    createdAt: norwegianMoment(createdAt),
    accounts: uniqueBy(book.accounts, ({ number }) => number, 'account'),
    taxCodes: taxCodesOf(book, config),
    dimensions,
    parties: partiesOf(book, profile),
    norwegianVat:
      book.company.currency !== 'NOK' && profile.vatInKroner && config.nokRates !== undefined
        ? new NorwegianVat(config.nokRates)
        : undefined,
  };
}

function refuseCompany({ company }: Book): void {
  if (!/^\d{9}$/.test(company.organisationNumber)) {
    throw new BilagError('config', {
      what: `the organisation number "${company.organisationNumber.slice(0, 40)}" is not nine digits`,
      where: 'book.company.organisationNumber',
      action: 'give the number of the Norwegian register, digits only, without NO or MVA',
    });
  }
}

function refusePeriod({ period }: Book, fiscalYear: FiscalYear): void {
  const { from, to } = period;
  if (!isPlainDate(from) || !isPlainDate(to) || from > to) {
    throw new BilagError('config', {
      what: `"${from}" to "${to}" is not a period`,
      where: 'book.period',
      action: 'give a first and a last day, in that order',
    });
  }
  if (periodOf(from, fiscalYear).year !== periodOf(to, fiscalYear).year) {
    throw new BilagError('config', {
      what: `${from} to ${to} is more than one accounting year`,
      where: 'book.period',
      action:
        'export each accounting year on its own; a year that does not start in January needs fiscalYearStartMonth',
    });
  }
}

function refuseMissingOpenings({ accounts, period }: Book, config: SafTConfig): void {
  if (config.startsWithoutOpenings || accounts.some(({ opening }) => opening !== 0)) return;
  throw new BilagError('config', {
    what: `no account has an opening balance on ${period.from}, so the file would start in the middle of the company's life`,
    where: 'book.accounts',
    action: 'give the opening balances, or set startsWithoutOpenings to true if every account really was empty before',
  });
}

function refuseBankAccounts({ accounts }: Book, { bankAccounts }: SafTConfig): void {
  for (const { account } of bankAccounts) {
    if (account === undefined || accounts.some(({ number }) => number === account)) continue;
    throw new BilagError('config', {
      what: `a bank account is on ledger account ${account}, which the book does not list`,
      where: 'config.bankAccounts',
      action: "name the account in the policy's chart, or leave account out",
    });
  }
}

/** The policy may name the supplier's number too: a file must not choose between them. */
function refuseOtherRegistration({ parties }: Book, { suppliers, customers }: SafTConfig): void {
  for (const { kind, id, registrationNumber } of parties) {
    const own = named(kind === 'customer' ? customers : suppliers, id)?.registrationNumber;
    if (own === undefined || registrationNumber === undefined || own === registrationNumber) continue;
    throw new BilagError('config', {
      what: `${kind} ${id} has the registration number ${registrationNumber} in the policy, and ${own} for this target`,
      where: `config.${kind}s`,
      action: 'write it once, in the policy; nothing was written',
    });
  }
}

function taxCodesOf({ vatCodes }: Book, config: SafTConfig): Map<string, TaxCode> {
  const codes = Map.groupBy(vatCodes, ({ code }) => code);
  const unmapped = [...codes.keys()].filter(
    (code) => named(config.standardTaxCodes, code) === undefined && (code === 'NA' || !isStandardTaxCode(code)),
  );
  if (unmapped.length > 0) {
    throw new BilagError('config', {
      what: `no standard tax code for VAT code${unmapped.length === 1 ? '' : 's'} ${unmapped.join(', ')}`,
      where: 'config.standardTaxCodes',
      action: 'add { "<code>": "<standard code>" }, or "NA" where none fits',
    });
  }
  const taxCodes = new Map<string, TaxCode>();
  for (const [code, listed] of codes) {
    const rates = new Map(listed.map((vatCode) => [vatCode.rateBasisPoints, vatCode]));
    if (rates.size < listed.length) throw repeated(`VAT code ${code} with one rate`);
    taxCodes.set(code, { code, standardCode: named(config.standardTaxCodes, code) ?? code, rates });
  }
  return taxCodes;
}

/** What the common dimensions are called unless the config says otherwise. */
const usualTypes: SafTConfig['analysisTypes'] = {
  department: { type: 'A', description: 'Avdeling' },
  project: { type: 'P', description: 'Prosjekt' },
};

function dimensionsOf(book: Book, config: SafTConfig): Map<string, Dimension> {
  const dimensions = new Map<string, Dimension & { readonly values: Map<string, BookDimension> }>();
  for (const value of book.dimensions) {
    let dimension = dimensions.get(value.type);
    if (dimension === undefined) {
      dimension = { ...analysisTypeOf(value.type, config), values: new Map() };
      dimensions.set(value.type, dimension);
    }
    if (dimension.values.has(value.id)) throw repeated(`value ${value.id} of dimension ${value.type}`);
    dimension.values.set(value.id, value);
  }
  uniqueBy(dimensions.values(), ({ type }) => type, 'AnalysisType');
  return dimensions;
}

function analysisTypeOf(type: string, config: SafTConfig): { readonly type: string; readonly description: string } {
  const known = named(config.analysisTypes, type) ?? named(usualTypes, type);
  if (known !== undefined) return known;
  throw new BilagError('config', {
    what: `the dimension "${type}" has no AnalysisType`,
    where: 'config.analysisTypes',
    action: `add { "${type}": { "type": "<at most 9 characters>", "description": … } }`,
  });
}

function partiesOf(book: Book, profile: Profile): Map<string, BookParty[]> {
  const parties = new Map<string, BookParty[]>();
  for (const party of book.parties) {
    const known = parties.get(partyKey(party)) ?? [];
    if (known.some(({ account }) => account === party.account))
      throw repeated(`${partyKey(party)} on ${party.account}`);
    if (!book.accounts.some(({ number }) => number === party.account)) {
      throw notInBook(`account ${party.account}`, partyKey(party));
    }
    if (known.length > 0 && !profile.balanceAccounts) {
      throw new BilagError('unsupported', {
        what: `${partyKey(party)} has balances on several accounts and SAF-T ${profile.version} takes one`,
        where: 'book.parties',
        action: 'give it an id for each account, or use version 1.30 where it is taken',
      });
    }
    parties.set(partyKey(party), [...known, party]);
  }
  return parties;
}

/** A reading of a book, from its start. */
export function vouchersOf(book: Book): AsyncIterator<Voucher> | Iterator<Voucher> {
  const vouchers = book.vouchers();
  return Symbol.asyncIterator in vouchers ? vouchers[Symbol.asyncIterator]() : vouchers[Symbol.iterator]();
}

/** How a customer or supplier is told from others. */
export function partyKey(party: { readonly kind: string; readonly id: string }): string {
  return `${party.kind}/${party.id}`;
}

/** The refusal for something a voucher names that the book does not list. */
export function notInBook(what: string, where: string): BilagError {
  return new BilagError('rejected', {
    what: `${what} is used and the book does not list it`,
    where,
    action: 'list it in the book with its name and opening balance; references in the file must resolve',
  });
}

function uniqueBy<Value>(
  values: Iterable<Value>,
  keyOf: (value: Value) => string,
  what: string,
): ReadonlyMap<string, Value> {
  const map = new Map<string, Value>();
  for (const value of values) {
    const key = keyOf(value);
    if (map.has(key)) throw repeated(`${what} ${key}`);
    map.set(key, value);
  }
  return map;
}

function repeated(what: string): BilagError {
  return new BilagError('config', {
    what: `${what} is listed twice`,
    where: 'book',
    action: 'list it once',
  });
}
