import type { ServerReply } from '@bilag/fault-server';
import { badRequest } from '../books/business-central-refusal.ts';
import { noProperty } from '../books/line-checks.ts';
import { objectReply } from './business-central-replies.ts';
import { filterOf, type Properties } from './odata-filter.ts';

/** What a list is made of. */
export interface Listing<Row> {
  readonly rows: readonly Row[];
  /** What the resource is called in errors. */
  readonly type: string;
  readonly properties: Properties<Row>;
  readonly shown: (row: Row) => object;
  /** By the name of what can be asked for with `$expand`. */
  readonly expanded?: Readonly<Record<string, (row: Row) => readonly object[]>>;
}

const known = new Set(['$filter', '$orderby', '$top', '$skip', '$expand', '$select']);

/** A page of a list. Where more rows are left than a page has, there is a link to the next. */
export function listReply<Row>(
  { rows, type, properties, shown, expanded = {} }: Listing<Row>,
  query: URLSearchParams,
  place: { readonly url: string; readonly pageRows: number },
): ServerReply {
  for (const name of query.keys()) if (!known.has(name)) throw badRequest(`The query option ${name} is not known.`);
  const found = rows.filter(filterOf(query.get('$filter'), properties, type));
  const [name = '', direction = 'asc'] = (query.get('$orderby') ?? '').split(' ');
  const inOrder = name === '' ? found : orderedBy(found, name, direction, properties, type);
  const skip = Number(query.get('$skip') ?? 0);
  const wanted = inOrder.slice(skip, skip + Number(query.get('$top') ?? Infinity));
  const page = wanted.slice(0, place.pageRows);
  const expand = query.get('$expand');
  const more =
    expand === null ? undefined : Object.hasOwn(expanded, expand) ? expanded[expand] : noExpansion(expand, type);
  const value = page.map((row) => ({ ...shown(row), ...(more !== undefined && { [expand ?? '']: more(row) }) }));
  const next = new URLSearchParams(query);
  next.set('$skip', String(skip + page.length));
  const link = page.length < wanted.length ? { '@odata.nextLink': `${place.url}?${next.toString()}` } : {};
  return objectReply(200, { '@odata.context': `${place.url}/$metadata`, value, ...link });
}

function orderedBy<Row>(
  rows: readonly Row[],
  name: string,
  direction: string,
  properties: Properties<Row>,
  type: string,
): Row[] {
  const value = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (value === undefined) throw noProperty(name, type);
  const sign = direction === 'desc' ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [left, right] = [value(a), value(b)];
    return (left < right ? -1 : left > right ? 1 : 0) * sign;
  });
}

function noExpansion(name: string, type: string): never {
  throw noProperty(name, type);
}
