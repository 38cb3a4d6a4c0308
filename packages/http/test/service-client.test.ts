import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BilagError, type BeforeWrite, type ServiceContext } from '@bilag/core';
import { createHttpClient, createServiceClient, type HttpError, type RefusalOf } from '@bilag/http';
import type { ServiceClientOptions } from '../src/service-client.ts';
import { Agent, buildConnector } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { FakeContext } from '../../../test/fake-context.ts';

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A target, what reached it, and a client in virtual time. */
async function world(
  answer: (request: IncomingMessage, reply: ServerResponse) => void,
  options: Partial<ServiceClientOptions> = {},
  isMissed = (): boolean => false,
) {
  const seen: string[] = [];
  const server: Server = createServer((request, reply) => {
    request.resume();
    request.on('end', () => {
      seen.push(`${request.method} ${request.url}`);
      answer(request, reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const time = new FakeContext(() => ({ key: 'k3y-of-the-merchant' }));
  const told: string[] = [];
  const paused: unknown[] = [];
  const context: ServiceContext = {
    ...time,
    turn: async (_credential, work) => {
      told.push('turn');
      const result = await work(isMissed);
      told.push('end of turn');
      return result;
    },
    pause: async (credential, ms) => void paused.push([credential, ms]),
  };
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createServiceClient({ baseUrl, timeoutMs: 2_000, context, credential: 'c', refusalOf, ...options });
  closing.push(
    () => client.close(),
    async () => void (server.closeAllConnections(), server.close()),
  );
  return { client, seen, time, told, paused, baseUrl };
}

/** This target's own errors: `{"reason": "…"}`. */
const refusalOf: RefusalOf = ({ json }) => {
  const { reason } = (json ?? {}) as { readonly reason?: unknown };
  return typeof reason === 'string' ? { what: reason } : undefined;
};

async function errorFrom(promise: Promise<unknown>): Promise<HttpError> {
  return promise.then(
    () => expect.fail('there was no error'),
    (thrown: unknown) => thrown as HttpError,
  );
}

const allowed: BeforeWrite = async () => undefined;

function replying(status: number, body: string, headers: Record<string, string> = {}) {
  return (_request: IncomingMessage, reply: ServerResponse) => void reply.writeHead(status, headers).end(body);
}

const own = JSON.stringify({ reason: 'no such account' });

test.each([
  [422, own, 'rejected'],
  [403, own, 'forbidden'],
  [303, own, 'unknown-outcome'],
  [307, own, 'unknown-outcome'],
  [408, own, 'unknown-outcome'],
  [499, own, 'unknown-outcome'],
  [500, own, 'unknown-outcome'],
  [501, own, 'unknown-outcome'],
  [403, '<html>Blocked by the firewall</html>', 'unknown-outcome'],
  [400, '', 'unknown-outcome'],
  [422, own.slice(0, -3), 'unknown-outcome'],
  [404, '{"message":"no route"}', 'unknown-outcome'],
])('a write answered with %i and %s: %s', async (status, body, kind) => {
  const { client, seen } = await world(replying(status, body));
  const error = await errorFrom(client.write({ method: 'POST', url: '/vouchers', json: {} }, allowed));
  expect(error.kind).toBe(kind);
  expect(seen).toHaveLength(1);
});

test('a write asks inside its turn, with the longest it may take, and nothing is sent when it is refused', async () => {
  const { client, seen, told } = await world(replying(201, '{}'));
  const ask: BeforeWrite = async (longestMs) => void told.push(`asked for ${longestMs}`);
  await client.write({ method: 'POST', url: '/vouchers', json: {} }, ask);
  expect(told).toEqual(['turn', 'asked for 2000', 'end of turn']);
  const lost = new BilagError('busy', { what: 'the lease was lost', where: 'here', action: 'run again' });
  const error = await errorFrom(
    client.write({ method: 'POST', url: '/vouchers', json: {} }, () => Promise.reject(lost)),
  );
  expect(error).toBe(lost);
  expect(seen).toHaveLength(1);
});

test('a write whose time was up while its process was stopped is not sent any more', async () => {
  const { client, seen } = await world(replying(201, '{}'), { timeoutMs: 100 });
  const stopped: BeforeWrite = async () => {
    stopFor(150);
  };
  const error = await errorFrom(client.write({ method: 'POST', url: '/vouchers', json: {} }, stopped));
  expect(error.kind).toBe('unavailable');
  expect(seen).toEqual([]);
});

test('nor is one whose process was stopped while it connected', async () => {
  const { seen, baseUrl } = await world(replying(201, '{}'));
  const connect = buildConnector({});
  const dispatcher = new Agent({
    connect: (options, callback) => {
      connect(options, (...connected) => {
        stopFor(150);
        callback(...connected);
      });
    },
  });
  const client = createHttpClient({ baseUrl, timeouts: { totalMs: 100 }, dispatcher });
  const error = await errorFrom(client.post('/vouchers', { json: {}, beforeWrite: allowed }));
  expect(error.kind).toBe('unavailable');
  expect(error.message).toContain('nothing was sent');
  expect(seen).toEqual([]);
  await dispatcher.close();
});

/** As a stopped process: no timer runs meanwhile. */
function stopFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test('what the target asks everybody to wait is waited for outside of the turn', async () => {
  const { client, time, told } = await world(replying(200, '{}', { 'x-reset': '30' }), {
    pauseOf: (headers) => Number(headers['x-reset']) * 1000,
  });
  await client.read({ url: '/one' });
  const sleep = time.slept.length;
  await client.write({ method: 'POST', url: '/two' }, async () => void told.push(`slept ${time.slept.join()}`));
  expect(sleep).toBe(0);
  expect(told.slice(2)).toEqual(['turn', 'slept 30000', 'end of turn']);
});

test('what the target asks everybody to wait is told to whoever shares the credential', async () => {
  let asked = 0;
  const { client, paused } = await world((_, reply) => {
    reply.writeHead((asked += 1) === 1 ? 429 : 200, { 'retry-after': '7' }).end('{}');
  });
  await client.read({ url: '/x' });
  expect(paused).toEqual([['c', 7_000]]);
});

test('a pause of a day is told at once, and nothing is sent', async () => {
  const { client, seen, time } = await world(replying(200, '{}', { 'x-reset': '86400' }), {
    pauseOf: (headers) => Number(headers['x-reset']) * 1000,
  });
  await client.read({ url: '/one' });
  const error = await errorFrom(client.write({ method: 'POST', url: '/two' }, allowed));
  expect([error.kind, error.retryAfterMs, time.slept]).toEqual(['busy', 86_400_000, []]);
  expect(seen).toEqual(['GET /one']);
});

test('a list without end is given up, with the company let go', async () => {
  const { client, seen } = await world(replying(200, '[]'), { bounds: { mostPages: 7 } });
  const pages = Array.fromAsync(client.pages(() => ({ url: '/vouchers' })));
  const error = await errorFrom(pages);
  expect(error.kind).toBe('unavailable');
  expect(error.what).toContain('7 pages');
  expect(seen).toHaveLength(7);
});

test('a list that grows without end or takes too long is given up too', async () => {
  const large = await world(replying(200, 'x'.repeat(1000)), { bounds: { mostBytes: 2_500 } });
  expect((await errorFrom(Array.fromAsync(large.client.pages(() => ({ url: '/' }))))).what).toContain('2500 bytes');
  const slow = await world(replying(200, '[]', { 'x-reset': '50' }), {
    bounds: { longestMs: 120_000 },
    pauseOf: (headers) => Number(headers['x-reset']) * 1000,
  });
  expect((await errorFrom(Array.fromAsync(slow.client.pages(() => ({ url: '/' }))))).what).toContain('120 seconds');
});

test('a reply of one byte at a time is given up when the time of the request is over', async () => {
  const { client } = await world(
    (_request, reply) => {
      const drip = setInterval(() => reply.write('x'), 20);
      reply.on('close', () => clearInterval(drip));
    },
    { timeoutMs: 200, retry: { attempts: 1 } },
  );
  expect((await errorFrom(client.read({ url: '/' }))).kind).toBe('unavailable');
});

test('a refusal that repeats a key or names a person shows neither', async () => {
  const reason = 'Kunden Kari Nordmann (1002345, kari@example.no) mangler på konto 1500, k3y-of-the-merchant';
  const { client } = await world(replying(422, JSON.stringify({ reason })));
  await client.secrets('any');
  const error = await errorFrom(client.write({ method: 'POST', url: '/vouchers' }, allowed));
  expect(error.message).toContain('mangler på konto 1500');
  for (const hidden of ['Kari', 'Nordmann', '1002345', 'example.no', 'k3y-of-the-merchant']) {
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain(hidden);
  }
});

test('a session that was sent once stays a secret, also in replies to others', async () => {
  let replies = 0;
  const { client } = await world((_request, reply) => {
    replies += 1;
    reply.writeHead(replies === 1 ? 200 : 422).end(JSON.stringify({ reason: 'session s3ssion-of-the-day ended' }));
  });
  await client.read({ url: '/', headers: { authorization: 'Bearer s3ssion-of-the-day' } });
  expect((await errorFrom(client.read({ url: '/' }))).message).not.toContain('s3ssion');
});

test('a write refused for its session is left to be sent again in a new one, and then believed', async () => {
  let sessions = 0;
  const authorisation = {
    canRenew: true,
    headers: async (refused?: object) => {
      if (refused !== undefined || sessions === 0) sessions += 1;
      return { authorization: `Bearer session-${sessions}` };
    },
  };
  const { client, seen } = await world(replying(401, JSON.stringify({ reason: 'session' })), { authorisation });
  const kinds = [];
  for (let times = 0; times < 2; times += 1) {
    kinds.push((await errorFrom(client.write({ method: 'POST', url: '/vouchers' }, allowed))).kind);
  }
  expect(kinds).toEqual(['busy', 'unauthorised']);
  expect(seen).toHaveLength(2);
});

test('a request whose turn is over before its first byte takes another; a write asks again, and is sent once', async () => {
  const missed = [true, false, true, false];
  const { client, seen } = await world(
    (_, reply) => reply.end('{}'),
    {},
    () => missed.shift() === true,
  );
  await client.read({ url: '/company' });
  let asked = 0;
  await client.write({ method: 'POST', url: '/voucher' }, async () => void (asked += 1));
  expect(seen).toEqual(['GET /company', 'POST /voucher']);
  expect([asked, missed.length]).toEqual([2, 0]);
});
