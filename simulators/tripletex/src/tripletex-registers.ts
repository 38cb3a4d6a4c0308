import { jsonReply, type ServerReply } from '@bilag/fault-server';
import type { CompanyBooks } from './company-books.ts';
import type { Numbered } from './company-directory.ts';
import { withFields, type TripletexModel, type TripletexObject } from './fields-filter.ts';
import { models } from './tripletex-models.ts';
import { TripletexRefusal } from './tripletex-replies.ts';
import { numberedObject } from './voucher-objects.ts';

/** What a company's books are made of: read only. Undefined for any other place. */
export function registerReply(place: string, query: URLSearchParams, books: CompanyBooks): ServerReply | undefined {
  const { directory } = books;
  switch (place) {
    case `GET /company/${directory.options.id}`:
      return one(companyObject(books), models.company, query);
    case 'GET /ledger/vatSettings': {
      const isRegistered = directory.options.isVatRegistered ?? true;
      const vatRegistrationStatus = isRegistered ? 'VAT_REGISTERED' : 'VAT_NOT_REGISTERED';
      return one({ id: directory.options.id, version: 1, vatRegistrationStatus }, models.vatSettings, query);
    }
    case 'GET /ledger/account': {
      const numbers = query.get('number')?.split(',');
      const accounts = directory.accounts.filter(({ number }) => numbers === undefined || numbers.includes(number));
      return listOf(
        accounts.map((account) => directory.accountObject(account)),
        models.account,
        query,
      );
    }
    case 'GET /ledger/vatType': {
      const numbers = query.get('number')?.split(',');
      const types = directory.vatTypes.filter(({ number }) => numbers === undefined || numbers.includes(number));
      return listOf(
        types.map(({ contained: _contained, ...type }) => type),
        models.vatType,
        query,
      );
    }
    case 'GET /ledger/voucherType': {
      const name = query.get('name');
      const types = directory.voucherTypes.filter((type) => name === null || type.name === name);
      return listOf(
        types.map((type) => ({ id: type.id, version: 1, name: type.name, displayName: type.name })),
        models.voucherType,
        query,
      );
    }
    case 'GET /ledger/accountingPeriod':
      return listOf(periodObjects(books), models.accountingPeriod, query);
    default:
      return namedReply(place, query, books);
  }
}

/** What people know by a number: each kind has its own name for it, and of some only one can be asked for. */
function namedReply(place: string, query: URLSearchParams, { directory }: CompanyBooks): ServerReply | undefined {
  const reply = (
    known: readonly Numbered[],
    model: TripletexModel,
    [field, parameter, convert]: readonly [string, string, ((number: string) => unknown)?],
  ): ServerReply => {
    const wanted = query.get(parameter);
    const matching = known.filter(({ number }) => wanted === null || number === wanted);
    return listOf(
      matching.map((found) => numberedObject(found, field, convert)),
      model,
      query,
    );
  };
  switch (place) {
    case 'GET /department':
      return reply(directory.departments, models.department, ['departmentNumber', 'departmentNumber']);
    // The vendor's own, though the excerpt of the description leaves it out.
    case 'GET /project':
      return reply(directory.projects, models.project, ['number', 'number']);
    case 'GET /customer':
      return reply(directory.customers, models.customer, ['customerNumber', 'customerAccountNumber', Number]);
    case 'GET /supplier':
      return reply(directory.suppliers, models.supplier, ['supplierNumber', 'supplierNumber', Number]);
    default:
      return undefined;
  }
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
