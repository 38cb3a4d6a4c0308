import { EconomicRefusal } from '../books/economic-refusal.ts';

/** What a row is compared by, and how: a field's value, and the operators its description allows. */
export type Filterable<Row> = Readonly<
  Record<string, { readonly value: (row: Row) => string | number; readonly by: string }>
>;

const numbers = 'eq ne lt lte gt gte in nin';
const dates = 'eq ne lt lte gt gte';
const texts = 'eq ne lt lte gt gte like';
export const operators: Readonly<Record<'numbers' | 'dates' | 'texts', string>> = { numbers, dates, texts };

/**
 * Reads a filter such as `voucherNumber$in:[1,2]$and:(date$gte:2026-03-01$or:text$like:Vipps*)`. A field or an operator that is
 * not filterable is refused with 400, as the description says.
 */
export function filterOf<Row>(text: string | null, fields: Filterable<Row>): (row: Row) => boolean {
  if (text === null || text === '') return () => true;
  return new FilterReader(text, fields).whole();
}

class FilterReader<Row> {
  readonly #text: string;
  readonly #fields: Filterable<Row>;
  #at = 0;

  constructor(text: string, fields: Filterable<Row>) {
    this.#text = text;
    this.#fields = fields;
  }

  whole(): (row: Row) => boolean {
    const filter = this.#either();
    if (this.#at < this.#text.length) throw badFilter('something is left over');
    return filter;
  }

  #either(): (row: Row) => boolean {
    const parts = [this.#all()];
    while (this.#take('$or:')) parts.push(this.#all());
    return (row) => parts.some((part) => part(row));
  }

  #all(): (row: Row) => boolean {
    const parts = [this.#one()];
    while (this.#take('$and:')) parts.push(this.#one());
    return (row) => parts.every((part) => part(row));
  }

  #one(): (row: Row) => boolean {
    if (this.#take('(')) {
      const inner = this.#either();
      if (!this.#take(')')) throw badFilter('a parenthesis is open');
      return inner;
    }
    const [, name = '', operator = ''] = /^(\w+)\$(\w+):/.exec(this.#text.slice(this.#at)) ?? [];
    const field = Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
    if (field === undefined) throw badFilter(`${name} is not filterable`);
    if (!field.by.split(' ').includes(operator)) throw badFilter(`${name} is not filterable by ${operator}`);
    this.#at += name.length + operator.length + 2;
    const value = this.#value();
    return (row) => matches(field.value(row), operator, value);
  }

  /** `$` escapes what follows it, but at the beginning of `$and:` and `$or:`. */
  #value(): string {
    let value = '';
    for (; this.#at < this.#text.length; this.#at += 1) {
      const rest = this.#text.slice(this.#at);
      if (/^\$(?:and|or):/.test(rest) || rest.startsWith(')')) return value;
      if (rest.startsWith('$')) this.#at += 1;
      value += this.#text[this.#at] ?? '';
    }
    return value;
  }

  #take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }
}

function matches(held: string | number, operator: string, given: string): boolean {
  if (operator === 'in' || operator === 'nin') {
    const [, list] = /^\[(.*)\]$/.exec(given) ?? [];
    if (list === undefined) throw badFilter('a list stands in brackets');
    const values = list.split(',');
    if (values.length > 200) throw badFilter('a list has 200 values at most');
    return values.some((value) => compare(held, value) === 0) === (operator === 'in');
  }
  if (operator === 'like') {
    const pattern = given.includes('*') ? given : `*${given}*`;
    const parts = pattern
      .toLowerCase()
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
    return new RegExp(`^${parts.join('.*')}$`, 's').test(String(held).toLowerCase());
  }
  const order = compare(held, given);
  return (
    { eq: order === 0, ne: order !== 0, lt: order < 0, lte: order <= 0, gt: order > 0, gte: order >= 0 }[operator] ??
    false
  );
}

function compare(held: string | number, given: string): number {
  if (typeof held === 'number') {
    if (!/^-?\d+$/.test(given)) throw badFilter(`${given} is no number`);
    return held - Number(given);
  }
  const [a, b] = [held.toLowerCase(), given.toLowerCase()];
  return a < b ? -1 : a > b ? 1 : 0;
}

function badFilter(words: string): EconomicRefusal {
  return new EconomicRefusal(400, 'FilterNotValid', `The filter is not valid: ${words}.`, 'filter');
}
