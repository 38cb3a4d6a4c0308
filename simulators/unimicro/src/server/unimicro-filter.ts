type Row = Readonly<Record<string, unknown>>;
type Test = (row: Row) => boolean;

/**
 * The rows that a filter lets through: `A eq 'x' and (B ge 1 or C ne null)`. One that names a field no row has, or that cannot be read,
 * is not applied: all of them come.
 */
export function filtered<Item extends Row>(
  rows: readonly Item[],
  filter: string | null,
  unknownFields: ReadonlySet<string>,
): readonly Item[] {
  if (filter === null || filter.trim() === '') return rows;
  const parser = new FilterParser(filter);
  const test = parser.whole();
  const isKnown = [...parser.fields].every(
    (field) => !unknownFields.has(field) && rows.every((row) => Object.hasOwn(row, field)),
  );
  return test === undefined || !isKnown ? rows : rows.filter(test);
}

const tokens = /\s*(\(|\)|'(?:[^']|'')*'|[^\s()']+)/y;

class FilterParser {
  readonly fields: Set<string> = new Set();
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    const found: string[] = [];
    tokens.lastIndex = 0;
    for (let match = tokens.exec(text.trim()); match !== null; match = tokens.exec(text.trim()))
      found.push(match[1] ?? '');
    this.#tokens = found;
  }

  /** Undefined where it cannot be read. */
  whole(): Test | undefined {
    const test = this.#alternatives();
    return this.#at === this.#tokens.length ? test : undefined;
  }

  #alternatives(): Test | undefined {
    return this.#joined('or', () => this.#joined('and', () => this.#one()));
  }

  #joined(word: 'and' | 'or', part: () => Test | undefined): Test | undefined {
    const tests = [part()];
    while (this.#tokens[this.#at] === word) {
      this.#at += 1;
      tests.push(part());
    }
    if (tests.includes(undefined)) return undefined;
    return (row) => (word === 'and' ? tests.every((test) => test?.(row)) : tests.some((test) => test?.(row)));
  }

  #one(): Test | undefined {
    if (this.#tokens[this.#at] === '(') {
      this.#at += 1;
      const inner = this.#alternatives();
      const isClosed = this.#tokens[this.#at] === ')';
      this.#at += 1;
      return isClosed ? inner : undefined;
    }
    const [field = '', operator = '', literal] = this.#tokens.slice(this.#at, this.#at + 3);
    const compare = comparisons.get(operator);
    if (literal === undefined || compare === undefined) return undefined;
    this.#at += 3;
    this.fields.add(field);
    const wanted = valueOf(literal);
    return (row) => compare(orderOf(row[field], wanted));
  }
}

const comparisons: ReadonlyMap<string, (order: number | undefined) => boolean> = new Map([
  ['eq', (order) => order === 0],
  ['ne', (order) => order !== 0],
  ['gt', (order) => order !== undefined && order > 0],
  ['ge', (order) => order !== undefined && order >= 0],
  ['lt', (order) => order !== undefined && order < 0],
  ['le', (order) => order !== undefined && order <= 0],
]);

function valueOf(literal: string): string | number | null {
  if (literal.startsWith("'")) return literal.slice(1, -1).replaceAll("''", "'");
  return literal === 'null' ? null : Number(literal);
}

/** As databases of this kind compare texts: whatever their case. Undefined where one of two is null. */
function orderOf(held: unknown, wanted: string | number | null): number | undefined {
  if (held === null || held === undefined || wanted === null) return (held ?? null) === wanted ? 0 : undefined;
  if (typeof wanted === 'number') return Number(held) - wanted;
  const [a, b] = [String(held).toLowerCase(), wanted.toLowerCase()];
  return a < b ? -1 : a > b ? 1 : 0;
}
