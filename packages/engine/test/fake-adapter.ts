import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import {
  BilagError,
  expectedLines,
  viewDigest,
  type BeforeWrite,
  type Dedupe,
  type Posted,
  type Receipt,
  type Service,
  type ServiceAdapter,
  type Voucher,
} from '@bilag/core';
import { keptMs, settlesMs, type FakeKind } from './fake-books.ts';

/** How the fake is connected to. */
export interface FakeConnection {
  readonly url: string;
  readonly kind: FakeKind;
  readonly now: () => number;
  /** Real milliseconds, for a server that hangs. */
  readonly timeoutMs?: number;
  /** Whether it has a reversal of its own. */
  readonly canReverse?: boolean;
}

const dedupes: Readonly<Record<FakeKind, Dedupe>> = {
  search: { by: 'search', settlesMs },
  'server-reference': { by: 'server-reference' },
  'server-key': { by: 'server-key', keptMs },
  none: { by: 'none' },
};

/** What the adapter of the fake declares. */
export function fakeAdapter(kind: FakeKind, concurrency = 1): Pick<ServiceAdapter, 'id' | 'vat' | 'dedupe' | 'limits'> {
  return { id: 'fake', vat: 'gross', dedupe: dedupes[kind], limits: { concurrency, perSecond: 1000 } };
}

/** Talks to the fake as adapters do: a write is attempted once, and one without a reply is an unknown outcome. */
export function connectFake(connection: FakeConnection): Service {
  const { kind, canReverse = true, timeoutMs = 2_000 } = connection;
  const find = async (reference: string): Promise<readonly Posted[]> =>
    (await ask(connection, 'GET', `/vouchers?reference=${encodeURIComponent(reference)}`)) as Posted[];
  return {
    identify: async () => {
      const { id } = (await ask(connection, 'GET', '/company')) as { readonly id: string };
      return { id, name: 'Prøve AS', organisationNumber: '999999999', country: 'NO', currency: 'NOK' };
    },
    chart: async () => ({ accounts: [], vatCodes: [], dimensions: [] }),
    post: async (voucher: Voucher, reference: string, beforeWrite?: BeforeWrite) => {
      const { date, currency } = voucher;
      const body = { reference, date, currency, lines: expectedLines(voucher, 'gross') };
      await beforeWrite?.(timeoutMs);
      return receiptOf((await ask(connection, 'POST', '/vouchers', body, reference)) as Posted);
    },
    ...(kind === 'search' || kind === 'server-reference' ? { find } : {}),
    ...(kind === 'search' ? { list: (from, to) => list(connection, from, to) } : {}),
    ...(canReverse
      ? {
          reverse: async (id, date, reference, beforeWrite) => {
            await beforeWrite?.(timeoutMs);
            const path = `/vouchers/${id}/reverse`;
            return receiptOf((await ask(connection, 'POST', path, { date, reference }, reference)) as Posted);
          },
        }
      : {}),
    attach: async (id, file, beforeWrite) => {
      await beforeWrite?.(timeoutMs);
      await ask(connection, 'POST', `/vouchers/${id}/files`, { name: file.name });
    },
  };
}

async function* list(connection: FakeConnection, from: string, to: string): AsyncGenerator<Posted> {
  yield* (await ask(connection, 'GET', `/vouchers?from=${from}&to=${to}`)) as Posted[];
}

function receiptOf(posted: Posted): Receipt {
  return { outcome: 'created', id: posted.id, digest: viewDigest(posted) };
}

async function ask(
  { url, now, timeoutMs = 2_000 }: FakeConnection,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
  key?: string,
): Promise<unknown> {
  const headers = { 'x-now': String(now()), ...(key === undefined ? {} : { 'idempotency-key': key }) };
  const isWrite = method === 'POST';
  let reply: { readonly status: number; readonly headers: Readonly<Record<string, unknown>>; readonly value: unknown };
  try {
    reply = await new Promise((resolve, reject) => {
      const outgoing = request(url + path, { method, headers, agent: false, timeout: timeoutMs }, (incoming) => {
        json(incoming).then(
          (value) => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, value }),
          (error: unknown) =>
            (incoming.statusCode ?? 0) >= 400
              ? resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, value: null })
              : reject(error),
        );
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error('timeout')));
      outgoing.on('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  } catch (error) {
    const isRefused = (error as { readonly code?: string }).code === 'ECONNREFUSED';
    throw failure(isWrite && !isRefused ? 'unknown-outcome' : 'unavailable', path);
  }
  if (reply.status < 400) return reply.value;
  const kinds = { 404: 'not-found', 409: 'conflict', 422: 'rejected', 423: 'blocked', 401: 'unauthorised' } as const;
  if (reply.status === 429) {
    const seconds = Number(reply.headers['retry-after']);
    throw Object.assign(failure('busy', path), seconds > 0 ? { retryAfterMs: seconds * 1000 } : {});
  }
  throw failure(kinds[reply.status as keyof typeof kinds] ?? (isWrite ? 'unknown-outcome' : 'unavailable'), path);
}

function failure(kind: BilagError['kind'], path: string): BilagError {
  return new BilagError(kind, { what: `the fake answered ${kind}`, where: path, action: 'see the test' });
}
