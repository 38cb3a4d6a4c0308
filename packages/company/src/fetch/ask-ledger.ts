import {
  isBilagError,
  isClosed,
  type BilagError,
  type ErrorKind,
  type Finding,
  type LedgerDate,
  type PlainDate,
  type Reading,
} from '@bilag/core';
import type { ArchiveStore } from '@bilag/engine';
import type { Company } from '../config/company.ts';
import { lastEndedDate } from '../dates/period.ts';
import type { ChosenLedger } from './choose-ledgers.ts';
import { datesToAsk, feedPlace, followFeed, manyOpenDates, noteAllAsked } from './followed-ledger.ts';
import type { SharedConnection } from './source-connections.ts';

/** A date that could not be had, or a whole ledger. */
export interface FetchFailure {
  readonly date: PlainDate | null;
  readonly error: BilagError;
}

/** What asking for the dates of a ledger needs. */
export interface AskingContext {
  readonly company: Company;
  readonly shared: SharedConnection;
  readonly archive: ArchiveStore;
  readonly today: PlainDate;
  readonly options: {
    readonly now: Date;
    readonly signal: AbortSignal;
    readonly mostDates?: number | undefined;
    readonly onDate?: (ledgerId: string, date: PlainDate) => void;
  };
}

/** What came of asking. */
export interface AskedLedger {
  readonly fetched: number;
  readonly open: readonly PlainDate[];
  readonly next: PlainDate | null;
  readonly findings: readonly Finding[];
  readonly failures: readonly FetchFailure[];
}

/** Takes what is new of a ledger into the archive: date by date, or by its feed where many of its dates are open. */
export async function askLedger(
  ledger: ChosenLedger,
  { wanted, open }: { readonly wanted: readonly PlainDate[]; readonly open: readonly PlainDate[] },
  context: AskingContext,
): Promise<AskedLedger> {
  const { archive, shared, today, options } = context;
  const isFollowed = await follows(ledger, open, context);
  const asking: Asking = { ledger, isFollowed, left: options.mostDates ?? Number.POSITIVE_INFINITY, ...noAnswers() };
  if (isFollowed) await follow(asking, context);
  const place = { ledgerId: ledger.id, topics: shared.scope.topics, today };
  const { probes, rest } = isFollowed ? await datesToAsk(archive, place, wanted) : { probes: wanted, rest: [] };
  await ask(probes, asking, context);
  if (probes.some((date) => asking.closed.has(date))) await ask(rest, asking, context);
  const { fetched, asked, closed, failures, findings, next } = asking;
  if (isFollowed && fetched === wanted.length) await noteAllAsked(archive, ledger.id, today);
  const failed = new Set(failures.map(({ date }) => date));
  const isStillOpen = (date: PlainDate): boolean =>
    !closed.has(date) && !failed.has(date) && (isFollowed || asked.has(date));
  return { fetched, open: wanted.filter(isStillOpen), next, findings, failures };
}

/** A ledger whose dates are asked for, and what has come of it so far. */
interface Asking {
  readonly ledger: ChosenLedger;
  readonly isFollowed: boolean;
  /** How many more dates may be asked for. */
  left: number;
  /** The first date for which none were left. */
  next: PlainDate | null;
  fetched: number;
  readonly asked: Set<PlainDate>;
  readonly closed: Set<PlainDate>;
  readonly findings: Finding[];
  readonly failures: FetchFailure[];
}

function noAnswers(): Omit<Asking, 'ledger' | 'isFollowed' | 'left'> {
  return { next: null, fetched: 0, asked: new Set(), closed: new Set(), findings: [], failures: [] };
}

/** Once followed, a ledger is followed for good: a feed that is not read has a hole. */
async function follows(
  { id }: ChosenLedger,
  open: readonly PlainDate[],
  { archive, shared, company, options }: AskingContext,
): Promise<boolean> {
  const { scope, connection } = shared;
  if (connection.follow === undefined || scope.feeds === undefined) return false;
  for (const topic of scope.feeds) if ((await feedPlace(archive, id, topic)) !== undefined) return true;
  const ended = lastEndedDate(company.country, options.now);
  return open.filter((date) => date <= ended).length >= manyOpenDates;
}

async function follow(
  { ledger, failures }: Asking,
  { archive, shared, company, options }: AskingContext,
): Promise<void> {
  const { id: ledgerId, currency } = ledger;
  for (const topic of shared.scope.feeds ?? []) {
    try {
      await followFeed(archive, {
        ledgerId,
        topic,
        pagesFrom: (cursor) =>
          shared.connection.follow?.({ ledgerId, currency, topic, cursor }, company.source.config) ?? [],
      });
    } catch (error) {
      if (!isBilagError(error) || options.signal.aborted) throw error;
      failures.push({ date: null, error });
    }
  }
}

async function ask(dates: readonly PlainDate[], asking: Asking, context: AskingContext): Promise<void> {
  const { ledger, asked, closed, findings, failures } = asking;
  const { options } = context;
  let failedInARow = 0;
  for (const date of dates) {
    if (asking.left <= 0) {
      asking.next ??= date;
      return;
    }
    asking.left -= 1;
    options.onDate?.(ledger.id, date);
    try {
      const read = await fetchDate(asking, date, context);
      asking.fetched += 1;
      failedInARow = 0;
      asked.add(date);
      if (isClosed(read)) closed.add(date);
      for (const finding of read.findings ?? []) findings.push(finding);
    } catch (error) {
      if (!isBilagError(error) || options.signal.aborted) throw error;
      failures.push({ date, error });
      failedInARow += 1;
      if (!ofTheDate.has(error.kind) || failedInARow === mostFailuresInARow) return;
    }
  }
}

async function fetchDate({ ledger, isFollowed }: Asking, date: PlainDate, context: AskingContext): Promise<LedgerDate> {
  const { company, shared, archive, options } = context;
  const { id: ledgerId, currency } = ledger;
  const endedThrough = lastEndedDate(company.country, options.now);
  const { readings, read } = await shared.connection.read(
    { ledgerId, currency, date, endedThrough },
    company.source.config,
  );
  for (const reading of readings) {
    // Of an open date the feed's pages are kept: it goes on from them.
    const isKept = isFollowed && !reading.closed && (await isThere(archive, reading));
    if (!isKept) await archive.store(reading);
  }
  return read;
}

async function isThere(archive: ArchiveStore, { ledgerId, topic, date }: Reading): Promise<boolean> {
  return (await archive.dates({ ledgerId, topic, from: date, to: date })).length > 0;
}

/** What goes wrong with one date may go right with the next. Anything else would go wrong with every date. */
const ofTheDate: ReadonlySet<ErrorKind> = new Set(['unavailable', 'rejected', 'conflict']);

/** A provider that fails date after date is down: nobody waits for a year of dates to fail one by one. */
const mostFailuresInARow = 3;
