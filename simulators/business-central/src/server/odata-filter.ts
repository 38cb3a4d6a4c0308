import { badRequest } from '../books/business-central-refusal.ts';
import { noProperty } from '../books/line-checks.ts';

/** The values that rows are filtered and ordered by, by the name of the property. Numbers are numbers, dates and texts are texts. */
export type Properties<Row> = Readonly<Record<string, (row: Row) => string | number>>;

type Test<Row> = { readonly passes: (row: Row) => boolean; readonly names: ReadonlySet<string> };

const tokenPattern = /\s*(?:(\()|(\))|(,)|'((?:[^']|'')*)'|([A-Za-z_]\w*)(?![\w-])|([\w.-]+))/y;

/**
 * Reads a filter such as `documentNumber eq 'A' and (postingDate ge 2026-03-01 or postingDate lt 2026-01-01)`. Two properties cannot
 * be joined by "or", as its documentation says.
 */
export function filterOf<Row>(text: string | null, properties: Properties<Row>, type: string): (row: Row) => boolean {
  if (text === null || text.trim() === '') return () => true;
  const reader = new FilterReader(tokensOf(text), properties, type);
  return reader.whole();
}

interface Token {
  readonly kind: 'open' | 'close' | 'comma' | 'text' | 'word' | 'literal';
  readonly text: string;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.trimEnd().length) {
    const match = tokenPattern.exec(text);
    if (match === null) throw badRequest('Syntax error in the filter.');
    const [, open, close, comma, quoted, word, literal] = match;
    if (open !== undefined) tokens.push({ kind: 'open', text: open });
    else if (close !== undefined) tokens.push({ kind: 'close', text: close });
    else if (comma !== undefined) tokens.push({ kind: 'comma', text: comma });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replaceAll("''", "'") });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: 'literal', text: literal ?? '' });
  }
  return tokens;
}

class FilterReader<Row> {
  readonly #tokens: readonly Token[];
  readonly #properties: Properties<Row>;
  readonly #type: string;
  #at = 0;

  constructor(tokens: readonly Token[], properties: Properties<Row>, type: string) {
    this.#tokens = tokens;
    this.#properties = properties;
    this.#type = type;
  }

  whole(): (row: Row) => boolean {
    const { passes } = this.#either();
    if (this.#at < this.#tokens.length) throw badRequest('Syntax error in the filter.');
    return passes;
  }

  #either(): Test<Row> {
    const tests = [this.#all()];
    while (this.#take('word', 'or')) tests.push(this.#all());
    const names = new Set(tests.flatMap((test) => [...test.names]));
    if (tests.length > 1 && names.size > 1) {
      throw badRequest("The 'OR' operator is not supported on distinct fields on an OData filter.");
    }
    return { passes: (row) => tests.some(({ passes }) => passes(row)), names };
  }

  #all(): Test<Row> {
    const tests = [this.#one()];
    while (this.#take('word', 'and')) tests.push(this.#one());
    const names = new Set(tests.flatMap((test) => [...test.names]));
    return { passes: (row) => tests.every(({ passes }) => passes(row)), names };
  }

  #one(): Test<Row> {
    if (this.#take('open')) {
      const inner = this.#either();
      this.#must('close');
      return inner;
    }
    const { text: first } = this.#must('word');
    if (/^(?:startswith|contains|endswith)$/.test(first)) return this.#call(first);
    const operator = this.#must('word').text;
    const { text: given } = this.#next();
    const value = this.#property(first);
    const compare = comparisons[operator];
    if (compare === undefined) throw badRequest(`The operator ${operator} is not known.`);
    return { passes: (row) => compare(order(value(row), given)), names: new Set([first]) };
  }

  #call(name: string): Test<Row> {
    this.#must('open');
    const { text: property } = this.#must('word');
    this.#must('comma');
    const wanted = this.#must('text').text.toLowerCase();
    this.#must('close');
    const value = this.#property(property);
    const passes = (row: Row): boolean => {
      const held = String(value(row)).toLowerCase();
      if (name === 'startswith') return held.startsWith(wanted);
      return name === 'endswith' ? held.endsWith(wanted) : held.includes(wanted);
    };
    return { passes, names: new Set([property]) };
  }

  #property(name: string): (row: Row) => string | number {
    const value = Object.hasOwn(this.#properties, name) ? this.#properties[name] : undefined;
    if (value === undefined) throw noProperty(name, this.#type);
    return value;
  }

  #take(kind: Token['kind'], text?: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind || (text !== undefined && token.text !== text)) return false;
    this.#at += 1;
    return true;
  }

  #next(): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw badRequest('Syntax error in the filter.');
    this.#at += 1;
    return token;
  }

  #must(kind: Token['kind']): Token {
    const token = this.#next();
    if (token.kind !== kind) throw badRequest('Syntax error in the filter.');
    return token;
  }
}

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  eq: (one) => one === 0,
  ne: (one) => one !== 0,
  gt: (one) => one > 0,
  ge: (one) => one >= 0,
  lt: (one) => one < 0,
  le: (one) => one <= 0,
};

/** Texts are compared as its database does it, whatever their case. */
function order(held: string | number, given: string): number {
  if (typeof held === 'number') {
    if (!/^-?\d+(?:\.\d+)?$/.test(given)) throw badRequest(`${given} is no number.`);
    return held - Number(given);
  }
  const [a, b] = [held.toLowerCase(), given.toLowerCase()];
  return a < b ? -1 : a > b ? 1 : 0;
}
