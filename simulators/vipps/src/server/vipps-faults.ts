import type { Answer, Fault, FaultAim, ServerReply, ServerRequest } from '@bilag/fault-server';
import { errorReply } from './vipps-replies.ts';

/** Which of the simulator's endpoints a request is for. */
export type VippsEndpoint = 'token' | 'ledgers' | 'dates' | 'feed' | 'v1';

/**
 * What can go wrong with the Report API: everything that can with a connection, and
 *
 * | kind | the client sees |
 * |---|---|
 * | `duplicate-page` | the page, and the same page again under a new cursor |
 * | `lost-page` | the next page in place of the one asked for; of a last page nothing |
 * | `broken-chain` | one entry whose balances do not add up |
 *
 * A `status` without a body gets the one Vipps documents. Page faults strike `dates`, `feed` and `v1` unless aimed.
 */
export type VippsFault =
  | Fault
  | { readonly kind: 'duplicate-page' }
  | { readonly kind: 'lost-page' }
  | { readonly kind: 'broken-chain' };

/** Which requests a fault strikes. */
export interface VippsFaultAim extends FaultAim {
  readonly on?: VippsEndpoint;
}

/** Faults by name, for a command line. */
export const namedVippsFaults: Readonly<Record<string, VippsFault & VippsFaultAim>> = {
  '401': { kind: 'status', status: 401 },
  '403': { kind: 'status', status: 403 },
  '404': { kind: 'status', status: 404 },
  '410': { kind: 'status', status: 410 },
  '429': { kind: 'status', status: 429 },
  '429-retry-after': { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
  '500': { kind: 'status', status: 500 },
  hang: { kind: 'hang' },
  cut: { kind: 'cut' },
  'cut-midway': { kind: 'cut', strikes: 'midway' },
  slow: { kind: 'slow', delayMs: 2000 },
  malformed: { kind: 'malformed' },
  'duplicate-page': { kind: 'duplicate-page' },
  'lost-page': { kind: 'lost-page' },
  'broken-chain': { kind: 'broken-chain' },
};

/** Which endpoint a path belongs to. */
export function endpointOf(path: string): VippsEndpoint | undefined {
  if (path === '/accesstoken/get' || path === '/miami/v1/token') return 'token';
  if (path === '/settlement/v1/ledgers') return 'ledgers';
  if (path === '/report/v1/ledgertransactions') return 'v1';
  const [, kind] = /^\/report\/v2\/ledgers\/[^/]+\/[^/]+\/(dates|feed)(?:\/|$)/.exec(path) ?? [];
  return kind as VippsEndpoint | undefined;
}

/** Turns a fault of the Report API into one the fault server knows. */
export function toServerFault(fault: VippsFault & VippsFaultAim, cursors: RepeatedCursors): Fault & FaultAim {
  const { on, ...rest } = fault;
  const isPageFault = fault.kind === 'duplicate-page' || fault.kind === 'lost-page' || fault.kind === 'broken-chain';
  const aim: FaultAim = {
    ...(fault.skip !== undefined && { skip: fault.skip }),
    ...(fault.times !== undefined && { times: fault.times }),
    match: (request) => {
      const endpoint = endpointOf(request.path);
      const aimed = on === undefined ? !isPageFault || isPaged(endpoint) : endpoint === on;
      return aimed && (fault.match?.(request) ?? true);
    },
  };
  switch (rest.kind) {
    case 'duplicate-page':
      return { kind: 'answer', answer: duplicatePage(cursors), ...aim };
    case 'lost-page':
      return { kind: 'answer', answer: losePage, ...aim };
    case 'broken-chain':
      return { kind: 'answer', answer: breakChain, ...aim };
    case 'status':
      return rest.body === undefined
        ? { ...rest, ...errorReply(rest.status, '/', rest.headers), ...aim }
        : { ...rest, ...aim };
    default:
      return { ...rest, ...aim };
  }
}

/** Cursors that lead back to a page already delivered. */
export class RepeatedCursors {
  readonly #leadTo: Map<string, string | null> = new Map();

  /** A new cursor for the page that the old one, or none, asked for. */
  repeat(cursor: string | null): string {
    const repeated = `again-${this.#leadTo.size + 1}=a+`;
    this.#leadTo.set(repeated, cursor);
    return repeated;
  }

  resolve(cursor: string | null): string | null {
    return cursor !== null && this.#leadTo.has(cursor) ? (this.#leadTo.get(cursor) ?? null) : cursor;
  }
}

interface PageBody {
  cursor?: string;
  hasMore?: boolean;
  tryLater?: boolean;
  items: { balanceAfter?: number }[];
}

function duplicatePage(cursors: RepeatedCursors): Answer {
  return async (request, handle) =>
    alter(await handle(request), (page) => {
      page.cursor = cursors.repeat(cursors.resolve(request.query.get('cursor')));
      if (page.hasMore !== undefined) page.hasMore = true;
      else if (page.tryLater !== undefined) page.tryLater = false;
    });
}

const losePage: Answer = async (request, handle) => {
  const reply = await handle(request);
  const { cursor, items } = JSON.parse(String(reply.body)) as Partial<PageBody>;
  if (items === undefined) return reply;
  if (!cursor || cursor === request.query.get('cursor')) return alter(reply, (page) => void (page.items = []));
  const query = new URLSearchParams(request.query);
  query.set('cursor', cursor);
  const next: ServerRequest = { ...request, query };
  return handle(next);
};

const breakChain: Answer = async (request, handle) =>
  alter(await handle(request), ({ items }) => {
    const entry = items[Math.floor(items.length / 2)];
    if (entry?.balanceAfter !== undefined) entry.balanceAfter += 1;
  });

/** Alters a page; whatever is not one stays as it is. */
function alter(reply: ServerReply, change: (page: PageBody) => void): ServerReply {
  if (reply.status !== 200) return reply;
  const page = JSON.parse(String(reply.body)) as PageBody;
  change(page);
  return { ...reply, body: JSON.stringify(page) };
}

function isPaged(endpoint: VippsEndpoint | undefined): boolean {
  return endpoint === 'dates' || endpoint === 'feed' || endpoint === 'v1';
}
