import { addDays, BilagError, datesBetween, isClosed, type Finding, type PlainDate } from '@bilag/core';
import type { Archive } from '@bilag/engine';
import { readLedger, type V1Source } from '@bilag/vipps';
import type { Company, VippsSource } from '../config/company.ts';
import { withArchive } from './company-archive.ts';
import { chooseLedgers, type ChosenLedger } from './choose-ledgers.ts';
import { checkRange, dateIn, lastEndedDate } from './period.ts';
import type { SharedClient, VippsClients } from './vipps-clients.ts';

export interface FetchOptions {
  /** Default: the day after the last date up to which everything is closed, or the cut-over. */
  readonly from?: PlainDate | undefined;
  /** Default: today at the company's place. */
  readonly to?: PlainDate | undefined;
  /** This ledger alone. */
  readonly ledger?: string | undefined;
  readonly now: Date;
  readonly signal: AbortSignal;
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
  readonly findings: readonly Finding[];
}

/**
 * Fetches a company's ledgers into its archive as received. A closed date is fetched once; open dates again. What was
 * fetched before an interruption is kept, and the next run goes on from there.
 */
export async function fetchCompany(
  company: Company,
  clients: VippsClients,
  options: FetchOptions,
): Promise<readonly FetchedLedger[]> {
  const { source } = company;
  if (source.kind !== 'vipps') return [];
  const today = dateIn(company.country, options.now);
  if (options.to !== undefined && options.to > today) throw notYet(options.to, today);
  if (options.from !== undefined) checkRange(options.from, options.to ?? today);
  const shared = await clients.of(source, company);
  const all = chooseLedgers(await shared.ledgers(options.signal), company, source);
  const ledgers = options.ledger === undefined ? all : all.filter(({ id }) => id === options.ledger);
  if (ledgers.length === 0) throw noSuchLedger(options.ledger ?? '', all, company);
  return withArchive(company, { create: true }, async (archive) => {
    await archive.rememberLedgers(all);
    const results: FetchedLedger[] = [];
    for (const ledger of ledgers) {
      results.push(await fetchLedger(ledger, { company, source, shared, archive, today, options }));
    }
    return results;
  });
}

interface Fetching {
  readonly company: Company;
  readonly source: VippsSource;
  readonly shared: SharedClient;
  readonly archive: Archive;
  readonly today: PlainDate;
  readonly options: FetchOptions;
}

async function fetchLedger(ledger: ChosenLedger, fetching: Fetching): Promise<FetchedLedger> {
  const { company, source, archive, today, options } = fetching;
  const topics = topicsOf(source);
  const cutOver = company.policy.versions[0].from;
  const closedThrough = (): PlainDate | undefined => closedOnAll(archive, ledger.id, topics, cutOver);
  const closed = closedThrough();
  const from = options.from ?? (closed === undefined ? cutOver : addDays(closed, 1));
  const to = options.to ?? today;
  const open: PlainDate[] = [];
  const findings: Finding[] = [];
  let fetched = 0;
  let kept = 0;
  for (const run of runsToFetch(archive, ledger.id, topics, { from, to })) {
    if (!run.isWanted) {
      kept += run.dates.length;
      continue;
    }
    for await (const date of readLedger(fetching.shared.client, {
      ledgerId: ledger.id,
      currency: ledger.currency,
      from: run.dates[0] as PlainDate,
      to: run.dates.at(-1) as PlainDate,
      fees: source.fees ?? true,
      knownLedger: true,
      ...(typeof source.api === 'object' ? { v1: v1Source(source.api.v1, company, options.now) } : {}),
      onReading: async (reading) => void (await archive.store(reading)),
      signal: options.signal,
    })) {
      fetched += 1;
      if (!isClosed(date)) open.push(date.date);
      findings.push(...(date.findings ?? []));
      options.onDate?.(ledger.id, date.date);
    }
  }
  return {
    ledgerId: ledger.id,
    currency: ledger.currency,
    from,
    to,
    fetched,
    kept,
    open,
    closedThrough: closedThrough() ?? null,
    findings,
  };
}

/** What the archive must have closed of a date for it to be complete. */
function topicsOf({ api, fees }: VippsSource): readonly string[] {
  if (typeof api === 'object') return ['v1'];
  return fees === false ? ['funds'] : ['funds', 'fees'];
}

function closedOnAll(
  archive: Archive,
  ledgerId: string,
  topics: readonly string[],
  from: PlainDate,
): PlainDate | undefined {
  const each = topics.map((topic) => archive.lastClosed(ledgerId, topic, from));
  return each.reduce(
    (least, date) => (least === undefined || date === undefined || date > least ? least : date),
    each[0],
  );
}

interface DateRun {
  readonly isWanted: boolean;
  readonly dates: PlainDate[];
}

/** The dates of a range in runs that are to be fetched, and runs that are closed in the archive already. */
function runsToFetch(
  archive: Archive,
  ledgerId: string,
  topics: readonly string[],
  { from, to }: { readonly from: PlainDate; readonly to: PlainDate },
): readonly DateRun[] {
  if (from > to) return [];
  const closed = topics.map(
    (topic) =>
      new Set(
        archive
          .dates({ ledgerId, topic, from, to })
          .filter((date) => date.closed)
          .map(({ date }) => date),
      ),
  );
  const runs: DateRun[] = [];
  for (const date of datesBetween(from, to)) {
    const isWanted = !closed.every((dates) => dates.has(date));
    const current = runs.at(-1);
    if (current?.isWanted === isWanted) current.dates.push(date);
    else runs.push({ isWanted, dates: [date] });
  }
  return runs;
}

/** Version 1 never says whether a date is closed. */
function v1Source(format: Omit<V1Source, 'closedThrough'>, { country }: Company, now: Date): V1Source {
  return { ...format, closedThrough: lastEndedDate(country, now) };
}

function notYet(to: PlainDate, today: PlainDate): BilagError {
  return new BilagError('config', {
    what: `${to} has not come yet: today is ${today}`,
    where: '--to',
    now: 'give a date that has begun; nothing was done',
  });
}

function noSuchLedger(wanted: string, ledgers: readonly ChosenLedger[], { id }: Company): BilagError {
  return new BilagError('config', {
    what: `the company has no ledger ${wanted}`,
    where: `--ledger, company ${id}`,
    now: `choose one of: ${ledgers.map((ledger) => ledger.id).join(', ')}`,
  });
}
