import { jsonReply, NumberText, type ServerReply, type ServerRequest } from '@bilag/fault-server';
import type { CompanyBooks } from '../books/company-books.ts';
import type { CompanyDirectory, HeldAccount, Numbered } from '../books/company-directory.ts';
import { withFields, type TripletexModel, type TripletexObject } from './fields-filter.ts';
import { sentObject, textOf } from '../request-fields.ts';
import { models } from './tripletex-models.ts';
import { invalid, TripletexRefusal } from '../tripletex-replies.ts';
import { numberedObject } from '../books/voucher-objects.ts';

/** What a company's books are made of, and what can be added to it. Undefined for any other place. */
export function registerReply(request: ServerRequest, place: string, books: CompanyBooks): ServerReply | undefined {
  const { query } = request;
  const { directory } = books;
  switch (place) {
    case `GET /company/${directory.options.id}`:
      return one(companyObject(books), models.company, query);
    case 'GET /ledger/vatSettings': {
      const isRegistered = directory.options.isVatRegistered ?? true;
      const vatRegistrationStatus = isRegistered ? 'VAT_REGISTERED' : 'VAT_NOT_REGISTERED';
      return one({ id: directory.options.id, version: 1, vatRegistrationStatus }, models.vatSettings, query);
    }
    case 'GET /ledger/postingRules':
      return one(postingRules(directory), models.postingRules, query);
    default: {
      const [, method, name = '', id] = /^(GET|POST) \/(.+?)(?:\/(\d+))?$/.exec(place) ?? [];
      const register = Object.hasOwn(registers, name) ? registers[name as RegisterName] : undefined;
      if (register === undefined || (method === 'POST' && id !== undefined)) return undefined;
      if (method === 'POST') return addedReply(name, request, directory);
      const objects = register.objects(books);
      if (id === undefined) return listOf(objects.filter(wanted(register.filters, query)), register.model, query);
      const found = objects.find((object) => String(object.id) === id);
      return found && one(found, register.model, query);
    }
  }
}

/** A list that is read whole, one by one, or by what its objects are known by. */
interface Register {
  readonly model: TripletexModel;
  readonly objects: (books: CompanyBooks) => readonly TripletexObject[];
  /** Parameter → the field it asks for. */
  readonly filters: Readonly<Record<string, string>>;
}

type RegisterName =
  | 'currency'
  | 'customer'
  | 'department'
  | 'ledger/account'
  | 'ledger/accountingPeriod'
  | 'ledger/vatType'
  | 'ledger/voucherType'
  | 'project'
  | 'supplier';

const registers: Readonly<Record<RegisterName, Register>> = {
  'ledger/account': {
    model: models.account,
    objects: ({ directory }) => directory.accounts.map((account) => directory.accountObject(account)),
    filters: { number: 'number' },
  },
  'ledger/vatType': {
    model: models.vatType,
    objects: ({ directory }) => directory.vatTypes.map((type) => ({ ...type, deductionPercentage: 100 })),
    filters: { number: 'number' },
  },
  'ledger/voucherType': {
    model: models.voucherType,
    objects: ({ directory }) =>
      directory.voucherTypes.map(({ id, name }) => ({ id, version: 1, name, displayName: name })),
    filters: { name: 'name' },
  },
  'ledger/accountingPeriod': { model: models.accountingPeriod, objects: periodObjects, filters: {} },
  currency: { model: models.currency, objects: () => currencies, filters: { code: 'code' } },
  department: {
    model: models.department,
    objects: ({ directory }) => directory.departments.map((held) => numberedObject(held, 'departmentNumber')),
    filters: { departmentNumber: 'departmentNumber', name: 'name' },
  },
  // The vendor's own, though the excerpt of the description leaves it out.
  project: {
    model: models.project,
    objects: ({ directory }) => directory.projects.map((held) => numberedObject(held, 'number')),
    filters: { number: 'number' },
  },
  customer: {
    model: models.customer,
    objects: ({ directory }) => directory.customers.map((held) => numberedObject(held, 'customerNumber', Number)),
    filters: { customerAccountNumber: 'customerNumber' },
  },
  supplier: {
    model: models.supplier,
    objects: ({ directory }) => directory.suppliers.map((held) => numberedObject(held, 'supplierNumber', Number)),
    filters: { supplierNumber: 'supplierNumber' },
  },
};

function wanted(
  filters: Readonly<Record<string, string>>,
  query: URLSearchParams,
): (object: TripletexObject) => boolean {
  const asked = Object.entries({ id: 'id', ...filters }).flatMap(([parameter, field]) => {
    const values = query.get(parameter)?.split(',');
    return values === undefined ? [] : [{ field, values }];
  });
  return (object) => asked.every(({ field, values }) => values.includes(String(object[field])));
}

function made(value: TripletexObject, model: TripletexModel): ServerReply {
  return jsonReply(201, { value: withFields(value, model, null) });
}

/** Something new in a register, as its name and its number say. The others are not made through the API here. */
function addedReply(place: string, { body }: ServerRequest, directory: CompanyDirectory): ServerReply | undefined {
  switch (place) {
    case 'ledger/account':
      return made(directory.accountObject(addAccount(body, directory)), models.account);
    case 'department':
      return made(numberedObject(addNumbered(body, 'department', directory), 'departmentNumber'), models.department);
    case 'customer':
      return made(numberedObject(addNumbered(body, 'customer', directory), 'customerNumber', Number), models.customer);
    case 'supplier':
      return made(numberedObject(addNumbered(body, 'supplier', directory), 'supplierNumber', Number), models.supplier);
    default:
      return undefined;
  }
}

/** Of what an account may be told, the simulator keeps its number, its name and that it is a bank's. */
function addAccount(body: Uint8Array, directory: CompanyDirectory): HeldAccount {
  const sent = sentObject(body, 'account');
  const name = textOf(sent['name'], 'name') ?? '';
  const number = sent['number'] instanceof NumberText ? sent['number'].text : '';
  if (!/^[1-9]\d{3,}$/.test(number)) throw invalid('number', 'Kan ikke være null.');
  if (name === '') throw invalid('name', 'Kan ikke være null.');
  if (directory.account(number) !== undefined) throw invalid('number', `Kontonummer ${number} er i bruk.`);
  return directory.addAccount({ number, name, isBankAccount: sent['isBankAccount'] === true });
}

function addNumbered(
  body: Uint8Array,
  kind: 'customer' | 'department' | 'supplier',
  directory: CompanyDirectory,
): Numbered {
  const sent = sentObject(body, kind);
  const name = textOf(sent['name'], 'name') ?? '';
  if (name === '') throw invalid('name', 'Kan ikke være null.');
  const known = directory[`${kind}s`];
  const field = `${kind}Number`;
  const told = sent[field] instanceof NumberText ? sent[field].text : textOf(sent[field], field);
  const next = String(Math.max(firstNumbers[kind] - 1, ...known.map((other) => Number(other.number))) + 1);
  const number = told ?? (kind === 'department' ? '' : next);
  if (number !== '' && known.some((other) => other.number === number))
    throw invalid(field, `Nummeret ${number} er i bruk.`);
  const added = { id: directory.newId(kind), number, name };
  known.push(added);
  return added;
}

const firstNumbers = { customer: 10_001, department: 1, supplier: 20_001 } as const;

/** Ids as they were seen: the same in every company. */
const currencies: readonly TripletexObject[] = ['NOK', 'SEK', 'DKK', 'USD', 'EUR', 'GBP'].map((code, index) => ({
  id: index + 1,
  version: 1,
  code,
}));

function postingRules(directory: CompanyDirectory): TripletexObject {
  const accountOf = (number: string): TripletexObject | undefined => {
    const account = directory.account(number);
    return account && directory.accountObject(account);
  };
  return {
    id: directory.options.id,
    version: 1,
    accountReceivableCustomersId: accountOf('1500'),
    accountDebtVendorsId: accountOf('2400'),
    accountRoundDiffId: accountOf('7740'),
  };
}

/** A page of a list: `from` and `count`, 1000 unless told. Too much at once is refused (422/23000). */
export function listOf(
  objects: readonly TripletexObject[],
  model: TripletexModel,
  query: URLSearchParams,
): ServerReply {
  const from = Number(query.get('from') ?? 0);
  const count = Number(query.get('count') ?? 1000);
  if (count > mostObjects) throw new TripletexRefusal(422, 23_000, 'Result set too large');
  const page = objects.slice(from, from + count);
  return jsonReply(200, {
    fullResultSize: objects.length,
    from,
    count: page.length,
    versionDigest: "'If-None-Match' header not specified",
    values: page.map((object) => withFields(object, model, query.get('fields'))),
  });
}

const mostObjects = 10_000;

function one(object: TripletexObject, model: TripletexModel, query: URLSearchParams): ServerReply {
  return jsonReply(200, { value: withFields(object, model, query.get('fields')) });
}

function companyObject({ directory }: CompanyBooks): TripletexObject {
  const { id, name = `Selskap ${id}`, organisationNumber = '999999999' } = directory.options;
  return {
    id,
    version: 1,
    name,
    displayName: name,
    organizationNumber: organisationNumber,
    type: 'AS',
    currency: { id: 1, code: 'NOK' },
  };
}

function periodObjects(books: CompanyBooks): TripletexObject[] {
  return books.periods.map((period, index) => ({
    id: period.id,
    version: 1,
    name: period.start.slice(0, 7),
    number: (index % 12) + 1,
    start: period.start,
    end: period.end,
    isClosed: books.isClosed(period),
  }));
}
