import {
  aimedFaults,
  createFaultServer,
  jsonReply,
  type ServerReply,
  type ServerRequest,
  type Simulator,
  type SimulatorOptions,
} from '@bilag/fault-server';
import { BilagError, isPlainDate, type PlainDate } from '@bilag/core';
import type { LedgerSummary } from '../ledger/ledger-summary.ts';
import { summarise, type Merchant, type V2Ledger } from '../merchant/merchant.ts';
import { ReportPages, type PageRules, type Topic, type V1Query } from './report-pages.ts';
import type { TillOptions } from '../ledger/till.ts';
import { utcText } from '../trade/local-time.ts';
import { SalesApi } from './sales-api.ts';
import { fakeCredentials, TokenDesk, type Grant, type SimulatorCredentials, type TokenLifetimes } from './tokens.ts';
import { RepeatedCursors, toServerFault, type VippsFault, type VippsFaultAim } from './vipps-faults.ts';
import { errorReply, invalidInput, noSuchLedger, problem } from './vipps-replies.ts';

/** What a simulated Vipps is made of. Only the merchants are needed. */
export interface VippsSimulatorOptions extends Partial<Omit<PageRules, 'now'>>, SimulatorOptions {
  readonly merchants: readonly Merchant[];
  /** Laid over made-up keys: one pair for each `api:` unit, and a partner's for all ledgers. */
  readonly credentials?: Partial<SimulatorCredentials>;
  /** The clock that closes dates and ends tokens; real time by default. */
  readonly now?: () => Date;
  /** 100 by default. */
  readonly ledgersPageSize?: number;
  /** Version 1 answers 410 since it was `removed` in May 2024, the default; `served` brings it back. */
  readonly v1?: 'removed' | 'served';
  /** What the merchants' tills tell the Sales API; absent: there is none. */
  readonly till?: TillOptions;
  readonly tokenLifetimes?: Partial<TokenLifetimes>;
  /** Armed from the start. */
  readonly faults?: readonly (VippsFault & VippsFaultAim)[];
}

/** A running simulator. */
export interface VippsSimulator extends Simulator<VippsFault & VippsFaultAim> {
  /** In place of `https://api.vipps.no`. */
  readonly url: string;
  readonly credentials: SimulatorCredentials;
  readonly ledgers: readonly V2Ledger[];
  /** What a ledger should come to. Errors: `not-found`. */
  expected(ledgerId: string): LedgerSummary;
  /** Makes every token given out so far a bad one. */
  expireTokens(): void;
}

/**
 * Starts a local server that answers as the Report API does: tokens for both kinds of keys, ledgers, funds and fees by
 * date and by feed, and version 1. It listens on 127.0.0.1 alone.
 *
 * Errors: `config` when the port is taken or two merchants share a ledger.
 *
 * @example
 * ```ts
 * import { exampleDay, startVippsSimulator } from '@bilag/simulator-vipps';
 *
 * const simulator = await startVippsSimulator({ merchants: [exampleDay] });
 * const { sales, payouts } = simulator.expected('12345');
 * await simulator.close();
 * [sales, payouts]; // => [40000, 28800]
 * ```
 */
export async function startVippsSimulator(options: VippsSimulatorOptions): Promise<VippsSimulator> {
  const now = options.now ?? (() => new Date());
  const credentials = { ...fakeCredentials(options.merchants), ...options.credentials };
  const tokens = new TokenDesk(
    credentials,
    { merchantSeconds: 86_400, partnerSeconds: 900, ...options.tokenLifetimes },
    () => now().getTime(),
  );
  const cursors = new RepeatedCursors();
  const report = new ReportApi(options, tokens, cursors, () => now().getTime() * 1000);
  const server = await createFaultServer({
    handler: (request) => report.answer(request),
    port: options.port,
    sleep: options.sleep,
  });
  const faults = aimedFaults(server.faults, (fault: VippsFault & VippsFaultAim) => toServerFault(fault, cursors));
  for (const fault of options.faults ?? []) faults.arm(fault);
  return {
    ...server,
    credentials,
    ledgers: options.merchants.map(({ ledger }) => ledger),
    faults,
    expected: (ledgerId) => summarise(report.merchant(ledgerId)),
    expireTokens: () => tokens.expireAll(),
  };
}

/** From request to reply. */
class ReportApi {
  readonly #options: VippsSimulatorOptions;
  readonly #tokens: TokenDesk;
  readonly #cursors: RepeatedCursors;
  readonly #rules: PageRules;
  readonly #sales: SalesApi | undefined;
  readonly #ledgers: Map<string, { merchant: Merchant; pages: ReportPages }> = new Map();
  /** Where a ledger's merchant stands among the merchants. */
  readonly #places: Map<string, number> = new Map();

  constructor(options: VippsSimulatorOptions, tokens: TokenDesk, cursors: RepeatedCursors, now: () => number) {
    this.#options = options;
    this.#tokens = tokens;
    this.#cursors = cursors;
    this.#rules = {
      pageSize: options.pageSize ?? 1000,
      emptyLastPage: options.emptyLastPage ?? false,
      lateClosingDates: options.lateClosingDates ?? {},
      quietDatesStayOpen: options.quietDatesStayOpen ?? false,
      now,
    };
    this.#sales = options.till && new SalesApi(options.till, () => utcText(now()));
    for (const [place, merchant] of options.merchants.entries()) {
      this.#places.set(merchant.ledgerId, place);
      if (this.#ledgers.has(merchant.ledgerId)) throw sharedLedger(merchant.ledgerId);
      this.#ledgers.set(merchant.ledgerId, { merchant, pages: new ReportPages(merchant, this.#rules) });
    }
  }

  merchant(ledgerId: string): Merchant {
    const ledger = this.#ledgers.get(ledgerId);
    if (ledger === undefined) throw unknownLedger(ledgerId);
    return ledger.merchant;
  }

  answer(request: ServerRequest): ServerReply {
    const { method, path } = request;
    const isToken = path === '/accesstoken/get' || path === '/miami/v1/token';
    if (method !== (isToken ? 'POST' : 'GET')) return errorReply(405, path);
    if (path === '/accesstoken/get') return this.#tokens.merchantToken(request);
    if (isToken) return this.#tokens.partnerToken(request);

    const grant = this.#tokens.grantOf(request);
    if (grant === undefined) return errorReply(401, path);
    const readable = (ledgerId: string): { merchant: Merchant; pages: ReportPages } | undefined => {
      const ledger = this.#ledgers.get(ledgerId);
      return ledger !== undefined && grant.mayRead(ledger.merchant) ? ledger : undefined;
    };
    if (path === '/settlement/v1/ledgers') return this.#listLedgers(request, grant);
    const find = (ledgerId: string): ReportPages | undefined => readable(ledgerId)?.pages;
    if (path === '/report/v1/ledgertransactions') return this.#v1(request, find);
    if (this.#sales !== undefined && path.startsWith('/sales/')) {
      // An accounting partner's keys alone, which carry no subscription key.
      if (grant.subscriptionKey !== undefined) return errorReply(403, path);
      return this.#sales.answer(request, (id) => readable(id)?.merchant);
    }
    return this.#v2(request, find);
  }

  /** From where the page before ended, and no further than this one: of many ledgers there are many pages. */
  #listLedgers({ query }: ServerRequest, grant: Grant): ServerReply {
    const cursor = query.get('cursor');
    const asked = cursor ? ledgersPosition(cursor) : { after: null, handle: query.get('settlesForRecipientHandles') };
    if (asked === undefined) return invalidInput();
    const { handle, after } = asked;
    const { merchants, ledgersPageSize = 100 } = this.#options;
    const items: V2Ledger[] = [];
    for (let place = (this.#places.get(after ?? '') ?? -1) + 1; place < merchants.length; place += 1) {
      const merchant = merchants[place] as Merchant;
      const { ledger } = merchant;
      if (!grant.mayRead(merchant) || (handle !== null && !ledger.settlesForRecipientHandles.includes(handle)))
        continue;
      // One more than the page takes: there is another page.
      if (items.length === ledgersPageSize)
        return jsonReply(200, { cursor: ledgersCursor(items.at(-1)?.ledgerId ?? '', handle), items });
      items.push(ledger);
    }
    return jsonReply(200, { cursor: '', items });
  }

  #v2({ path, query }: ServerRequest, find: (ledgerId: string) => ReportPages | undefined): ServerReply {
    const [, ledgerId, topic, date] =
      /^\/report\/v2\/ledgers\/([^/]+)\/(funds|fees)\/(?:dates\/([^/]+)|feed)$/.exec(path) ?? [];
    if (ledgerId === undefined || topic === undefined) return errorReply(404, path);
    const pages = find(ledgerId);
    if (pages === undefined) return noSuchLedger(path);
    const cursor = this.#cursors.resolve(query.get('cursor'));
    if (date !== undefined && !isPlainDate(date)) return invalidInput();
    const page =
      date === undefined ? pages.feedPage(topic as Topic, cursor) : pages.datePage(topic as Topic, date, cursor);
    if (page === undefined) return invalidInput();
    return jsonReply(200, page, { 'vipps-feed-page-size': String(this.#rules.pageSize) });
  }

  #v1({ path, query }: ServerRequest, find: (ledgerId: string) => ReportPages | undefined): ServerReply {
    if (this.#options.v1 !== 'served') return problem(410, 'This version of the API has been removed', path);
    const ledgerId = query.get('ledgerId');
    if (ledgerId === null) return invalidInput();
    const pages = find(ledgerId);
    if (pages === undefined) return noSuchLedger(path);
    const asked = v1Query(query, this.#cursors.resolve(query.get('cursor')));
    const body = asked && pages.v1Page(asked);
    return body === undefined ? invalidInput() : { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
}

function v1Query(query: URLSearchParams, cursor: string | null): V1Query | undefined {
  const dates = ['ledgerDate', 'fromLedgerDate', 'toLedgerDate'].map((name) => query.get(name));
  if (!dates.every((date): date is PlainDate | null => date === null || isPlainDate(date))) return undefined;
  const [ledgerDate = null, fromLedgerDate = null, toLedgerDate = null] = dates;
  return {
    ledgerDate,
    fromLedgerDate,
    toLedgerDate,
    inPayout: query.get('inPayout'),
    sincePayout: query.get('sincePayout'),
    cursor: cursor === '' ? null : cursor,
  };
}

/** The form of Vipps' own, as its documentation's sample decodes. */
function ledgersCursor(afterLedgerId: string, settlesForRecipientHandles: string | null): string {
  return Buffer.from(JSON.stringify({ afterLedgerId, settlesForRecipientHandles })).toString('base64');
}

function ledgersPosition(cursor: string): { after: string | null; handle: string | null } | undefined {
  try {
    const decoded = JSON.parse(Buffer.from(cursor, 'base64').toString()) as Record<string, string | null>;
    return { after: decoded['afterLedgerId'] ?? null, handle: decoded['settlesForRecipientHandles'] ?? null };
  } catch {
    return undefined;
  }
}

function sharedLedger(ledgerId: string): BilagError {
  return new BilagError('config', {
    what: `two merchants share ledger ${ledgerId}`,
    where: 'startVippsSimulator(): merchants',
    action: 'give each merchant a ledger of its own',
  });
}

function unknownLedger(ledgerId: string): BilagError {
  return new BilagError('not-found', {
    what: `no merchant has ledger ${ledgerId}`,
    where: 'VippsSimulator.expected()',
    action: 'ask for one of the ledgers the simulator was started with',
  });
}
