import { BilagError, type Finding, type LedgerAccount, type LedgerEntry, type PlainDate } from '@bilag/core';
import { createHttpClient, type HttpClientOptions, HttpError, type HttpReply, parseJsonBytes } from '@bilag/http';
import {
  checkCredentials,
  createTokenSource,
  keyHeaders,
  secretsOf,
  systemHeaders,
  type VippsCredentials,
  type VippsSystem,
} from './credentials.ts';
import { toEntriesV2 } from './entries-v2.ts';
import { vippsErrorOf } from './errors.ts';
import { parseLedgersPage, type VippsLedger } from './ledgers.ts';
import { dateNotAvailable, isNotFound } from './not-available.ts';
import { parseDatesPage, parseFeedPage, parseV1Page, type Reading } from './pages.ts';

/** What a client needs. Make one per set of keys: it holds the token and the limits. */
export interface VippsClientOptions {
  readonly credentials: VippsCredentials;
  readonly system: VippsSystem;
  /** Default `https://api.vipps.no`; there is no test environment for this API. */
  readonly baseUrl?: string;
  /** Timeouts, retries, limits, ports and the log of the HTTP client. */
  readonly http?: Omit<HttpClientOptions, 'baseUrl' | 'headers' | 'errorOf' | 'secrets'>;
}

export interface FetchDateRequest {
  readonly ledgerId: string;
  readonly topic: LedgerAccount;
  readonly date: PlainDate;
  /** Whether the ledger is in the list these keys can read. Unknown: the list is looked up when it matters. */
  readonly knownLedger?: boolean;
  readonly signal?: AbortSignal;
}

/** A date as read, closed or open. */
export interface FetchedDate extends Reading {
  readonly topic: LedgerAccount;
  readonly entries: readonly LedgerEntry[];
  readonly findings: readonly Finding[];
  /** The page size the API says it uses (`Vipps-Feed-Page-Size`). A shorter page is not the end. */
  readonly pageSize: number | undefined;
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

/** Reads ledgers from the Report API. */
export interface VippsClient {
  /** Every ledger the keys can read. None means no access, not no ledgers. */
  ledgers(filter?: {
    /** Only those that settle for a unit, such as `api:123456`. */
    readonly settlesForRecipientHandle?: string;
    readonly signal?: AbortSignal;
  }): AsyncGenerator<VippsLedger, void, undefined>;
  /** One ledger date of one topic, all its pages. */
  fetchDate(request: FetchDateRequest): Promise<FetchedDate>;
  /** The feed from a cursor on, until it is caught up. */
  feed(request: FeedRequest): AsyncGenerator<FeedBatch, void, undefined>;
  /** v1 rows, page by page. The API has answered 410 since May 2024. */
  ledgerTransactions(request: LedgerTransactionsRequest): AsyncGenerator<V1Page, void, undefined>;
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
  const { credentials } = options;
  checkCredentials(credentials);
  const now = options.http?.now ?? Date.now;
  const http = createHttpClient({
    ...options.http,
    limits: { ...politeLimits, ...options.http?.limits },
    baseUrl: options.baseUrl ?? 'https://api.vipps.no',
    headers: { accept: 'application/json', ...systemHeaders(options.system) },
    secrets: secretsOf(credentials),
    errorOf: vippsErrorOf,
  });
  const tokens = createTokenSource(http, credentials, now);
  const knownLedgers = new Set<string>();

  /** Asks with a token; a refused token is renewed once, and the second refusal is final. */
  const get = async (path: string, query: Query, signal: AbortSignal | undefined): Promise<Received> => {
    const ask = async (token: string): Promise<HttpReply> =>
      http.get(path, {
        query,
        headers: { ...keyHeaders(credentials), authorization: `Bearer ${token}` },
        ...(signal === undefined ? {} : { signal }),
      });
    const token = await unlessAborted(tokens.token(), signal);
    const reply = await ask(token).catch(async (error: unknown) => {
      if (!(error instanceof HttpError) || error.kind !== 'unauthorised') throw error;
      tokens.drop(token);
      return ask(await unlessAborted(tokens.token(), signal));
    });
    return receivedOf(reply, path, query, now());
  };

  async function* ledgers(
    filter: { readonly settlesForRecipientHandle?: string; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<VippsLedger, void, undefined> {
    const asked = new CursorGuard();
    for (let cursor: string | null = null; ;) {
      const query: Query =
        cursor === null ? { settlesForRecipientHandles: filter.settlesForRecipientHandle } : { cursor };
      const { where, body } = await get('/settlement/v1/ledgers', query, filter.signal);
      const page = parseLedgersPage(parsed(body, where), where);
      for (const ledger of page.ledgers) {
        knownLedgers.add(ledger.ledgerId);
        yield ledger;
      }
      if (page.cursor === null) return;
      cursor = asked.next(page.cursor, where);
    }
  }

  const isKnown = async (request: FetchDateRequest): Promise<boolean> => {
    const { ledgerId, knownLedger, signal } = request;
    if (knownLedger !== undefined) return knownLedger;
    if (knownLedgers.has(ledgerId)) return true;
    for await (const ledger of ledgers(signal === undefined ? {} : { signal })) {
      if (ledger.ledgerId === ledgerId) return true;
    }
    return false;
  };

  const fetchDate = async (request: FetchDateRequest): Promise<FetchedDate> => {
    const { ledgerId, topic, date, signal } = request;
    const path = `/report/v2/ledgers/${ledgerPath(ledgerId)}/${topic}/dates/${date}`;
    const asked = new CursorGuard();
    const received: Received[] = [];
    const entries: LedgerEntry[] = [];
    const findings: Finding[] = [];
    for (let cursor: string | undefined; ;) {
      let page: Received;
      try {
        page = await get(path, { cursor }, signal);
      } catch (error) {
        if (cursor === undefined && isNotFound(error) && (await isKnown(request))) return notAvailable(request);
        throw error;
      }
      received.push(page);
      const { items, next, open } = parseDatesPage(page.body, page.where);
      const read = toEntriesV2(items, { ledgerId, topic, date, where: page.where });
      entries.push(...read.entries);
      findings.push(...read.findings);
      if (next === null) return fetchedOf(request, { received, entries, findings, closed: !open });
      cursor = asked.next(next, page.where);
    }
  };

  async function* feed(request: FeedRequest): AsyncGenerator<FeedBatch, void, undefined> {
    const { ledgerId, topic, signal } = request;
    const path = `/report/v2/ledgers/${ledgerPath(ledgerId)}/${topic}/feed`;
    const asked = new CursorGuard(request.cursor);
    for (let cursor = request.cursor; ;) {
      const { where, pageSize, ...raw } = await get(path, { cursor }, signal);
      const page = parseFeedPage(raw.body, where);
      const read = toEntriesV2(page.items, { ledgerId, topic, where });
      yield { ledgerId, topic, cursor: page.cursor, caughtUp: page.caughtUp, ...read, pageSize, ...raw };
      if (page.caughtUp) return;
      cursor = asked.next(page.cursor, where);
    }
  }

  async function* ledgerTransactions(request: LedgerTransactionsRequest): AsyncGenerator<V1Page, void, undefined> {
    const asked = new CursorGuard();
    for (let cursor: string | null = null; ;) {
      // With a cursor, nothing but the ledger is needed beside it.
      const query: Query = cursor === null ? v1QueryOf(request) : { ledgerId: request.ledgerId, cursor };
      const { where, pageSize: _, ...raw } = await get('/report/v1/ledgertransactions', query, request.signal);
      const page = parseV1Page(raw.body, where);
      yield { rows: page.items, ...raw };
      if (page.next === null) return;
      cursor = asked.next(page.next, where);
    }
  }

  return { ledgers, fetchDate, feed, ledgerTransactions, close: async () => http.close() };
}

/** No limits are published for this API; these are modest. */
const politeLimits = { concurrency: 4, perSecond: 10 };

type Query = Readonly<Record<string, string | undefined>>;

/** A reply with what the archive wants to know of it. */
interface Received {
  readonly request: string;
  readonly receivedAt: string;
  readonly body: Uint8Array;
  readonly pageSize: number | undefined;
  readonly where: string;
}

function receivedOf(reply: HttpReply, path: string, query: Query, nowMs: number): Received {
  const asked = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`)
    .join('&');
  const pageSize = reply.headers['vipps-feed-page-size'] ?? '';
  return {
    request: `GET ${path}${asked === '' ? '' : `?${asked}`}`,
    receivedAt: new Date(nowMs).toISOString(),
    body: reply.bytes,
    pageSize: /^\d+$/.test(pageSize) ? Number(pageSize) : undefined,
    where: reply.where,
  };
}

/** A cursor that comes twice would be asked for for ever. */
class CursorGuard {
  readonly #seen = new Set<string>();

  constructor(first?: string) {
    if (first !== undefined) this.#seen.add(first);
  }

  next(cursor: string, where: string): string {
    if (this.#seen.has(cursor)) {
      throw new BilagError('rejected', {
        what: 'the reply sends us to a cursor that was read already, so there would be no end',
        where,
        now: 'try again later; if it stays so, report it to Vipps MobilePay. Nothing was handed on as complete',
      });
    }
    this.#seen.add(cursor);
    return cursor;
  }
}

function ledgerPath(ledgerId: string): string {
  if (ledgerId.trim() === '' || /^\.+$/.test(ledgerId)) {
    throw new BilagError('config', {
      what: 'there is no ledger id',
      where: 'ledgerId',
      now: 'list the ledgers to find it; the portal does not show it',
    });
  }
  return encodeURIComponent(ledgerId);
}

function parsed(body: Uint8Array, where: string): unknown {
  return parseJsonBytes(body, { where, kind: 'unavailable' });
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

/** Waits for something that several callers share: one that stops does not stop it for the others. */
async function unlessAborted<T>(shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return shared;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
