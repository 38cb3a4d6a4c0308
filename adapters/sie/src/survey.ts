import {
  BilagError,
  add,
  linesOf,
  zero,
  type Amount,
  type Book,
  type BookAccount,
  type ErrorKind,
  type ViewedLine,
  type Voucher,
  named,
} from '@bilag/core';
import { dimensionNames, reservedDimensions, type SieConfig } from './config.ts';
import { isCp437 } from './cp437.ts';

/** An object of SIE: a value of a dimension. */
export interface SieObject {
  readonly dimension: number;
  readonly id: string;
  readonly name: string;
}

/**
 * What stands before the vouchers: what they use, and nothing else, so that an import opens no account it does not need. An
 * exported file has the accounts with an opening balance too.
 */
export interface Survey {
  readonly accounts: readonly BookAccount[];
  /** Account → debit − credit of the period. */
  readonly movements: ReadonlyMap<string, Amount>;
  /** Number and name. */
  readonly dimensions: readonly (readonly [number, string])[];
  readonly objects: readonly SieObject[];
  /** The objects of a line, in the order of their numbers. */
  readonly objectsOf: (line: ViewedLine) => readonly SieObject[];
}

/** Reads the book once, and refuses what the file cannot hold before its first byte is written. */
export async function surveyOf(book: Book, config: SieConfig): Promise<Survey> {
  mustBeSwedish(book, config);
  const numbers = numbersOf(book, config);
  const known = knownObjects(book, numbers);
  const accounts = new Map(book.accounts.map((account) => [account.number, account]));
  const movements = new Map<string, Amount>();
  const usedObjects = new Set<SieObject>();
  const objectsOf = (line: ViewedLine): readonly SieObject[] =>
    valuesOf(line, numbers).map(({ key }) => known.get(key) as SieObject);
  for await (const voucher of book.vouchers()) {
    const where = `voucher ${voucher.key}`;
    mustBelongTo(book, voucher, where);
    for (const line of linesOf(voucher, 'explicit')) {
      const account = accounts.get(line.account);
      if (account === undefined) throw strange(`account ${line.account} is not among the accounts of the book`, where);
      movements.set(line.account, add(movements.get(line.account) ?? zero, line.amount));
      for (const { key, title } of valuesOf(line, numbers)) {
        const object = known.get(key);
        if (object === undefined) throw strange(`${title} is not among the dimensions of the book`, where);
        usedObjects.add(object);
      }
    }
  }
  const isTold = ({ number, opening }: BookAccount): boolean =>
    movements.has(number) || (config.type === '4E' && opening !== zero);
  const told = book.accounts.filter(isTold);
  for (const { number } of told) mustBeNumeric(number);
  const objects = [...known.values()].filter((object) => usedObjects.has(object));
  const names = new Map(objects.map(({ dimension }) => [dimension, nameOf(dimension, numbers)]));
  return {
    accounts: told,
    movements,
    dimensions: [...names].toSorted(([a], [b]) => a - b),
    objects,
    objectsOf,
  };
}

function mustBeSwedish({ company }: Book, config: SieConfig): void {
  const { country, currency, organisationNumber } = company;
  if (country !== 'SE') {
    throw refusal(
      'unsupported',
      `the company is in ${country}, and SIE is for Swedish books`,
      'company.country',
      'choose another target',
    );
  }
  if (currency !== config.currency) {
    const remedy = 'export a ledger in that currency, or set "currency" to what the books are kept in';
    throw refusal(
      'unsupported',
      `the book is in ${currency}, and the file in ${config.currency}`,
      'company.currency',
      remedy,
    );
  }
  if (!/^(?:\d{2})?\d{10}$/.test(organisationNumber)) {
    throw refusal(
      'config',
      'the organisation number is not ten digits',
      'company.organisationNumber',
      'write it in digits alone',
    );
  }
}

function mustBelongTo({ company, period }: Book, { currency, date }: Voucher, where: string): void {
  if (currency !== company.currency) throw strange(`it is in ${currency}, and the file in ${company.currency}`, where);
  if (date < period.from || date > period.to) throw strange(`${date} is not in ${period.from} to ${period.to}`, where);
}

function mustBeNumeric(account: string): void {
  if (/^\d+$/.test(account)) return;
  throw refusal(
    'unsupported',
    `account ${account} is not a number, as accounts of SIE are`,
    'accounts of the policy',
    'name a number',
  );
}

/** Dimension → number, for those the book has. Two of a book may not share one: they could not be told apart. */
function numbersOf({ dimensions, parties }: Book, config: SieConfig): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>(parties.map(({ kind }) => [kind, partyDimension[kind]]));
  for (const type of new Set(dimensions.map((dimension) => dimension.type))) {
    const number = named(config.dimensions, type) ?? named(reservedDimensions, type);
    const where = 'config.dimensions';
    if (number === undefined) {
      throw refusal(
        'config',
        `the dimension "${type}" has no number in SIE`,
        where,
        `give "${type}" one, 20 or higher`,
      );
    }
    const other = [...numbers].find(([, taken]) => taken === number);
    if (other !== undefined) {
      const problem = `the dimensions "${other[0]}" and "${type}" share the number ${number}`;
      throw refusal('config', problem, where, 'give one of them a number of its own, 20 or higher');
    }
    numbers.set(type, number);
  }
  return numbers;
}

function nameOf(dimension: number, numbers: ReadonlyMap<string, number>): string {
  const [type = ''] = [...numbers].find(([, number]) => number === dimension) ?? [];
  return dimensionNames[dimension] ?? type;
}

/** Customers and suppliers are objects too, of the dimensions SIE keeps for them. */
function knownObjects(book: Book, numbers: ReadonlyMap<string, number>): Map<string, SieObject> {
  const objects = [
    ...book.dimensions.map(({ type, id, name }) => ({ dimension: numbers.get(type) ?? 0, id, name })),
    ...book.parties.map(({ kind, id, name }) => ({ dimension: partyDimension[kind], id, name })),
  ];
  for (const { id } of objects) {
    if (id !== '' && isCp437(id) && !/["\\]/.test(id)) continue;
    const problem = `"${id.slice(0, 40)}" has characters that SIE cannot hold unchanged`;
    throw refusal('unsupported', problem, 'dimensions of the policy', 'name it in letters of ASCII, å, ä and ö');
  }
  return new Map(objects.map((object) => [`${object.dimension} ${object.id}`, object]));
}

const partyDimension = { customer: 8, supplier: 9 } as const;

/** What a line is marked with, in the order of the numbers. */
function valuesOf(
  { dimensions = {}, party }: ViewedLine,
  numbers: ReadonlyMap<string, number>,
): { readonly key: string; readonly title: string }[] {
  const values = [...Object.entries(dimensions), ...(party === undefined ? [] : [[party.kind, party.id] as const])];
  return values
    .map(([type, id]) => ({ number: numbers.get(type) ?? 0, id, title: `${type} ${id}` }))
    .toSorted((a, b) => a.number - b.number)
    .map(({ number, id, title }) => ({ key: `${number} ${id}`, title }));
}

function strange(problem: string, where: string): BilagError {
  return refusal('rejected', problem, where, 'prepare the book anew from the same policy and period');
}

function refusal(kind: ErrorKind, what: string, where: string, action: string): BilagError {
  return new BilagError(kind, { what, where, action: `${action}; nothing was written` });
}
