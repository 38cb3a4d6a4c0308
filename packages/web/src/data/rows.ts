import type { OpenCompany, ProofLine, ProofTable } from '@bilag/company';
import { BilagError, isPlainDate, quotedName, type LedgerEntry, type PlainDate } from '@bilag/core';
import { chosenMonth, type ChosenMonth } from './months.ts';

/** What a figure is made of: the rows of a line of the month. */
export interface RowsOfFigure {
  readonly of: 'figure';
  readonly month: ChosenMonth;
  readonly currency: string;
  readonly table: ProofTable;
  readonly line: ProofLine;
}

/** What a ledger date is made of: its entries, and where each was read. */
export interface EntriesOfDate {
  readonly of: 'date';
  readonly date: PlainDate;
  readonly currency: string;
  readonly entries: readonly PlacedEntry[];
  readonly count: number;
  /** Where the next page begins; undefined on the last. */
  readonly next: number | undefined;
}

export interface PlacedEntry {
  readonly entry: LedgerEntry;
  /** The page of the provider, or the file, and its SHA-256. */
  readonly page: string;
  readonly digest: string;
  readonly item: number;
}

const entriesOnPage = 200;

/** The rows behind a figure of a month, or behind a ledger date: what the address names. Throws `not-found` for neither. */
export async function rowsBehind(
  open: OpenCompany,
  parameters: URLSearchParams,
): Promise<RowsOfFigure | EntriesOfDate> {
  const date = parameters.get('date');
  if (date !== null) return entriesOfDate(open, date, Number(parameters.get('first') ?? 0));
  const month = await chosenMonth(open, parameters);
  const { tables, currency } = await open.prove({ period: month.period });
  const id = parameters.get('line') ?? '';
  const table = tables.find(({ lines }) => lines.some((line) => line.id === id));
  const line = table?.lines.find((each) => each.id === id);
  if (table === undefined || line === undefined)
    throw nothingThere(`the month ${month.name} has no figure ${quotedName(id)}`);
  return { of: 'figure', month, currency, table, line };
}

async function entriesOfDate(open: OpenCompany, date: string, start: number): Promise<EntriesOfDate> {
  if (!isPlainDate(date)) throw nothingThere(`${quotedName(date)} is no date`);
  const all = await placedEntries(open, date);
  const from = Number.isSafeInteger(start) && start > 0 ? start : 0;
  return {
    of: 'date',
    date,
    currency: open.company.currency,
    entries: all.slice(from, from + entriesOnPage),
    count: all.length,
    next: from + entriesOnPage < all.length ? from + entriesOnPage : undefined,
  };
}

/** The entries of a ledger date, each with where it was read. */
export async function placedEntries(open: OpenCompany, date: PlainDate): Promise<readonly PlacedEntry[]> {
  const places = await (await open.dates()).placesOf(date);
  return [...places.values()].map(({ entry, request, digest, item }) => ({ entry, page: request, digest, item }));
}

function nothingThere(what: string): BilagError {
  return new BilagError('not-found', {
    what,
    where: 'the address',
    action: 'go back, and choose a figure from the page',
  });
}
