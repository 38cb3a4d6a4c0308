import { jsonReply, type ServerReply } from '@bilag/fault-server';

/** The dates a listing may be filtered by. */
export interface FilterDates {
  readonly date?: string;
  readonly createdDate?: string;
  readonly lastModified?: string;
}

const comparisons: Readonly<Record<string, (value: string, bound: string) => boolean>> = {
  '': (value, bound) => value === bound,
  Le: (value, bound) => value <= bound,
  Lt: (value, bound) => value < bound,
  Ge: (value, bound) => value >= bound,
  Gt: (value, bound) => value > bound,
};

/** Whether an item passes the filters it knows. Filters it does not know are ignored, as Fiken ignores them. */
export function passes(query: URLSearchParams, dates: FilterDates): boolean {
  return Object.entries(dates).every(([name, value]) =>
    Object.entries(comparisons).every(([suffix, holds]) => {
      const bound = query.get(name + suffix);
      return bound === null || holds(value, bound);
    }),
  );
}

/** One page of a list, the newest first, with Fiken's headers. */
export function pageReply(query: URLSearchParams, items: readonly unknown[]): ServerReply {
  const page = wholeNumber(query.get('page'), 0);
  const pageSize = Math.min(100, Math.max(1, wholeNumber(query.get('pageSize'), 25)));
  return jsonReply(200, items.slice(page * pageSize, (page + 1) * pageSize), {
    'Fiken-Api-Page': String(page),
    'Fiken-Api-Page-Size': String(pageSize),
    'Fiken-Api-Page-Count': String(Math.ceil(items.length / pageSize)),
    'Fiken-Api-Result-Count': String(items.length),
  });
}

function wholeNumber(text: string | null, otherwise: number): number {
  return text !== null && /^\d+$/.test(text) ? Number(text) : otherwise;
}
