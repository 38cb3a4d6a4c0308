import {
  BilagError,
  datesBetween,
  type LedgerDate,
  type LedgerEntry,
  type PlainDate,
  type RawPage,
  type Reading,
} from '@bilag/core';
import type { FetchDateRequest, FetchedDate, V1Page, VippsClient } from './client.ts';
import type { V1Format } from '../entries/entries-v1.ts';
import { ledgerDateFromPages, toLedgerDate } from '../entries/ledger-dates.ts';
import { dateNotAvailable, isNotFound } from './not-available.ts';
import { vippsProfile } from '../profile.ts';

/** The v1 API instead of v2: how its rows are to be read, and how far they are complete. */
export interface V1Source extends V1Format {
  /**
   * The last date that has ended at the merchant's place. v1 does not say whether a date is closed, and has no data before
   * it is; so this must be stated.
   */
  readonly closedThrough: PlainDate;
}

export interface ReadLedgerOptions {
  readonly ledgerId: string;
  /** ISO 4217 of the ledger. */
  readonly currency: string;
  /** The first date. */
  readonly from: PlainDate;
  /** The last date, included. */
  readonly to: PlainDate;
  /** Whether to read the fees too. Default true. */
  readonly fees?: boolean;
  /** Whether the ledger is in the list these keys can read; unknown: looked up when it matters. */
  readonly knownLedger?: boolean;
  /** Read v1 instead of v2. */
  readonly v1?: V1Source;
  /** Given the raw pages of each topic of a date, whole, before the date is handed on: for the archive. */
  readonly onReading?: (reading: Reading) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

/**
 * Reads every date from the first to the last, also those after an open one (a monthly settlement keeps all dates of the
 * month open). Open dates are handed on as open: only closed ones are complete.
 *
 * Throws `config` for a range that ends before it begins, and what the client throws.
 */
export async function* readLedger(
  client: VippsClient,
  options: ReadLedgerOptions,
): AsyncGenerator<LedgerDate, void, undefined> {
  const { from, to } = options;
  if (from > to) {
    throw new BilagError('config', {
      what: `the range ends (${to}) before it begins (${from})`,
      where: `ledger ${options.ledgerId}`,
      action: 'give the earlier date first',
    });
  }
  for (const date of datesBetween(from, to)) {
    yield options.v1 === undefined
      ? await readV2(client, options, date)
      : await readV1(client, options, date, options.v1);
  }
}

async function readV2(client: VippsClient, options: ReadLedgerOptions, date: PlainDate): Promise<LedgerDate> {
  const { ledgerId, currency, knownLedger, signal } = options;
  const request = (topic: 'funds' | 'fees'): FetchDateRequest => ({
    ledgerId,
    topic,
    date,
    ...(knownLedger === undefined ? {} : { knownLedger }),
    ...(signal === undefined ? {} : { signal }),
  });
  const [funds, fees] = await Promise.all([
    client.fetchDate(request('funds')),
    options.fees === false ? undefined : client.fetchDate(request('fees')),
  ]);
  await handOver(options, funds, funds.entries);
  if (fees !== undefined) await handOver(options, fees, fees.entries);
  return toLedgerDate({
    ledgerId,
    date,
    currency,
    funds: partOf(funds),
    ...(fees === undefined ? {} : { fees: partOf(fees) }),
  });
}

function partOf({ entries, findings, closed }: FetchedDate): Parameters<typeof toLedgerDate>[0]['funds'] {
  return { entries: [...entries], findings: [...findings], closed };
}

async function handOver(
  options: ReadLedgerOptions,
  { ledgerId, topic, date, closed, pages }: Omit<Reading, 'fingerprint'>,
  entries: readonly LedgerEntry[],
): Promise<void> {
  if (pages.length === 0) return;
  await options.onReading?.({ ledgerId, topic, date, closed, pages, fingerprint: JSON.stringify(entries) });
}

async function readV1(
  client: VippsClient,
  options: ReadLedgerOptions,
  date: PlainDate,
  v1: V1Source,
): Promise<LedgerDate> {
  const { ledgerId, currency, signal } = options;
  const closed = date <= v1.closedThrough;
  const pages: RawPage[] = [];
  try {
    for await (const page of client.ledgerTransactions({
      ledgerId,
      ledgerDate: date,
      ...(signal === undefined ? {} : { signal }),
    })) {
      pages.push(rawPageOf(page, { ledgerId, date, closed, sequence: pages.length }));
    }
  } catch (error) {
    if (pages.length > 0 || options.knownLedger !== true || !isNotFound(error)) throw error;
    const findings = [dateNotAvailable({ ledgerId, topic: 'v1', date })];
    const accounts = { funds: { closed: false }, fees: { closed: false, accrued: true } };
    return { ledgerId, date, currency, profile: vippsProfile, accounts, entries: [], findings };
  }
  const read = ledgerDateFromPages(pages, { currency, v1 });
  await handOver(options, { ledgerId, topic: 'v1', date, closed, pages }, read.entries);
  return read;
}

function rawPageOf(page: V1Page, place: Pick<RawPage, 'ledgerId' | 'date' | 'closed' | 'sequence'>): RawPage {
  return { ...place, topic: 'v1', request: page.request, receivedAt: page.receivedAt, body: page.body };
}
