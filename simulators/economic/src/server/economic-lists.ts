import { jsonReply, type ServerReply } from '@bilag/fault-server';
import { filterOf, type Filterable } from './economic-filter.ts';

const pageSize = 1000;

/** What a list is made of. */
export interface Listing<Row> {
  readonly rows: readonly Row[];
  readonly fields: Filterable<Row>;
  /** The identifier that the cursor is of, and the order. */
  readonly idOf: (row: Row) => number;
  readonly shown: (row: Row) => object;
}

/**
 * A page of a list: a thousand items, and a cursor where there are more. The cursor is the identifier of the next item, so that
 * a row which comes meanwhile moves nothing.
 */
export function cursorReply<Row>({ rows, fields, idOf, shown }: Listing<Row>, query: URLSearchParams): ServerReply {
  const from = Number(query.get('cursor') ?? 0);
  const found = rows
    .filter(filterOf(query.get('filter'), fields))
    .filter((row) => idOf(row) >= from)
    .toSorted((a, b) => idOf(a) - idOf(b));
  const next = found[pageSize];
  const items = found.slice(0, pageSize).map(shown);
  return jsonReply(200, { ...(next === undefined ? {} : { cursor: String(idOf(next)) }), items });
}

/** A page of a list of the older API. */
export function collectionReply(items: readonly object[], query: URLSearchParams, self: string): ServerReply {
  const size = Math.min(1000, Number(query.get('pagesize') ?? 20));
  const skipped = Number(query.get('skippages') ?? 0);
  const collection = items.slice(skipped * size, (skipped + 1) * size);
  const pagination = { pageSize: size, skipPages: skipped, results: items.length, maxPageSizeAllowed: 1000 };
  return jsonReply(200, { collection, pagination, self });
}

/** False is left out, as everywhere in e-conomic. */
export function withoutFalse(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== false && value !== undefined));
}
