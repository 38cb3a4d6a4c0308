import {
  type AccountRead,
  BilagError,
  type Finding,
  isFromFile,
  type LedgerAccount,
  type LedgerDate,
  type LedgerEntry,
  type PlainDate,
  type RawPage,
} from '@bilag/core';
import { type EntriesV1Options, readRowsV1, type V1Format } from './entries-v1.ts';
import { type EntriesV2Options, type ReadEntries, toEntriesV2 } from './entries-v2.ts';
import { factsOnce } from './facts-once.ts';
import { isFeedRequest, parseDatesPage, parseFeedPage, parseV1Page } from './pages.ts';
import { vippsProfile } from '../profile.ts';
import { salesFindings, salesTopic } from './sales.ts';

/** What was read of one ledger date. */
export interface DateParts {
  readonly ledgerId: string;
  readonly date: PlainDate;
  readonly currency: string;
  readonly funds: ReadEntries & { readonly closed: boolean };
  /** Absent when the fees were not read. */
  readonly fees?: ReadEntries & { readonly closed: boolean };
}

/** Puts a ledger date together: funds first, then fees, each in the order received. Duplicates are kept. */
export function toLedgerDate(parts: DateParts): LedgerDate {
  const { ledgerId, date, currency, funds, fees } = parts;
  const entries = [...funds.entries, ...(fees?.entries ?? [])];
  return {
    ledgerId,
    date,
    currency,
    profile: vippsProfile,
    accounts: {
      funds: { closed: funds.closed },
      ...(fees === undefined ? {} : { fees: { closed: fees.closed } }),
    },
    entries,
    ...withFindings([...funds.findings, ...(fees?.findings ?? []), ...otherCurrencies(entries, parts)]),
  };
}

/** Items of a ledger over many dates. */
export interface LedgerItemsV2 {
  readonly ledgerId: string;
  readonly currency: string;
  /** The items of the funds topic, as received. */
  readonly funds: readonly unknown[];
  /** The items of the fees topic; absent when it was not read. */
  readonly fees?: readonly unknown[];
  /** Dates that are still open; every other is closed. */
  readonly openDates?: readonly PlainDate[];
}

/** Sorts v2 items into ledger dates, earliest first. */
export function ledgerDatesFromV2(items: LedgerItemsV2): LedgerDate[] {
  const { ledgerId, currency, openDates = [] } = items;
  const read = (topic: LedgerAccount, of: readonly unknown[]): ReadEntries => toEntriesV2(of, { ledgerId, topic });
  const funds = read('funds', items.funds);
  const fees = items.fees === undefined ? undefined : read('fees', items.fees);
  const fundsByDate = Map.groupBy(funds.entries, (entry) => entry.ledgerDate);
  const feesByDate = Map.groupBy(fees?.entries ?? [], (entry) => entry.ledgerDate);
  const dates = [...new Set([...fundsByDate.keys(), ...feesByDate.keys()])].sort();
  const made = dates.map((date) => {
    const closed = !openDates.includes(date);
    const of = (byDate: Map<PlainDate, LedgerEntry[]>) => ({ entries: byDate.get(date) ?? [], findings: [], closed });
    return toLedgerDate({
      ledgerId,
      date,
      currency,
      funds: of(fundsByDate),
      ...(fees === undefined ? {} : { fees: of(feesByDate) }),
    });
  });
  return withNoticed(made, [...funds.findings, ...(fees?.findings ?? [])]);
}

/** How v1 rows become ledger dates. */
export interface LedgerDatesV1Options extends EntriesV1Options {
  /** Rows after this date may be incomplete: their dates are open. Absent for an archive, which is complete. */
  readonly closedThrough?: PlainDate;
}

/**
 * Sorts v1 rows into ledger dates, earliest first. With a ledger asked for, all rows come under it and those that name
 * another keep it; without one, each ledger gets its own dates, with a warning when there are several.
 */
export function ledgerDatesFromV1(rows: readonly unknown[], options: LedgerDatesV1Options): LedgerDate[] {
  return ledgerDatesFromV1Places([{ where: options.where ?? 'v1 rows', rows }], options);
}

/** The same of several places, such as files: what two of them have is there once. */
export function ledgerDatesFromV1Places(
  places: readonly { readonly where: string; readonly rows: readonly unknown[] }[],
  options: LedgerDatesV1Options,
): LedgerDate[] {
  const ledgerOf = (entry: LedgerEntry): string => options.ledgerId ?? entry.ledgerId;
  const read = places.map(({ where, rows }) => ({ where, ...readRowsV1(rows, { ...options, where }) }));
  const once = factsOnce(read);
  const noticed = [
    ...read.flatMap(({ where, entries, findings }) => [
      ...findings,
      ...severalLedgers([...Map.groupBy(entries, ledgerOf)], where),
    ]),
    ...once.findings,
  ];
  const dates = [...Map.groupBy(once.entries, ledgerOf)]
    .flatMap(([ledgerId, own]) => datesOfV1(ledgerId, own, options.closedThrough))
    .sort((a, b) => compare(a.date, b.date) || compare(a.ledgerId, b.ledgerId));
  return withNoticed(dates, noticed);
}

function datesOfV1(
  ledgerId: string,
  entries: readonly LedgerEntry[],
  closedThrough: PlainDate | undefined,
): LedgerDate[] {
  return [...Map.groupBy(entries, (entry) => entry.ledgerDate)].map(([date, own]) => {
    const closed = closedThrough === undefined || date <= closedThrough;
    return v1Date({ ledgerId, date, currency: own[0]?.currency ?? '', closed, entries: own });
  });
}

interface V1Date {
  readonly ledgerId: string;
  readonly date: PlainDate;
  readonly currency: string;
  readonly closed: boolean;
  readonly entries: readonly LedgerEntry[];
  readonly findings?: readonly Finding[];
}

/** v1 has no fees account of its own: the fee stands beside each sale, so it is accrued with it. */
function v1Date(parts: V1Date): LedgerDate {
  const { ledgerId, date, currency, closed, entries } = parts;
  return {
    ledgerId,
    date,
    currency,
    profile: vippsProfile,
    accounts: { funds: { closed }, fees: { closed, accrued: true } satisfies AccountRead & { accrued: boolean } },
    entries,
    ...withFindings([...(parts.findings ?? []), ...otherCurrencies(entries, parts)]),
  };
}

/** Each finding goes with the first date that has its facts, or else with the first of all. */
function withNoticed(dates: readonly LedgerDate[], noticed: readonly Finding[]): LedgerDate[] {
  const homes = new Map(dates.toReversed().flatMap((date) => date.entries.map(({ id }) => [id, date] as const)));
  const byDate = Map.groupBy(noticed, ({ facts: [fact = ''] = [] }) => homes.get(fact) ?? dates[0]);
  return dates.map((date) => ({ ...date, ...withFindings([...(byDate.get(date) ?? []), ...(date.findings ?? [])]) }));
}

/** What pages do not say themselves. */
export interface PagesOptions {
  /** ISO 4217 of the ledger. */
  readonly currency: string;
  /** Whether fees belong to the books (default true): then a date without its fees pages is open. */
  readonly fees?: boolean;
  /** How v1 pages are to be read; without it they are refused. */
  readonly v1?: V1Format;
  /** Reads a date of which some pages stood in files, with what reads those that did not. */
  readonly fromFiles?: (pages: readonly RawPage[], read: (received: readonly RawPage[]) => LedgerDate) => LedgerDate;
}

/**
 * Reads raw pages again into ledger dates: what comes from an archive is what came from the API, without a network.
 * The pages of a ledger date must follow each other; topics and sequences in any order. A reading that lacks its last
 * page leaves its date open.
 */
export async function* ledgerDatesFromPages(
  pages: Iterable<RawPage> | AsyncIterable<RawPage>,
  options: PagesOptions | ((ledgerId: string) => PagesOptions),
): AsyncGenerator<LedgerDate, void, undefined> {
  const optionsOf = typeof options === 'function' ? options : (): PagesOptions => options;
  const done = new Set<string>();
  let current: RawPage[] = [];
  for await (const page of pages) {
    const [first] = current;
    if (first !== undefined && keyOf(first) !== keyOf(page)) {
      done.add(keyOf(first));
      const read = ledgerDateFromPages(current, optionsOf(first.ledgerId));
      // Whoever books the date holds its entries, and need not hold its bytes.
      current = [];
      yield read;
    }
    if (done.has(keyOf(page))) throw scattered(page);
    current.push(page);
  }
  const [first] = current;
  if (first !== undefined) yield ledgerDateFromPages(current, optionsOf(first.ledgerId));
}

/** Reads all raw pages of one ledger date. */
export function ledgerDateFromPages(pages: readonly RawPage[], options: PagesOptions): LedgerDate {
  const [first] = pages;
  if (first === undefined || pages.some((page) => keyOf(page) !== keyOf(first))) {
    throw new BilagError('rejected', {
      what: 'these are not the pages of one ledger date',
      where: first === undefined ? 'no pages' : placeOf(first),
      action: 'give all pages of one ledger on one date',
    });
  }
  if (options.fromFiles !== undefined && pages.some(isFromFile))
    return options.fromFiles(pages, (received) => ledgerDateFromPages(received, options));
  const topics = Map.groupBy(pages, (page) => page.topic);
  const v1 = topics.get('v1');
  if (v1 !== undefined) return dateFromV1Pages(v1, topics.size, options);
  const { ledgerId, date } = first;
  const topic = (name: LedgerAccount): ReturnType<typeof readTopic> => {
    const own = topics.get(name);
    return own === undefined
      ? { entries: [], findings: [missingTopic(first, name)], closed: false }
      : readTopic(own, name);
  };
  const fees = options.fees === false ? undefined : topic('fees');
  const funds = topic('funds');
  return toLedgerDate({
    ledgerId,
    date,
    currency: options.currency,
    funds: { ...funds, findings: [...funds.findings, ...salesFindings(topics.get(salesTopic) ?? [])] },
    ...(fees === undefined ? {} : { fees }),
  });
}

function readTopic(pages: readonly RawPage[], topic: LedgerAccount): ReadEntries & { closed: boolean } {
  const parts: ReadEntries[] = [];
  const findings: Finding[] = [];
  let closed = false;
  const sorted = inSequence(pages);
  for (const [index, page] of sorted.entries()) {
    if (page.sequence !== index) {
      findings.push(missingPage(page, index));
      return { ...together(parts, findings), closed: false };
    }
    const { ledgerId, date } = page;
    const where = placeOf(page);
    if (isFeedRequest(page.request)) {
      parts.push(ofDate(parseFeedPage(page.body, where).items, { ledgerId, topic, date, where }));
      if (index === sorted.length - 1) return { ...together(parts, findings), closed: false };
      continue;
    }
    const { items, next, open } = parseDatesPage(page.body, where);
    parts.push(toEntriesV2(items, { ledgerId, topic, date, where }));
    // The list only grows, so what the last page says of the date holds for all.
    closed = next === null && !open;
    if (next === null) return { ...together(parts, findings), closed };
  }
  const last = sorted.at(-1);
  if (last !== undefined) findings.push(missingPage(last, pages.length));
  return { ...together(parts, findings), closed };
}

/** A page of the feed has entries of other dates too, and never says that a date is closed. */
function ofDate(items: readonly unknown[], place: Required<EntriesV2Options>): ReadEntries {
  const { date, ...feed } = place;
  const { entries } = toEntriesV2(items, feed);
  return { entries: entries.filter(({ ledgerDate }) => ledgerDate === date), findings: [] };
}

function together(parts: readonly ReadEntries[], findings: readonly Finding[]): ReadEntries {
  return {
    entries: new Array<LedgerEntry>().concat(...parts.map(({ entries }) => entries)),
    findings: [...parts.flatMap((part) => part.findings), ...findings],
  };
}

function dateFromV1Pages(pages: readonly RawPage[], topics: number, options: PagesOptions): LedgerDate {
  const [first] = pages as [RawPage];
  const { ledgerId, date } = first;
  if (options.v1 === undefined || topics > 1) {
    throw new BilagError('config', {
      what:
        topics > 1 ? 'this date was fetched with both v1 and v2' : 'these are v1 pages, and their format is not stated',
      where: placeOf(first),
      action:
        topics > 1
          ? 'choose one of them for the date'
          : 'state whether settlement is net or gross and the unit of amounts',
    });
  }
  const format = options.v1;
  const read = inSequence(pages).map((page) => ({ page, ...parseV1Page(page.body, placeOf(page)) }));
  const hole = read.findIndex(({ page }, index) => page.sequence !== index);
  const whole = hole === -1 && read.at(-1)?.next === null;
  const parts = read.map(({ page, items }) => readRowsV1(items, { ...format, ledgerId, where: placeOf(page) }));
  const { entries } = factsOnce([
    {
      where: placeOf(first),
      entries: parts.flatMap((part) => part.entries),
      besides: new Map(parts.flatMap(({ besides }) => [...besides])),
    },
  ]);
  return v1Date({
    ledgerId,
    date,
    currency: options.currency,
    closed: whole && pages.every(({ closed }) => closed),
    entries,
    findings: [
      ...parts.flatMap(({ findings }) => findings),
      ...(whole ? [] : [missingPage(first, hole === -1 ? read.length : hole)]),
    ],
  });
}

function inSequence(pages: readonly RawPage[]): RawPage[] {
  return pages.toSorted((a, b) => a.sequence - b.sequence);
}

function keyOf(page: RawPage): string {
  return `${page.ledgerId} ${page.date}`;
}

function placeOf(page: RawPage): string {
  return `ledger ${page.ledgerId}, ${page.topic}, ${page.date}, page ${page.sequence}`;
}

function missingPage(page: RawPage, sequence: number): Finding {
  return {
    code: 'page-missing',
    severity: 'warning',
    message: `page ${sequence} of ${page.topic} is missing, so the date stays open`,
    where: `ledger ${page.ledgerId}, ${page.topic}, ${page.date}`,
    action: 'fetch the date again',
    ledgerId: page.ledgerId,
    date: page.date,
  };
}

/** Not a topic without entries: that has a page which says so. */
function missingTopic({ ledgerId, date }: RawPage, topic: LedgerAccount): Finding {
  return {
    code: 'page-missing',
    severity: 'warning',
    message: `${topic} of this date are missing, so the date stays open`,
    where: `ledger ${ledgerId}, ${topic}, ${date}`,
    action: 'fetch the date again',
    ledgerId,
    date,
  };
}

function scattered(page: RawPage): BilagError {
  return new BilagError('rejected', {
    what: 'the pages of this ledger date do not follow each other',
    where: placeOf(page),
    action: 'give the pages sorted by ledger and date',
  });
}

function severalLedgers(ledgers: readonly [string, readonly LedgerEntry[]][], where: string): Finding[] {
  if (ledgers.length < 2) return [];
  const ids = ledgers.map(([ledgerId]) => ledgerId).sort();
  return ledgers.map(([ledgerId, entries]) => ({
    code: 'several-ledgers',
    severity: 'warning',
    message: `the rows belong to ${ids.length} ledgers: ${ids.join(', ')}`,
    where,
    action: 'check that all of them are yours; each is booked on its own',
    ledgerId,
    facts: entries.map(({ id }) => id),
  }));
}

/** A ledger has one currency; an entry in another would be added to amounts it cannot be added to. */
function otherCurrencies(
  entries: readonly LedgerEntry[],
  asked: { readonly ledgerId: string; readonly date: PlainDate; readonly currency: string },
): Finding[] {
  const { ledgerId, date, currency } = asked;
  const strays = entries.filter((entry) => entry.currency !== currency);
  if (strays.length === 0) return [];
  return [
    {
      code: 'other-currency-named',
      severity: 'error',
      message: `${strays.length} entries are in ${strays[0]?.currency}, and the ledger is in ${currency}`,
      where: `ledger ${ledgerId}, ${date}`,
      action: 'check the currency of the ledger in the configuration',
      ledgerId,
      date,
      facts: strays.map(({ id }) => id),
    },
  ];
}

function withFindings(findings: readonly Finding[]): { readonly findings?: readonly Finding[] } {
  return findings.length === 0 ? {} : { findings };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
