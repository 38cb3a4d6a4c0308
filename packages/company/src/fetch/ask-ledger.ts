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
import { ahead } from './ahead.ts';
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

/**
 * Asks for some dates ahead, as many at a time as the limits of the keys allow, and takes the answers in the order of the dates:
 * what comes of it is what one after the other would give, and what is interrupted has no hole.
 */
async function ask(dates: readonly PlainDate[], asking: Asking, context: AskingContext): Promise<void> {
  const { ledger } = asking;
  const { onDate, signal } = context.options;
  const wanted = dates.slice(0, asking.left);
  const endedThrough = lastEndedDate(context.company.country, context.options.now);
  const read = (date: PlainDate): Promise<Answered['answer']> => readDate(ledger, date, endedThrough, context);
  let answered: Answered[] = [];
  let failedInARow = 0;
  /** Whether the next dates are asked for. */
  const goesOn = (failed: FetchFailure | undefined): boolean => {
    failedInARow = failed === undefined ? 0 : failedInARow + 1;
    if (failed !== undefined) asking.failures.push(failed);
    return failed === undefined || (ofTheDate.has(failed.error.kind) && failedInARow < mostFailuresInARow);
  };
  // The next dates are read while these reach the disk.
  let keeping = Promise.resolve(true);
  const keepAnswered = async (): Promise<boolean> => {
    if (!(await keeping)) return false;
    const some = answered;
    answered = [];
    keeping = keep(some, asking, context).then((failures) => failures.every(goesOn));
    // Thrown to whoever waits for it.
    keeping.catch(() => undefined);
    return true;
  };
  const isAllKept = async (): Promise<boolean> => (await keepAnswered()) && keeping;
  for await (const { item: date, answer } of ahead(wanted, read)) {
    asking.left -= 1;
    onDate?.(ledger.id, date);
    try {
      signal.throwIfAborted();
      answered.push({ date, answer: await answer });
      if (answered.length >= keptAtOnce && !(await keepAnswered())) return;
    } catch (error) {
      // What came before it is kept, whatever this is.
      if (!(await isAllKept())) return;
      if (!isBilagError(error) || signal.aborted) throw error;
      if (!goesOn({ date, error })) return;
    }
  }
  if (await isAllKept()) asking.next ??= dates[wanted.length] ?? null;
}

interface Answered {
  readonly date: PlainDate;
  readonly answer: Awaited<ReturnType<SharedConnection['connection']['read']>>;
}

async function readDate(
  { id: ledgerId, currency }: ChosenLedger,
  date: PlainDate,
  endedThrough: PlainDate,
  { company, shared }: AskingContext,
): Promise<Answered['answer']> {
  return shared.connection.read({ ledgerId, currency, date, endedThrough }, company.source.config);
}

/** Stores some dates at once; where one of them is refused, each by itself. Tells of each date what went wrong. */
async function keep(
  some: readonly Answered[],
  asking: Asking,
  { archive }: AskingContext,
): Promise<(FetchFailure | undefined)[]> {
  const readings = await Promise.all(some.map(({ answer }) => readingsToKeep(answer.readings, asking, archive)));
  const isStored = await archive.storeTogether(readings.flat()).then(
    () => true,
    (error: unknown) => {
      if (!isBilagError(error) || !ofTheDate.has(error.kind)) throw error;
      return false;
    },
  );
  const failures: (FetchFailure | undefined)[] = [];
  for (const [place, { date, answer }] of some.entries()) {
    try {
      if (!isStored) for (const reading of readings[place] ?? []) await archive.store(reading);
      noteRead(answer.read, asking);
      failures.push(undefined);
    } catch (error) {
      if (!isBilagError(error)) throw error;
      failures.push({ date, error });
    }
  }
  return failures;
}

function noteRead(read: LedgerDate, asking: Asking): void {
  asking.fetched += 1;
  asking.asked.add(read.date);
  if (isClosed(read)) asking.closed.add(read.date);
  for (const finding of read.findings ?? []) asking.findings.push(finding);
}

/** Of an open date of a ledger that is followed, the feed's pages are kept: it goes on from them. */
async function readingsToKeep(
  readings: readonly Reading[],
  { isFollowed }: Asking,
  archive: ArchiveStore,
): Promise<Reading[]> {
  const wanted: Reading[] = [];
  for (const reading of readings) {
    if (!isFollowed || reading.closed || !(await isThere(archive, reading))) wanted.push(reading);
  }
  return wanted;
}

async function isThere(archive: ArchiveStore, { ledgerId, topic, date }: Reading): Promise<boolean> {
  return (await archive.dates({ ledgerId, topic, from: date, to: date })).length > 0;
}

/** What goes wrong with one date may go right with the next. Anything else would go wrong with every date. */
const ofTheDate: ReadonlySet<ErrorKind> = new Set(['unavailable', 'rejected', 'conflict']);

/** So many dates reach the disk together: each write waits for it. */
const keptAtOnce = 8;

/** A provider that fails date after date is down: nobody waits for a year of dates to fail one by one. */
const mostFailuresInARow = 3;
