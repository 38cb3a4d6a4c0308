import {
  addDays,
  BilagError,
  named,
  type LedgerDate,
  type LedgerEntry,
  type OrderLinesLookUp,
  type OriginalsLookUp,
  type PlainDate,
  type RawPage,
  type SourceApi,
  type SourceFile,
  type SourceFiles,
} from '@bilag/core';
import type { ArchiveStore, SourcePage } from '@bilag/engine';
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Company } from '../config/company.ts';
import { indexOriginals } from './archive-originals.ts';
import type { CompanyBank } from '../bank/company-bank.ts';
import { openCompanyArchive } from './company-archive.ts';
import { checkpointsOf, type DateCheckpoints } from './date-checkpoints.ts';
import { importedDates } from './imported-dates.ts';
import { type Range, withoutGaps } from './missing-dates.ts';
import { orderLinesOf } from './order-lines.ts';
import { withOtherFacts, type LedgerDates } from './with-other-facts.ts';

/** A company's ledger dates, offline: from its archive or its files. They can be walked again and again. */
export interface CompanyDates {
  /** The last date there is anything of. */
  readonly last: PlainDate | undefined;
  /**
   * From the cut-over to a date, all ledgers side by side, and of each ledger what is there up to its next date with
   * entries: some of them may stand among those of the last. A date that was to be fetched and is not there comes as open,
   * with a finding. Files give every later date too: they may bring a voucher of the period. `after` a date, for books that go on
   * from one, where there are `checkpoints`.
   */
  until(to: PlainDate, after?: PlainDate): AsyncIterable<LedgerDate>;
  /** Absent where the books are always made from the cut-over: of files, and where bank lines or invoices follow a ledger that has ended. */
  readonly checkpoints?: DateCheckpoints | undefined;
  /** What booking looks up: entries by reference, for what a refund or an aborted payout takes back, and what was sold. */
  readonly lookUps: BooksLookUps;
  /** What the bank delivered and what of it is booked, whose lines come with the dates; undefined where it delivered nothing. */
  bank(): Promise<CompanyBank | undefined>;
  /** What lies behind a date, on all ledgers. */
  sourceOf(date: PlainDate): Promise<DateSource>;
  /** Where each entry of a date stands, by its id: the page or file, and its place among the entries of that. */
  placesOf(date: PlainDate): Promise<ReadonlyMap<string, EntryPlace>>;
}

/** An entry, and where it was read. */
export interface EntryPlace extends SourcePage {
  readonly entry: LedgerEntry;
  /** 1 for the first. */
  readonly item: number;
}

/** Beside the dates. */
export interface BooksLookUps {
  readonly originals: OriginalsLookUp;
  readonly orderLines?: OrderLinesLookUp;
}

/** The entries of a date, and the pages or files they were read from. */
export interface DateSource {
  readonly entries: readonly LedgerEntry[];
  readonly pages: readonly SourcePage[];
}

/** Dates that are closed when they are done with. */
export interface OpenDates extends CompanyDates {
  close(): Promise<void>;
}

/** Opens a company's dates for some work. Throws `not-found` when nothing was fetched yet. */
export async function withCompanyDates<Result>(
  company: Company,
  signal: AbortSignal,
  work: (dates: CompanyDates) => Promise<Result>,
): Promise<Result> {
  const dates = await openCompanyDates(company, signal);
  try {
    return await work(dates);
  } finally {
    await dates.close();
  }
}

/** Opens a company's dates. Throws `not-found` when nothing was fetched yet. */
export async function openCompanyDates(company: Company, signal: AbortSignal): Promise<OpenDates> {
  return withOtherFacts(company, await openLedgerDates(company, signal));
}

async function openLedgerDates(company: Company, signal: AbortSignal): Promise<LedgerDates> {
  const { api, files, imports } = company.source.declaration;
  if (files !== undefined && company.source.files !== undefined) return datesOfFiles(company, files);
  const reader = api ?? imports;
  if (reader === undefined) throw new TypeError('a config names the files of a source that has nothing else');
  const archive = await openCompanyArchive(company, { create: false });
  try {
    const ledgers = await ledgersOf(company, archive);
    const read = (first: PlainDate, last: PlainDate): AsyncGenerator<LedgerDate, void, undefined> =>
      sideBySide(
        ledgers.map(({ id, currency }) =>
          reader.dates(archive.pages({ ledgerId: id, from: first, to: last }), { currency }, company.source.config),
        ),
        signal,
      );
    const originals = indexOriginals(read, company.policy.versions[0].from);
    const close = async (): Promise<void> => {
      originals.close();
      await archive.close();
    };
    return { ...(await datesOfArchive(company, reader, archive, ledgers, originals.find, signal)), close };
  } catch (error) {
    await archive.close();
    throw error;
  }
}

async function datesOfArchive(
  company: Company,
  reader: Pick<SourceApi<unknown>, 'dates'>,
  archive: ArchiveStore,
  ledgers: readonly LedgerOfCompany[],
  originals: OriginalsLookUp,
  signal: AbortSignal,
): Promise<Omit<LedgerDates, 'close'>> {
  const { config, declaration } = company.source;
  const scope = declaration.api?.scope(config);
  const from = company.policy.versions[0].from;
  const extents = await Promise.all(ledgers.map(async ({ id }) => [id, (await archive.extent(id)).last] as const));
  const lastOf = new Map(extents);
  const last = [...lastOf.values()]
    .flatMap((date) => date ?? [])
    .toSorted()
    .at(-1);
  async function* datesOf(ledger: LedgerOfCompany, range: Range): AsyncGenerator<LedgerDate, void, undefined> {
    const { id } = ledger;
    const imported = importedDates(
      await archive.dates({ ledgerId: id, from: range.after ?? range.from, to: range.to }),
    );
    const read = reader.dates(archive.pages({ ledgerId: id, from: range.from, to: range.to }), ledger, config);
    yield* withoutGaps(read, ledger, range, { scope, profile: declaration.profile, imported });
  }
  return {
    last,
    lookUps: { originals, ...orderLinesIn(archive, company) },
    handlesOf: (ledgerId) => ledgers.find(({ id }) => id === ledgerId)?.handles ?? [],
    // After a ledger's end the money of its last payout still comes.
    isRead: (ledgerId, date) =>
      ledgers.some(({ id, end }) => id === ledgerId && end !== undefined) || date <= (lastOf.get(ledgerId) ?? from),
    checkpoints: checkpointsOf(archive, company.source, ledgers),
    until: (to, after) => {
      const range = {
        from: after === undefined ? from : addDays(after, 1),
        after,
        to: last === undefined || last < to ? to : earlierOf(last, addDays(to, mostQuietDays)),
      };
      return sideBySide(
        ledgers.map((ledger) => toNextEntries(datesOf(ledger, range), to)),
        signal,
      );
    },
    sourceOf: async (date) => {
      const entries: LedgerEntry[] = [];
      const sources: SourcePage[] = [];
      for (const { id, currency } of ledgers) {
        const pages = await Array.fromAsync(archive.pages({ ledgerId: id, from: date, to: date }));
        for (const page of pages) sources.push(sourceOfPage(page));
        for await (const read of reader.dates(pages, { currency }, config)) {
          for (const entry of read.entries) entries.push(entry);
        }
      }
      return { entries, pages: sources };
    },
    placesOf: async (date) => {
      const places = new Map<string, EntryPlace>();
      for (const { id, currency } of ledgers) {
        for await (const page of archive.pages({ ledgerId: id, from: date, to: date })) {
          const source = sourceOfPage(page);
          for await (const { entries } of reader.dates([page], { currency }, config))
            for (const [index, entry] of entries.entries()) places.set(entry.id, { ...source, entry, item: index + 1 });
        }
      }
      return places;
    },
  };
}

/** What was sold, where the config reads it. */
function orderLinesIn(archive: ArchiveStore, { source, policy }: Company): Pick<BooksLookUps, 'orderLines'> {
  const { api } = source.declaration;
  const scope = api?.scope(source.config)?.sales;
  const salesOf = api?.sales;
  return scope === undefined || salesOf === undefined
    ? {}
    : { orderLines: orderLinesOf({ archive, salesOf, scope, policy }) };
}

function sourceOfPage({ request, body }: RawPage): SourcePage {
  return { request, digest: createHash('sha256').update(body).digest('hex') };
}

interface LedgerOfCompany {
  readonly id: string;
  readonly currency: string;
  /** Its last ledger date, where the config says that it has ended. */
  readonly end: PlainDate | undefined;
  readonly handles: readonly string[];
}

/**
 * The ledgers of the archive that are the company's, those that have ended too: what was booked of them stays. A file has
 * one currency, and so has a company.
 */
async function ledgersOf(company: Company, archive: ArchiveStore): Promise<readonly LedgerOfCompany[]> {
  const { ledgers: wanted, ended = {} } = company.source;
  const chosen = wanted === undefined ? undefined : [...wanted, ...Object.keys(ended)];
  const known = await archive.ledgers();
  const missing = chosen?.filter((id) => !known.some((ledger) => ledger.id === id)) ?? [];
  if (missing.length > 0) throw notInArchive(missing, company);
  const ledgers = known
    .filter(({ id }) => chosen === undefined || chosen.includes(id))
    .map(({ id, currency, handles }) => ({
      id,
      currency,
      handles,
      end: named(ended, id) as PlainDate | undefined,
    }));
  refuseOtherCurrency(
    ledgers,
    company,
    'name the ledgers of one currency under source.ledgers, and make a company for each other currency',
  );
  return ledgers;
}

/** Amounts of two currencies would be added up as if they were one. */
function refuseOtherCurrency(
  ledgers: readonly Pick<LedgerOfCompany, 'id' | 'currency'>[],
  company: Company,
  action: string,
): void {
  const stray = ledgers.find(({ currency }) => currency !== company.currency);
  if (stray === undefined) return;
  throw new BilagError('config', {
    what: `ledger ${stray.id} is in ${stray.currency}, and the company's books are in ${company.currency}`,
    where: `company ${company.id}`,
    action,
  });
}

const fillFirst = 'run bilag fetch, or bilag import with the files of the provider, first';

/** Neither an archive nor files have anything from the cut-over on. */
export function nothingToBook({ id, source, policy }: Company): BilagError {
  return new BilagError('not-found', {
    what: 'there is nothing to book yet',
    where: `company ${id}`,
    action:
      source.files === undefined
        ? fillFirst
        : `look at source.files in the config: they hold no entry from the cut-over ${policy.versions[0].from} on`,
  });
}

function notInArchive(ledgerIds: readonly string[], company: Company): BilagError {
  return new BilagError('not-found', {
    what: `ledger ${ledgerIds.join(', ')} is not in the archive`,
    where: `${company.stores.placesOf(company).archive}, company ${company.id}`,
    action: 'run bilag fetch, or mend source.ledgers in the config',
  });
}

/** Quiet weeks happen; what comes after longer ones stands among nothing. */
const mostQuietDays = 31;

function earlierOf(a: PlainDate, b: PlainDate): PlainDate {
  return a < b ? a : b;
}

async function* toNextEntries(
  dates: AsyncIterable<LedgerDate>,
  to: PlainDate,
): AsyncGenerator<LedgerDate, void, undefined> {
  for await (const date of dates) {
    yield date;
    if (date.date > to && date.entries.length > 0) return;
  }
}

/** Several ledgers as one stream in the order of dates: a file reads best so. */
async function* sideBySide(ledgers: readonly DatesOfLedger[], signal: AbortSignal): DatesOfLedger {
  // What each ledger comes to next; in the order of the ledgers where dates are equal.
  const next: NextDates = new Map(ledgers.map((dates) => [dates, undefined]));
  const dateOf = (dates: DatesOfLedger): string => next.get(dates)?.date ?? '';
  try {
    for (const dates of ledgers) await goOn(dates, next);
    while (next.size > 0) {
      signal.throwIfAborted();
      const earliest = [...next.keys()].reduce((least, each) => (dateOf(each) < dateOf(least) ? each : least));
      yield next.get(earliest) as LedgerDate;
      await goOn(earliest, next);
    }
  } finally {
    for (const dates of ledgers) await dates.return();
  }
}

type DatesOfLedger = AsyncGenerator<LedgerDate, void, undefined>;
type NextDates = Map<DatesOfLedger, LedgerDate | undefined>;

/**
 * Takes a ledger to its next date. The one before is let go of first, and nothing of it stays in a generator that waits: a date
 * may be most of what is in memory.
 */
async function goOn(dates: DatesOfLedger, next: NextDates): Promise<void> {
  next.set(dates, undefined);
  const read = await dates.next();
  if (read.done === true) next.delete(dates);
  else next.set(dates, read.value);
}

/** Files are complete as they are: they lie in memory, and a row in two of them counts once. */
async function datesOfFiles(company: Company, reader: SourceFiles<unknown>): Promise<LedgerDates> {
  const { config, files: names = [], ledger } = company.source;
  const files: SourceFile[] = [];
  for (const name of names) files.push({ name, bytes: await bytesOf(resolve(company.folder, name)) });
  const pages = files.map(({ name, bytes }) => ({
    request: basename(name),
    digest: createHash('sha256').update(bytes).digest('hex'),
  }));
  const from = company.policy.versions[0].from;
  const dates = reader.dates(files, { ledgerId: ledger }, config).filter(({ date }) => date >= from);
  refuseOtherCurrency(
    dates.map(({ ledgerId: id, currency }) => ({ id, currency })),
    company,
    'name the files of one currency under source.files, and make a company for each other currency',
  );
  return {
    last: dates.at(-1)?.date,
    until: () => streamOf(dates),
    handlesOf: () => [],
    isRead: () => true,
    lookUps: {
      originals: (references, through) => {
        const wanted = new Set(references);
        return dates
          .filter(({ date }) => date <= through)
          .flatMap(({ entries }) => entries)
          .filter((entry) => wanted.has(entry.pspReference ?? '') || wanted.has(entry.reference ?? ''));
      },
    },
    sourceOf: async (wanted) => ({
      entries: dates.flatMap(({ date, entries }) => (date === wanted ? entries : [])),
      pages,
    }),
    placesOf: async (wanted) => {
      const places = new Map<string, EntryPlace>();
      for (const [index, file] of files.entries()) {
        const read = reader.dates([file], { ledgerId: ledger }, config).filter(({ date }) => date === wanted);
        const source = pages[index];
        if (source === undefined) continue;
        for (const [at, entry] of read.flatMap(({ entries }) => entries).entries())
          places.set(entry.id, { ...source, entry, item: at + 1 });
      }
      return places;
    },
    close: async () => undefined,
  };
}

/** What is in a file that is one: a device or a pipe may never end. */
async function bytesOf(path: string): Promise<Uint8Array> {
  const action = 'look at source.files in the config';
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === false) throw new BilagError('config', { what: 'this is not a file', where: path, action });
  if (found !== undefined && found.size > mostBytes) {
    const what = `the file is longer than ${mostBytes / 1_048_576} MiB`;
    throw new BilagError('config', { what, where: path, action: 'split it, and name the parts in source.files' });
  }
  return readFile(path).catch((cause: unknown) => {
    throw new BilagError('not-found', { what: 'the file cannot be read', where: path, action }, { cause });
  });
}

/** Archived files lie in memory, and a text of the engine holds half a gigabyte. */
const mostBytes = 268_435_456;

async function* streamOf<Item>(items: readonly Item[]): AsyncGenerator<Item, void, undefined> {
  yield* items;
}
