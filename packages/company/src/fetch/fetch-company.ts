import { addDays, BilagError, datesBetween, isBilagError, named, type Finding, type PlainDate } from '@bilag/core';
import type { ArchivedLedger, ArchiveStore } from '@bilag/engine';
import { lastClosedOf } from '@bilag/engine/storage';
import type { Company } from '../config/company.ts';
import { withArchive } from '../dates/company-archive.ts';
import { askLedger, type AskingContext, type FetchFailure } from './ask-ledger.ts';
import { chooseLedgers, unseenLedger, type ChosenLedger, type LedgerChoice } from './choose-ledgers.ts';
import { closedDates, nextDate, type KnownDates } from './known-dates.ts';
import { checkRange, dateIn } from '../dates/period.ts';
import type { SourceConnections } from './source-connections.ts';

export interface FetchOptions {
  /** Default: the first date that is not closed on every topic, or the cut-over. */
  readonly from?: PlainDate | undefined;
  /** Default: today at the company's place. */
  readonly to?: PlainDate | undefined;
  /** This ledger alone. */
  readonly ledger?: string | undefined;
  /** How many dates of each ledger are asked for at most: `next` says where to go on. Default: all that are wanted. */
  readonly mostDates?: number | undefined;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Told before a date is asked for. */
  readonly onDate?: (ledgerId: string, date: PlainDate) => void;
}

/** What fetching a ledger came to. */
export interface FetchedLedger {
  readonly ledgerId: string;
  readonly currency: string;
  readonly from: PlainDate;
  readonly to: PlainDate;
  /** Dates asked for now. */
  readonly fetched: number;
  /** Dates that were closed in the archive already. */
  readonly kept: number;
  /** Dates that may still change: they are asked for again next time. */
  readonly open: readonly PlainDate[];
  /** The last date up to which everything since the cut-over is closed. */
  readonly closedThrough: PlainDate | null;
  /** The same for each topic, such as `funds`. */
  readonly topics: readonly { readonly topic: string; readonly closedThrough: PlainDate | null }[];
  /** The first date that was left out by `mostDates`; null when there is none. */
  readonly next: PlainDate | null;
  readonly findings: readonly Finding[];
  /** What could not be had. The next run asks for it again. */
  readonly failures: readonly FetchFailure[];
}

/**
 * Fetches a company's ledgers into its archive as received. A closed date is fetched once; open dates again. What was
 * fetched before an interruption is kept, and the next run goes on from there.
 *
 * What goes wrong on one ledger keeps no other from its turn: it is told among that ledger's `failures`. What concerns the
 * whole company, such as refused keys or a full disk, is thrown.
 */
export async function fetchCompany(
  company: Company,
  connections: SourceConnections,
  options: FetchOptions,
): Promise<readonly FetchedLedger[]> {
  const today = dateIn(company.country, options.now);
  if (options.to !== undefined && options.to > today) throw notYet(options.to, today);
  if (options.from !== undefined) checkRange(options.from, options.to ?? today);
  const shared = await connections.of(company);
  if (shared === undefined) return [];
  const seen = await shared.ledgers();
  const all = chooseLedgers(seen, company, shared.scope, await ledgersBefore(company));
  const { own, unseen } = oneOf(all, options.ledger, company);
  return withArchive(company, { create: true }, async (archive) => {
    const refused = await rememberEach(all.own, archive);
    const stop = new AbortController();
    const signal = AbortSignal.any([options.signal, stop.signal]);
    const fetching: Fetching = { company, shared, archive, today, options: { ...options, signal } };
    const results = await sideBySide(own, stop, async (ledger) => {
      const refusal = refused.get(ledger.id);
      return refusal === undefined ? fetchLedger(ledger, fetching) : untouched(ledger, fetching, [refusal]);
    });
    const listed = unseen.length === 0 ? [] : seen.map(({ id }) => id);
    for (const id of unseen) results.push(await unseenNow(id, listed, fetching));
    return results;
  });
}

/** Some at a time, told in their order. What concerns them all stops all of them, and is thrown when they have stopped. */
async function sideBySide<Item, Result>(
  items: readonly Item[],
  stop: AbortController,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (const [place, item] of left) {
      try {
        results[place] = await work(item);
      } catch (error) {
        failures.push(error);
        stop.abort(error);
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: ledgersAtOnce }, lane));
  if (failures.length > 0) throw failures[0];
  return results;
}

const ledgersAtOnce = 4;

interface Fetching extends AskingContext {
  readonly options: FetchOptions;
}

/** Whose dates were fetched before. Whoever has no ledger gets no archive either. */
async function ledgersBefore(company: Company): Promise<readonly string[]> {
  try {
    return await withArchive(company, { create: false }, async (archive) =>
      (await archive.ledgers()).map(({ id }) => id),
    );
  } catch (error) {
    if (isBilagError(error) && error.kind === 'not-found') return [];
    throw error;
  }
}

function oneOf(all: LedgerChoice, wanted: string | undefined, company: Company): LedgerChoice {
  if (wanted === undefined) return all;
  const own = all.own.filter(({ id }) => id === wanted);
  const unseen = all.unseen.filter((id) => id === wanted);
  if (own.length + unseen.length === 0) throw noSuchLedger(wanted, all.own, company);
  return { own, unseen };
}

/** Each by itself: a ledger that contradicts what the archive knows of it does not stop the others. */
async function rememberEach(
  ledgers: readonly ChosenLedger[],
  archive: ArchiveStore,
): Promise<ReadonlyMap<string, BilagError>> {
  const refused = new Map<string, BilagError>();
  for (const ledger of ledgers) {
    try {
      const known = await archive.ledgers();
      refuseImported(ledger, known);
      if (!known.some((each) => isSameLedger(each, ledger))) await archive.rememberLedgers([ledger]);
    } catch (error) {
      if (!isBilagError(error) || error.kind !== 'conflict') throw error;
      refused.set(ledger.id, error);
    }
  }
  return refused;
}

function isSameLedger(one: ArchivedLedger, { id, currency, handles }: ArchivedLedger): boolean {
  return one.id === id && one.currency === currency && one.handles.join('\n') === handles.join('\n');
}

/** A file may not name its ledger, which then goes by its sales unit: under another name its money would be booked twice. */
function refuseImported({ id, handles }: ChosenLedger, known: readonly ArchivedLedger[]): void {
  const numbers = handles.map((handle) => handle.replace(/^.*:/, ''));
  const imported = known.find(
    (other) => other.id !== id && other.handles.includes(other.id) && numbers.includes(other.id),
  );
  if (imported === undefined) return;
  throw new BilagError('conflict', {
    what: `sales unit ${imported.id} was imported from files that do not name its ledger, which is ${id}`,
    where: `ledger ${id}`,
    action: 'choose another archive, fetch there first, and import the files again: then they know their ledger',
  });
}

async function fetchLedger(ledger: ChosenLedger, fetching: Fetching): Promise<FetchedLedger> {
  const before = await datesOf(ledger.id, fetching);
  const range = rangeOf(ledger.id, before, fetching);
  const dates = datesToFetch(before, fetching.shared.scope.topics, range);
  const asked = await askLedger(ledger, dates, fetching);
  return { ...(await untouched(ledger, fetching, [])), ...range, kept: dates.kept, ...asked };
}

/** What the archive has of a ledger since the cut-over, or since an earlier date that is asked for. */
async function datesOf(ledgerId: string, { company, archive, options }: Fetching): Promise<KnownDates> {
  const cutOver = company.policy.versions[0].from;
  const { from = cutOver } = options;
  return archive.dates({ ledgerId, from: from < cutOver ? from : cutOver });
}

/** A ledger nothing was asked of. */
async function untouched(
  { id, currency }: Pick<ChosenLedger, 'id' | 'currency'>,
  fetching: Fetching,
  failures: readonly BilagError[],
): Promise<FetchedLedger> {
  const known = await datesOf(id, fetching);
  return {
    ledgerId: id,
    currency,
    ...rangeOf(id, known, fetching),
    fetched: 0,
    kept: 0,
    open: [],
    next: null,
    closedThrough: closedThrough(known, fetching) ?? null,
    topics: await topicsOf(id, known, fetching),
    findings: [],
    failures: failures.map((error) => ({ date: null, error })),
  };
}

/** A ledger that vanished from the list: complete if the config says when it ended and the archive has all of it. */
async function unseenNow(id: string, listed: readonly string[], fetching: Fetching): Promise<FetchedLedger> {
  const { company, archive } = fetching;
  const known = (await archive.ledgers()).find((ledger) => ledger.id === id);
  const end = endOf(id, company);
  const through = closedThrough(await datesOf(id, fetching), fetching);
  const isWhole = end !== undefined && through !== undefined && through >= end;
  const error =
    known === undefined
      ? unseenLedger(id, company, listed.slice(0, 10).join(', '))
      : vanished(id, through, end, company);
  return untouched({ id, currency: known?.currency ?? company.currency }, fetching, isWhole ? [] : [error]);
}

function vanished(
  id: string,
  through: PlainDate | undefined,
  end: PlainDate | undefined,
  company: Company,
): BilagError {
  const have = through === undefined ? 'no closed date of it' : `its closed dates through ${through}`;
  const ended = through === undefined ? 'source.ended with its last date' : `source.ended: { '${id}': '${through}' }`;
  return new BilagError('forbidden', {
    what:
      end === undefined
        ? `the keys do not see ledger ${id} any more; the archive has ${have}`
        : `ledger ${id} ended on ${end} by the config, the keys do not see it any more, and the archive has ${have}`,
    where: `company ${company.id}, ${company.stores.placesOf(company).archive}`,
    action: `ask the merchant for access again; or, if it ended and its last date is there, write ${ended} into the config`,
  });
}

function endOf(id: string, { source }: Company): PlainDate | undefined {
  return named(source.ended ?? {}, id) as PlainDate | undefined;
}

function rangeOf(
  id: string,
  known: KnownDates,
  { company, shared, today, options }: Fetching,
): { readonly from: PlainDate; readonly to: PlainDate } {
  const from = options.from ?? nextDate(known, shared.scope.topics, company.policy.versions[0].from);
  const to = options.to ?? today;
  const end = endOf(id, company);
  return { from, to: end !== undefined && end < to ? end : to };
}

/** The last date up to which every topic is closed since the cut-over. */
function closedThrough(known: KnownDates, { company, shared }: Fetching): PlainDate | undefined {
  const cutOver = company.policy.versions[0].from;
  const next = nextDate(known, shared.scope.topics, cutOver);
  return next === cutOver ? undefined : addDays(next, -1);
}

async function topicsOf(
  id: string,
  known: KnownDates,
  { company, shared }: Fetching,
): Promise<FetchedLedger['topics']> {
  const cutOver = company.policy.versions[0].from;
  return Promise.all(
    shared.scope.topics.map(async (topic) => {
      const dates = known.filter((each) => each.topic === topic && each.date >= cutOver);
      return { topic, closedThrough: (await lastClosedOf(async () => dates, id, topic, cutOver)) ?? null };
    }),
  );
}

/** The dates of a range that are not closed in the archive on every topic, which of them are open there, and how many are closed. */
function datesToFetch(
  known: KnownDates,
  topics: readonly string[],
  { from, to }: { readonly from: PlainDate; readonly to: PlainDate },
): { readonly wanted: readonly PlainDate[]; readonly open: readonly PlainDate[]; readonly kept: number } {
  if (from > to) return { wanted: [], open: [], kept: 0 };
  const closed = closedDates(known, topics);
  const there = new Set(known.map(({ date }) => date));
  const all = [...datesBetween(from, to)];
  const wanted = all.filter((date) => !closed.has(date));
  return { wanted, open: wanted.filter((date) => there.has(date)), kept: all.length - wanted.length };
}

function notYet(to: PlainDate, today: PlainDate): BilagError {
  return new BilagError('config', {
    what: `${to} has not come yet: today is ${today}`,
    where: '--to',
    action: 'give a date that has begun; nothing was done',
  });
}

function noSuchLedger(wanted: string, ledgers: readonly ChosenLedger[], { id }: Company): BilagError {
  return new BilagError('config', {
    what: `the company has no ledger ${wanted}`,
    where: `--ledger, company ${id}`,
    action: `choose one of: ${ledgers.map((ledger) => ledger.id).join(', ')}`,
  });
}
