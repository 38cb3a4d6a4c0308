import { add, BilagError, formatAmount, type Amount, type BookAccount, type BookParty, named } from '@bilag/core';
import { branch, leaf, toXml, type Element } from '../xml/element.ts';
import { groupingOf, missingGroupings, type Grouping } from '../grouping.ts';
import { addressOf } from './header.ts';
import type { Model, TaxCode } from './model.ts';
import { partyBalanceKey, type Survey } from './survey.ts';
import { percentageOf } from '../tax-codes.ts';
import { voucherTypeAnalysis, voucherTypes } from '../voucher-types.ts';

/**
 * The MasterFiles as XML, one entry at a time: accounts with their grouping, parties, tax codes, dimensions. All accounts
 * and tax codes of the book are listed; of the dimensions those that are used.
 */
export function* masterFilesOf(model: Model, survey: Survey): Generator<string, void, undefined> {
  yield '  <MasterFiles>\n';
  yield* table('GeneralLedgerAccounts', accountsOf(model, survey), model);
  yield* table('Customers', partiesOf('customer', model, survey), model);
  yield* table('Suppliers', partiesOf('supplier', model, survey), model);
  yield* table('TaxTable', taxTableOf(model, survey), model);
  yield* table('AnalysisTypeTable', analysisTypesOf(model, survey), model);
  yield '  </MasterFiles>\n';
}

/** A list and its entries; nothing at all when there are none (the schema takes no empty list). */
function* table(name: string, entries: Iterable<Element | undefined>, { profile }: Model): Generator<string> {
  let open = false;
  for (const entry of entries) {
    if (!open) yield `    <${name}>\n`;
    open = true;
    yield toXml(entry, profile, 3, `MasterFiles/${name}/`);
  }
  if (open) yield `    </${name}>\n`;
}

function accountsOf(model: Model, survey: Survey): readonly (Element | undefined)[] {
  const { config, profile } = model;
  const groupings = new Map<string, Grouping>();
  const missing = [...model.accounts.values()].filter((account) => {
    const grouping = groupingOf(
      account,
      config.grouping.accounts,
      standardCodesOn(account, model, survey),
      model.hasGroupingList,
    );
    if (grouping !== undefined) groupings.set(account.number, grouping);
    return grouping === undefined;
  });
  if (missing.length > 0) throw missingGroupings(missing);
  return [...model.accounts.values()].map(({ number, name, opening }) =>
    branch('Account', [
      leaf('AccountID', number),
      leaf('AccountDescription', name || number),
      profile.standardAccounts
        ? leaf('StandardAccountID', named(config.grouping.accounts, number)?.standardAccount)
        : undefined,
      leaf('GroupingCategory', groupings.get(number)?.category),
      leaf('GroupingCode', groupings.get(number)?.code),
      leaf('AccountType', 'GL'),
      balance('Opening', opening),
      balance('Closing', add(opening, survey.accounts.get(number)?.net ?? (0 as Amount))),
    ]),
  );
}

/** What the period posts on an account, and what the policy would. */
function standardCodesOn({ number, vatCodes = [] }: BookAccount, model: Model, survey: Survey): ReadonlySet<string> {
  const codes = new Set([...(survey.accounts.get(number)?.vatCodes ?? []), ...vatCodes]);
  return new Set([...codes].map((code) => model.taxCodes.get(code)?.standardCode ?? code));
}

function partiesOf(kind: BookParty['kind'], model: Model, survey: Survey): readonly (Element | undefined)[] {
  const parties = [...model.parties.values()].filter(([party]) => party?.kind === kind);
  return parties.map((balances) => partyOf(balances, model, survey));
}

function partyOf(balances: readonly BookParty[], model: Model, survey: Survey): Element | undefined {
  const { config, profile, book } = model;
  const [party] = balances;
  if (party === undefined) return undefined;
  const details = named(party.kind === 'customer' ? config.customers : config.suppliers, party.id);
  const address = details?.address ?? (profile.partyAddress ? {} : undefined);
  const accounts = balances.map(({ id, kind, account, opening }) => [
    leaf('AccountID', account),
    balance('Opening', opening),
    balance('Closing', add(opening, survey.parties.get(partyBalanceKey({ kind, id }, account)) ?? (0 as Amount))),
  ]);
  return branch(party.kind === 'customer' ? 'Customer' : 'Supplier', [
    leaf('RegistrationNumber', details?.registrationNumber ?? party.registrationNumber),
    leaf('Name', party.name || party.id),
    address === undefined ? undefined : addressOf(address, book.company.country),
    leaf(party.kind === 'customer' ? 'CustomerID' : 'SupplierID', party.id),
    ...(profile.balanceAccounts ? accounts.map((account) => branch('BalanceAccount', account)) : (accounts[0] ?? [])),
  ]);
}

function taxTableOf({ taxCodes }: Model, survey: Survey): readonly (Element | undefined)[] {
  if (taxCodes.size === 0) return [];
  const details = [...taxCodes.values()].flatMap((taxCode) => {
    const rates = ratesOf(taxCode, survey);
    return rates.map((rate) => {
      const known = taxCode.rates.get(rate);
      return branch('TaxCodeDetails', [
        leaf('TaxCode', taxCode.code),
        // The schema tells rates of one code apart by their first day.
        rates.length > 1 ? leaf('EffectiveDate', known?.from) : undefined,
        leaf('Description', known?.description),
        leaf('TaxPercentage', percentageOf(rate)),
        leaf('Country', 'NO'),
        leaf('StandardTaxCode', taxCode.standardCode),
        leaf('BaseRate', 100),
      ]);
    });
  });
  return [branch('TaxTableEntry', [leaf('TaxType', 'MVA'), leaf('Description', 'Merverdiavgift'), ...details])];
}

/** The rates of a code in the period, by their first days; of one that is not used the last that is listed. */
function ratesOf({ code, rates }: TaxCode, survey: Survey): readonly number[] {
  const used = [...(survey.taxRates.get(code) ?? [])];
  if (used.length === 0) return [[...rates.keys()].at(-1) ?? 0];
  const days = used.map((rate) => rates.get(rate)?.from);
  if (used.length > 1 && (days.includes(undefined) || new Set(days).size < days.length)) {
    throw new BilagError('unsupported', {
      what: `VAT code ${code} is used with ${used.map(percentageOf).join(' % and ')} %, and nothing says from when`,
      where: 'book.vatCodes',
      action: 'give each rate a code of its own, or export the time of each rate on its own',
    });
  }
  return used.sort((a, b) => ((rates.get(a)?.from ?? '') < (rates.get(b)?.from ?? '') ? -1 : 1));
}

function analysisTypesOf(model: Model, survey: Survey): readonly (Element | undefined)[] {
  const dimensions = [...model.dimensions].flatMap(([name, { type, description, values }]) =>
    [...values.values()]
      .filter(({ id }) => survey.dimensions.get(name)?.has(id))
      .map((value) => analysisOf(type, description, value.id, value.name || value.id)),
  );
  if (model.profile.voucherType) return dimensions;
  const kinds = [...survey.documents].map((document) => voucherTypes[document]);
  return [
    ...kinds.map(({ id, description }) => analysisOf(voucherTypeAnalysis, 'Bilagsart', id, description)),
    ...dimensions,
  ];
}

function analysisOf(type: string, typeDescription: string, id: string, description: string): Element | undefined {
  return branch('AnalysisTypeTableEntry', [
    leaf('AnalysisType', type),
    leaf('AnalysisTypeDescription', typeDescription),
    leaf('AnalysisID', id),
    leaf('AnalysisIDDescription', description),
  ]);
}

/** A balance is a debit or a credit; zero is written as a debit, as the official examples do. */
function balance(moment: 'Opening' | 'Closing', value: Amount): Element | undefined {
  const size = (value < 0 ? -value : value) as Amount;
  return leaf(`${moment}${value < 0 ? 'Credit' : 'Debit'}Balance`, formatAmount(size));
}
