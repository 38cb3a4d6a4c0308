import {
  BilagError,
  type Finding,
  type LedgerAccount,
  type LedgerEntry,
  type PlainDate,
  type RawPage,
  type Reading,
} from '@bilag/core';
import { parseJsonBytes } from '@bilag/http';
import { type Api, createApi, type Query, type Received, type VippsClientOptions } from './api.ts';
import { toEntriesV2 } from '../entries/entries-v2.ts';
import { parseLedgersPage, type VippsLedger } from './ledgers.ts';
import { parseSalesPage } from '../entries/sales.ts';
import { dateNotAvailable, isNotFound } from './not-available.ts';
import { parseDatesPage, parseFeedPage, parseV1Page } from '../entries/pages.ts';
import { defaultReadingBounds, ReadingGuard } from './reading-bounds.ts';

export interface FetchDateRequest {
  readonly ledgerId: string;
  readonly topic: LedgerAccount;
  readonly date: PlainDate;
  /** Whether the ledger is in the list these keys can read. Unknown: the list is looked up when it matters. */
  readonly knownLedger?: boolean;
  readonly signal?: AbortSignal;
}

/** A date as read, closed or open. */
export interface FetchedDate extends Omit<Reading, 'fingerprint' | 'pages'> {
  readonly pages: readonly RawPage[];
  readonly topic: LedgerAccount;
  readonly entries: readonly LedgerEntry[];
  readonly findings: readonly Finding[];
  /** The page size the API says it uses (`Vipps-Feed-Page-Size`). A shorter page is not the end. */
  readonly pageSize: number | undefined;
}

export interface LedgersFilter {
  /** Only those that settle for a unit, such as `api:123456`. */
  readonly settlesForRecipientHandle?: string;
  readonly signal?: AbortSignal;
}

export interface FeedRequest {
  readonly ledgerId: string;
  readonly topic: LedgerAccount;
  /** Where to go on; absent at the very beginning. */
  readonly cursor?: string;
  readonly signal?: AbortSignal;
}

/** A batch of the feed. Keep the cursor together with the entries, also when there are none. */
export interface FeedBatch {
  readonly ledgerId: string;
  readonly topic: LedgerAccount;
  readonly cursor: string;
  /** Nothing more for now: wait a second at least, an hour is fine. */
  readonly caughtUp: boolean;
  readonly entries: readonly LedgerEntry[];
  readonly findings: readonly Finding[];
  readonly pageSize: number | undefined;
  readonly request: string;
  readonly receivedAt: string;
  readonly body: Uint8Array;
}

/** Which v1 rows to read. */
export type LedgerTransactionsRequest = { readonly ledgerId: string; readonly signal?: AbortSignal } & (
  | { readonly ledgerDate: PlainDate }
  | { readonly from: PlainDate; readonly to: PlainDate }
  | { readonly inPayout: string }
  | { readonly sincePayout: string }
);

/** A page of v1 rows, their numbers as text. */
export interface V1Page {
  readonly rows: readonly unknown[];
  readonly request: string;
  readonly receivedAt: string;
  readonly body: Uint8Array;
}

export interface SalesRequest {
  readonly ledgerId: string;
  readonly date: PlainDate;
  readonly signal?: AbortSignal;
}

/** Reads ledgers from the Report API. */
export interface VippsClient {
  /** Every ledger the keys can read. None means no access, not no ledgers. */
  ledgers(filter?: LedgersFilter): AsyncGenerator<VippsLedger, void, undefined>;
  /** One ledger date of one topic, all its pages. */
  fetchDate(request: FetchDateRequest): Promise<FetchedDate>;
  /** The feed from a cursor on, until it is caught up. */
  feed(request: FeedRequest): AsyncGenerator<FeedBatch, void, undefined>;
  /** v1 rows, page by page. The API has answered 410 since May 2024. */
  ledgerTransactions(request: LedgerTransactionsRequest): AsyncGenerator<V1Page, void, undefined>;
  /** What the Sales API tells of one ledger date, all its pages: none before it began in spring 2026. */
  fetchSales(request: SalesRequest): Promise<Pick<Reading, 'pages' | 'fingerprint'>>;
  close(): Promise<void>;
}

/**
 * Makes a client for the Report API of Vipps MobilePay. Nothing is sent until it is asked for something. It never asks
 * for names, messages or phone numbers of payers.
 *
 * @example
 * ```ts
 * import { createVippsClient } from '@bilag/vipps';
 *
 * const client = createVippsClient({
 *   credentials: { kind: 'accounting-partner', clientId: 'id-of-the-partner', clientSecret: 'from-a-credential-store' },
 *   system: { name: 'my-system', version: '1.0' },
 * });
 * typeof client.fetchDate; // => 'function'
 * await client.close();
 * ```
 */
export function createVippsClient(options: VippsClientOptions): VippsClient {
  const api = createApi(options);
  const bounds = { ...defaultReadingBounds, ...options.bounds };
  const guard = (): ReadingGuard => new ReadingGuard(bounds, options.http?.now ?? Date.now);
  const seen = new Set<string>();
  async function* ledgers(filter: LedgersFilter = {}): AsyncGenerator<VippsLedger, void, undefined> {
    for await (const ledger of readLedgers(api, guard(), filter)) {
      seen.add(ledger.ledgerId);
      yield ledger;
    }
  }
  const isKnown = async ({ ledgerId, knownLedger, signal }: FetchDateRequest): Promise<boolean> => {
    if (knownLedger !== undefined) return knownLedger;
    if (seen.has(ledgerId)) return true;
    for await (const ledger of ledgers(signal === undefined ? {} : { signal })) {
      if (ledger.ledgerId === ledgerId) return true;
    }
    return false;
  };
  return {
    ledgers,
    fetchDate: async (request) => {
      try {
        return await readDate(api, guard(), request);
      } catch (error) {
        if (isNotFound(error) && (await isKnown(request))) return notAvailable(request);
        throw error;
      }
    },
    feed: (request) => readFeed(api, guard(), request),
    ledgerTransactions: (request) => readTransactions(api, guard(), request),
    fetchSales: (request) => readSales(api, guard(), request),
    close: async () => api.close(),
  };
}

async function* readLedgers(
  api: Api,
  guard: ReadingGuard,
  filter: LedgersFilter,
): AsyncGenerator<VippsLedger, void, undefined> {
  for (let cursor: string | null = null; ;) {
    // With a cursor, no other parameter is needed.
    const query: Query =
      cursor === null ? { settlesForRecipientHandles: filter.settlesForRecipientHandle } : { cursor };
    const { where, body } = await api.get('/settlement/v1/ledgers', query, filter.signal);
    const page = parseLedgersPage(parseJsonBytes(body, { where, kind: 'unavailable' }), where);
    guard.take({ body, where }, page.ledgers);
    yield* page.ledgers;
    if (page.cursor === null) return;
    cursor = guard.next(page.cursor, where);
  }
}

async function readDate(api: Api, guard: ReadingGuard, request: FetchDateRequest): Promise<FetchedDate> {
  const { ledgerId, topic, date, signal } = request;
  const path = `/report/v2/ledgers/${ledgerPath(ledgerId)}/${topic}/dates/${date}`;
  const received: Received[] = [];
  const entries: LedgerEntry[] = [];
  const findings: Finding[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await api.get(path, { cursor }, signal);
    const { items, next, open } = parseDatesPage(page.body, page.where);
    guard.take(page, items);
    const read = toEntriesV2(items, { ledgerId, topic, date, where: page.where });
    received.push(page);
    for (const entry of read.entries) entries.push(entry);
    for (const finding of read.findings) findings.push(finding);
    if (next === null) return fetchedOf(request, { received, entries, findings, closed: !open });
    cursor = guard.next(next, page.where);
  }
}

async function readSales(
  api: Api,
  guard: ReadingGuard,
  { ledgerId, date, signal }: SalesRequest,
): Promise<Pick<Reading, 'pages' | 'fingerprint'>> {
  const path = `/sales/report/v1/ledgers/${ledgerPath(ledgerId)}/dates/${date}`;
  const pages: Reading['pages'][number][] = [];
  const all: unknown[] = [];
  for (let cursor: string | undefined; ;) {
    const { where, body, request, receivedAt } = await api.get(path, { pageSize: '1000', cursor }, signal);
    const { sales, next } = parseSalesPage(body, where);
    guard.take({ body, where }, sales);
    pages.push({ body, request, receivedAt, sequence: pages.length });
    all.push(...sales);
    if (next === null) return { pages, fingerprint: JSON.stringify(all) };
    cursor = guard.next(next, where);
  }
}

async function* readFeed(
  api: Api,
  guard: ReadingGuard,
  request: FeedRequest,
): AsyncGenerator<FeedBatch, void, undefined> {
  const { ledgerId, topic, signal } = request;
  const path = `/report/v2/ledgers/${ledgerPath(ledgerId)}/${topic}/feed`;
  if (request.cursor !== undefined) guard.next(request.cursor, path);
  for (let cursor = request.cursor; ;) {
    const { where, pageSize, ...raw } = await api.get(path, { cursor }, signal);
    const page = parseFeedPage(raw.body, where);
    const read = toEntriesV2(page.items, { ledgerId, topic, where });
    yield { ledgerId, topic, cursor: page.cursor, caughtUp: page.caughtUp, ...read, pageSize, ...raw };
    if (page.caughtUp) return;
    guard.takeBatch({ where }, page.items);
    cursor = guard.next(page.cursor, where);
  }
}

async function* readTransactions(
  api: Api,
  guard: ReadingGuard,
  request: LedgerTransactionsRequest,
): AsyncGenerator<V1Page, void, undefined> {
  for (let cursor: string | null = null; ;) {
    // With a cursor, nothing but the ledger is needed beside it.
    const query: Query = cursor === null ? v1QueryOf(request) : { ledgerId: request.ledgerId, cursor };
    const received = await api.get('/report/v1/ledgertransactions', query, request.signal);
    const page = parseV1Page(received.body, received.where);
    guard.take(received, page.items);
    yield { rows: page.items, request: received.request, receivedAt: received.receivedAt, body: received.body };
    if (page.next === null) return;
    cursor = guard.next(page.next, received.where);
  }
}

function ledgerPath(ledgerId: string): string {
  if (ledgerId.trim() === '' || /^\.+$/.test(ledgerId)) {
    throw new BilagError('config', {
      what: 'there is no ledger id',
      where: 'ledgerId',
      action: 'list the ledgers to find it; the portal does not show it',
    });
  }
  return encodeURIComponent(ledgerId);
}

function notAvailable({ ledgerId, topic, date }: FetchDateRequest): FetchedDate {
  const findings = [dateNotAvailable({ ledgerId, topic, date })];
  return { ledgerId, topic, date, closed: false, pages: [], entries: [], findings, pageSize: undefined };
}

function fetchedOf(
  request: FetchDateRequest,
  read: {
    readonly received: readonly Received[];
    readonly entries: readonly LedgerEntry[];
    readonly findings: readonly Finding[];
    readonly closed: boolean;
  },
): FetchedDate {
  const { ledgerId, topic, date } = request;
  const { received, entries, findings, closed } = read;
  const pages = received.map(({ request: asked, receivedAt, body }, sequence) => {
    return { ledgerId, topic, date, sequence, closed, request: asked, receivedAt, body };
  });
  return { ledgerId, topic, date, closed, pages, entries, findings, pageSize: received.at(-1)?.pageSize };
}

function v1QueryOf(request: LedgerTransactionsRequest): Query {
  const { ledgerId } = request;
  if ('ledgerDate' in request) return { ledgerId, ledgerDate: request.ledgerDate };
  if ('from' in request) return { ledgerId, fromLedgerDate: request.from, toLedgerDate: request.to };
  if ('inPayout' in request) return { ledgerId, inPayout: request.inPayout };
  return { ledgerId, sincePayout: request.sincePayout };
}
