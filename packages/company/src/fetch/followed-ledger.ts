import { addDays, type FeedPage, isPlainDate, type PlainDate, type Reading } from '@bilag/core';
import type { ArchiveStore } from '@bilag/engine';

/** From so many ended dates on that are open, a ledger is followed: to ask for each of them every night is not worth it. */
export const manyOpenDates = 7;

/** Every date that is open is asked for once so often, whatever the feed says. */
const mostDaysUnasked = 7;

/** What the archive remembers of a feed, with the pages that it brought. */
export interface FeedPlace {
  readonly cursor: string;
  /** The dates that were open when the feed brought entries of them. */
  readonly dates: readonly PlainDate[];
}

/** Under which name an archive keeps the place of a feed. */
function nameOf(ledgerId: string, topic: string): string {
  return `feed of ${topic} of ${ledgerId}`;
}

/** Where the feed of a topic goes on; undefined when it was never followed. */
export async function feedPlace(
  archive: ArchiveStore,
  ledgerId: string,
  topic: string,
): Promise<FeedPlace | undefined> {
  const value = await archive.cursor(nameOf(ledgerId, topic));
  if (value === undefined) return undefined;
  const { cursor, dates } = JSON.parse(value) as FeedPlace;
  return { cursor, dates: dates.filter(isPlainDate) };
}

/** Of one topic of a ledger, what to go on with. */
export interface TopicToFollow {
  readonly ledgerId: string;
  readonly topic: string;
  /** Gives the pages of the feed from a cursor on. */
  readonly pagesFrom: (cursor: string | undefined) => AsyncIterable<FeedPage> | Iterable<FeedPage>;
}

/**
 * Takes what a feed has brought since the last time into the archive: each page with the place where the feed goes on, in one
 * transaction, as a page of every open date that it has entries of. What was read of such a date by asking for it is
 * superseded: the feed has all of it. A date that is closed stays what it is.
 */
export async function followFeed(archive: ArchiveStore, { ledgerId, topic, pagesFrom }: TopicToFollow): Promise<void> {
  let place = await feedPlace(archive, ledgerId, topic);
  const passed = await closedAmong(archive, ledgerId, topic, place?.dates ?? []);
  for await (const { page, dates, cursor } of pagesFrom(place?.cursor)) {
    const closed = await closedAmong(archive, ledgerId, topic, dates);
    const open = dates.filter((date) => !closed.has(date));
    const readings = await Promise.all(
      open.map(async (date): Promise<Reading> => {
        const before = await feedPagesOf(archive, { ledgerId, topic, date }, page.request);
        const pages = [...before, page].map((each, sequence) => ({ ...each, sequence }));
        return { ledgerId, topic, date, closed: false, pages };
      }),
    );
    place = { cursor, dates: datesWith(place, open).filter((date) => !passed.has(date)) };
    await archive.storeTogether(readings, { source: nameOf(ledgerId, topic), value: JSON.stringify(place) });
  }
}

function datesWith(place: FeedPlace | undefined, dates: readonly PlainDate[]): readonly PlainDate[] {
  return [...new Set([...(place?.dates ?? []), ...dates])].toSorted();
}

/** Those that are closed already came when they were asked for. */
async function closedAmong(
  archive: ArchiveStore,
  ledgerId: string,
  topic: string,
  dates: readonly PlainDate[],
): Promise<ReadonlySet<PlainDate>> {
  const [first, last] = [dates.toSorted()[0], dates.toSorted().at(-1)];
  if (first === undefined || last === undefined) return new Set();
  const known = await archive.dates({ ledgerId, topic, from: first, to: last });
  return new Set(known.filter(({ closed }) => closed).map(({ date }) => date));
}

/** The pages that the feed has brought of a date so far; none of a date that was asked for. */
async function feedPagesOf(
  archive: ArchiveStore,
  { ledgerId, topic, date }: Pick<Reading, 'ledgerId' | 'topic' | 'date'>,
  request: string,
): Promise<Reading['pages']> {
  const pages = await Array.fromAsync(archive.pages({ ledgerId, topic, from: date, to: date }));
  const [feed = ''] = request.split('?');
  return pages.filter((page) => page.request.split('?')[0] === feed);
}

/** Which open dates of a followed ledger are asked for. */
export interface DatesToAsk {
  /** Asked for first: as long as the earliest with entries is open, so are those after it. */
  readonly probes: readonly PlainDate[];
  /** Asked for when a probe has closed, or when it was long ago that all of them were asked for. */
  readonly rest: readonly PlainDate[];
}

/**
 * Which of the wanted dates of a followed ledger to ask for. A provider closes dates in their order, so it is enough to ask for the
 * earliest that has entries; one that is not in the archive at all is asked for as well. Now and then all are.
 */
export async function datesToAsk(
  archive: ArchiveStore,
  ledger: { readonly ledgerId: string; readonly topics: readonly string[]; readonly today: PlainDate },
  wanted: readonly PlainDate[],
): Promise<DatesToAsk> {
  const { ledgerId, topics, today } = ledger;
  const [first, last] = [wanted[0], wanted.at(-1)];
  if (first === undefined || last === undefined) return { probes: [], rest: [] };
  const known = await Promise.all(topics.map((topic) => archive.dates({ ledgerId, topic, from: first, to: last })));
  const isThere = known.map((dates) => new Set(dates.map(({ date }) => date)));
  const withEntries = new Set<PlainDate>();
  for (const topic of topics)
    for (const date of (await feedPlace(archive, ledgerId, topic))?.dates ?? []) withEntries.add(date);
  const earliest = wanted.find((date) => withEntries.has(date)) ?? wanted[0];
  const probes = wanted.filter((date) => date === earliest || isThere.some((dates) => !dates.has(date)));
  const asked = await archive.cursor(allAsked(ledgerId));
  const isLongAgo = asked === undefined || addDays(asked as PlainDate, mostDaysUnasked) <= today;
  const rest = wanted.filter((date) => !probes.includes(date));
  return isLongAgo ? { probes: wanted, rest: [] } : { probes, rest };
}

/** Remembers that all open dates were asked for. */
export async function noteAllAsked(archive: ArchiveStore, ledgerId: string, today: PlainDate): Promise<void> {
  await archive.setCursor({ source: allAsked(ledgerId), value: today });
}

function allAsked(ledgerId: string): string {
  return `open dates of ${ledgerId} asked for`;
}
