import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isBilagError } from '@bilag/core';
import { createHttpClient, type HttpClient, type HttpClientOptions, type HttpError } from '@bilag/http';
import type { HttpEvent } from '../src/transport/client.ts';
import nock from 'nock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { virtualTime, type VirtualTime } from './virtual-time.ts';

const origin = 'https://api.example';

let time: VirtualTime;
let clients: HttpClient[];

beforeEach(() => {
  time = virtualTime();
  clients = [];
});

afterEach(async () => {
  for (const client of clients) await client.close();
  nock.abortPendingRequests();
  nock.cleanAll();
});

function clientWith(options: HttpClientOptions = {}): HttpClient {
  const client = createHttpClient({ baseUrl: origin, now: time.now, sleep: time.sleep, random: () => 1, ...options });
  clients.push(client);
  return client;
}

async function errorFrom(promise: Promise<unknown>): Promise<HttpError> {
  const error = await promise.then(
    () => expect.fail('there was no error'),
    (thrown: unknown) => thrown,
  );
  expect(isBilagError(error)).toBe(true);
  return error as HttpError;
}

describe('requests and replies', () => {
  beforeAll(() => nock.disableNetConnect());
  afterAll(() => nock.enableNetConnect());

  test('a key that no header can carry is a matter of the set-up, and is not shown', async () => {
    for (const key of ['secret\nvalue', 'secret ☃ value']) {
      const error = await errorFrom(clientWith().post('/x', { headers: { authorization: `Bearer ${key}` } }));
      expect(error.kind).toBe('config');
      expect(error.message).toContain('the header authorization cannot hold');
      expect(error.message).not.toContain('secret');
    }
  });

  test('a reply comes with status, headers, bytes, text and JSON', async () => {
    nock(origin).get('/x').reply(200, { a: 1 }, { 'X-Thing': 'y' });
    const reply = await clientWith().get('/x');
    expect(reply.status).toBe(200);
    expect(reply.headers['x-thing']).toBe('y');
    expect(reply.text()).toBe('{"a":1}');
    expect(reply.json()).toEqual({ a: 1 });
    expect(Buffer.from(reply.bytes).toString()).toBe('{"a":1}');
  });

  test('query values are encoded, also the + and = of a cursor', async () => {
    const asked: string[] = [];
    nock(origin)
      .get((uri) => asked.push(uri) > 0)
      .reply(200, {});
    await clientWith().get('/x', { query: { cursor: '34rqweweca32r=a+', page: 2, absent: undefined } });
    expect(asked).toContain('/x?cursor=34rqweweca32r%3Da%2B&page=2');
  });

  test('JSON and forms are sent with their content type', async () => {
    nock(origin).post('/json', { a: 1 }).matchHeader('content-type', 'application/json').reply(201);
    nock(origin).post('/form', 'a=1%2B2').matchHeader('content-type', 'application/x-www-form-urlencoded').reply(200);
    expect((await clientWith().post('/json', { json: { a: 1 } })).status).toBe(201);
    expect((await clientWith().post('/form', { form: { a: '1+2' } })).status).toBe(200);
  });

  test('malformed JSON names its place and quotes nothing', async () => {
    nock(origin).get('/x').reply(200, '{"name": "Kari Nordmann",\n "a": }');
    const reply = await clientWith().get('/x');
    const error = await errorFrom(Promise.resolve().then(() => reply.json()));
    expect(error.kind).toBe('unavailable');
    expect(error.message).toContain('line 2, column 7');
    expect(error.message).toContain('GET https://api.example/x');
    expect(error.message).not.toContain('Kari');
  });

  test('a redirect is not followed: the credentials would go with it', async () => {
    nock(origin).get('/x').reply(302, '', { location: 'https://elsewhere.example/' });
    expect((await errorFrom(clientWith().get('/x'))).kind).toBe('config');
  });

  test('accepted statuses are returned', async () => {
    nock(origin).get('/x').reply(404, 'nothing');
    expect((await clientWith().get('/x', { accept: [404] })).status).toBe(404);
  });

  test('an address that is not one is refused before anything is sent', async () => {
    expect((await errorFrom(clientWith().get('ftp://x/y'))).kind).toBe('config');
    expect((await errorFrom(clientWith({ baseUrl: 'nonsense' }).get('/y'))).kind).toBe('config');
  });
});

describe('what a failed reply means', () => {
  beforeAll(() => nock.disableNetConnect());
  afterAll(() => nock.enableNetConnect());

  test.each([
    [301, 'config'],
    [400, 'rejected'],
    [401, 'unauthorised'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [405, 'unsupported'],
    [408, 'unavailable'],
    [409, 'conflict'],
    [410, 'unsupported'],
    [413, 'rejected'],
    [422, 'rejected'],
    [423, 'blocked'],
    [429, 'busy'],
    [500, 'unavailable'],
    [501, 'unsupported'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
  ])(
    '%i is %s for a read, and says nothing of a write: anybody on the way may have answered',
    async (status, ofRead) => {
      nock(origin).get('/x').times(5).reply(status);
      nock(origin).post('/x').reply(status);
      expect((await errorFrom(clientWith().get('/x'))).kind).toBe(ofRead);
      expect((await errorFrom(clientWith().post('/x', { json: {} }))).kind).toBe('unknown-outcome');
    },
  );

  test.each([
    [
      'problem+json',
      { title: 'Not authorized', detail: 'Check the token', traceId: 't-1' },
      'Not authorized: Check the token',
      't-1',
    ],
    [
      'the plain shape',
      { code: 'Unauthorized', message: 'Check your keys' },
      'Unauthorized: Check your keys',
      undefined,
    ],
    ['an error number', { errorCode: 10001, errorMessage: 'Unknown', contextId: 'c-1' }, '10001: Unknown', 'c-1'],
    [
      'OAuth',
      { error: 'invalid_client', error_description: 'No such client' },
      'invalid_client: No such client',
      undefined,
    ],
  ])('the message of %s is told', async (_, body, message, requestId) => {
    nock(origin).get('/x').reply(401, body);
    const error = await errorFrom(clientWith().get('/x'));
    expect(error.message).toContain(`HTTP 401: ${message}`);
    expect(error.requestId).toBe(requestId);
    expect(error.status).toBe(401);
  });

  test('an HTML error page is kept as a bounded excerpt', async () => {
    nock(origin)
      .get('/x')
      .reply(400, `<html>${'x '.repeat(100_000)}`);
    const error = await errorFrom(clientWith().get('/x'));
    expect(error.body?.startsWith('<html>')).toBe(true);
    expect(error.body?.length).toBe(2048);
  });
});

describe('trying again', () => {
  beforeAll(() => nock.disableNetConnect());
  afterAll(() => nock.enableNetConnect());

  test('a read is tried again with growing pauses until it works', async () => {
    nock(origin).get('/x').times(3).reply(503).get('/x').reply(200, 'ok');
    expect((await clientWith().get('/x')).text()).toBe('ok');
    expect(time.slept).toEqual([500, 1000, 2000]);
  });

  test('the pauses are random parts of that', async () => {
    nock(origin).get('/x').times(3).reply(500).get('/x').reply(200);
    const chances = [0.5, 0, 0.25];
    await clientWith({ random: () => chances.shift() ?? 1 }).get('/x');
    expect(time.slept).toEqual([250, 0, 500]);
  });

  test('it gives up after the last attempt', async () => {
    const scope = nock(origin).get('/x').times(5).reply(503);
    expect((await errorFrom(clientWith().get('/x'))).kind).toBe('unavailable');
    expect(scope.isDone()).toBe(true);
    expect(time.slept).toHaveLength(4);
  });

  test('a refusal is not tried again', async () => {
    nock(origin).get('/x').reply(400).get('/x').reply(200);
    expect((await errorFrom(clientWith().get('/x'))).kind).toBe('rejected');
    expect(time.slept).toEqual([]);
  });

  test('a write is attempted once, whatever comes back', async () => {
    for (const status of [429, 500, 503]) {
      const scope = nock(origin).post('/x').reply(status, '', { 'Retry-After': '1' }).post('/x').reply(200);
      await errorFrom(clientWith().post('/x', { json: {} }));
      expect(scope.pendingMocks()).toHaveLength(1);
      nock.cleanAll();
    }
    expect(time.slept).toEqual([]);
  });

  test('a POST that is declared safe is tried again', async () => {
    nock(origin).post('/token').reply(429).post('/token').reply(200, 'ok');
    expect((await clientWith().post('/token', { safe: true })).text()).toBe('ok');
  });

  test('Retry-After in seconds is waited for', async () => {
    nock(origin).get('/x').reply(429, '', { 'Retry-After': '7' }).get('/x').reply(200);
    await clientWith().get('/x');
    expect(time.slept).toEqual([7000]);
  });

  test('Retry-After as a date is waited for', async () => {
    const date = new Date(time.now() + 9000).toUTCString();
    nock(origin).get('/x').reply(503, '', { 'Retry-After': date }).get('/x').reply(200);
    await clientWith().get('/x');
    expect(time.slept).toEqual([9000]);
  });

  test('a Retry-After beyond the bound is not waited for, and not cut short: the error carries it', async () => {
    nock(origin).get('/x').reply(429, '', { 'Retry-After': '3600' });
    const error = await errorFrom(clientWith().get('/x'));
    expect(error.kind).toBe('busy');
    expect(error.retryAfterMs).toBe(3_600_000);
    expect(time.slept).toEqual([]);
  });

  test('when one request is told to wait, the next of the same client waits too', async () => {
    nock(origin).post('/x').reply(429, '', { 'Retry-After': '5' }).get('/y').reply(200);
    const client = clientWith();
    await errorFrom(client.post('/x'));
    await client.get('/y');
    expect(time.slept).toEqual([5000]);
  });

  test('a caller that stops during a pause gets its own reason', async () => {
    nock(origin).get('/x').times(5).reply(503);
    const stop = new AbortController();
    const client = clientWith({
      sleep: async (_, signal) => {
        stop.abort(new Error('stopped by hand'));
        signal?.throwIfAborted();
      },
    });
    await expect(client.get('/x', { signal: stop.signal })).rejects.toThrow('stopped by hand');
  });
});

describe('no reply at all', () => {
  let server: Server;
  let address: string;
  let seen: string[];

  beforeAll(async () => {
    nock.restore();
    server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      if (request.url === '/cut') request.socket.destroy();
      else if (request.url === '/half') {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => request.socket.destroy());
      } else if (request.url === '/large') response.end('x'.repeat(2000));
      else if (request.url === '/drip') {
        response.writeHead(200);
        response.write('first');
      }
      // Everything else hangs.
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    nock.activate();
  });

  beforeEach(() => {
    seen = [];
  });

  const impatient: HttpClientOptions = {
    timeouts: { headersMs: 50, bodyMs: 50, totalMs: 5000 },
    retry: { attempts: 2 },
  };

  const broken = ['/cut', '/drip', '/half', '/hang'];

  test('a read whose reply is cut, half, late or slow is tried again, then unavailable', async () => {
    const client = clientWith({ ...impatient, baseUrl: address });
    const errors = await Promise.all(broken.map((path) => errorFrom(client.get(path))));
    expect(errors.map(({ kind }) => kind)).toEqual(broken.map(() => 'unavailable'));
    expect(seen.toSorted()).toEqual(broken.flatMap((path) => [`GET ${path}`, `GET ${path}`]));
  });

  test('a write whose reply is cut, half, late or slow has an unknown outcome and is never repeated', async () => {
    const client = clientWith({ ...impatient, baseUrl: address });
    const errors = await Promise.all(broken.map((path) => errorFrom(client.post(path, { json: {} }))));
    expect(errors.map(({ kind }) => kind)).toEqual(broken.map(() => 'unknown-outcome'));
    expect(errors[0]?.message).toContain('look whether it was done');
    expect(seen.toSorted()).toEqual(broken.map((path) => `POST ${path}`));
  });

  test('the bound on a whole attempt ends what the others let pass', async () => {
    const client = clientWith({ baseUrl: address, timeouts: { totalMs: 50 }, retry: { attempts: 1 } });
    expect((await errorFrom(client.get('/hang'))).message).toContain('TimeoutError');
  });

  test('a write to a refused connection was not sent', async () => {
    const client = clientWith({ baseUrl: 'http://127.0.0.1:1' });
    const error = await errorFrom(client.post('/x', { json: {} }));
    expect(error.kind).toBe('unavailable');
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.message).toContain('nothing was sent');
  });

  test('a write to a name that does not exist was not sent', async () => {
    const client = clientWith({ baseUrl: 'https://name.invalid' });
    expect((await errorFrom(client.post('/x', { json: {} }))).kind).toBe('unavailable');
  });

  test('a reply beyond the size bound is refused', async () => {
    const client = clientWith({ baseUrl: address, maxBodyBytes: 1000 });
    const error = await errorFrom(client.get('/large'));
    expect(error.kind).toBe('rejected');
    expect(error.message).toContain('1000 bytes');
    expect((await errorFrom(client.post('/large', { json: {} }))).kind).toBe('unknown-outcome');
  });

  test('a caller that stops a write under way does not learn its outcome', async () => {
    const stop = new AbortController();
    const writing = clientWith({ baseUrl: address }).post('/hang', { json: {}, signal: stop.signal });
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    stop.abort();
    expect((await errorFrom(writing)).kind).toBe('unknown-outcome');
  });

  test('a caller that stops a read gets its own reason', async () => {
    const stop = new AbortController();
    const reading = clientWith({ baseUrl: address }).get('/hang', { signal: stop.signal });
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    stop.abort(new Error('stopped by hand'));
    await expect(reading).rejects.toThrow('stopped by hand');
  });
});

describe('secrets', () => {
  beforeAll(() => nock.disableNetConnect());
  afterAll(() => nock.enableNetConnect());

  test('nothing that was sent as a secret comes back in an error or an event', async () => {
    const secrets = {
      token: 'tok-5f3759df-token',
      subscription: 'sub-0123456789abcdef',
      clientId: 'cid-fb492b5e-7907',
      clientSecret: 'Y8Kteew6GE2Zmey+cEt6egg==',
      configured: 'configured "secret" value',
      queried: 'queried-secret-1',
    };
    const basic = Buffer.from(`${secrets.clientId}:${secrets.clientSecret}`).toString('base64');
    const events: HttpEvent[] = [];
    const errors: HttpError[] = [];
    for (const headers of [{ authorization: `Bearer ${secrets.token}` }, { authorization: `Basic ${basic}` }]) {
      const sent = [...Object.values(secrets), headers.authorization];
      const echo = { detail: `you sent ${sent.join(' and ')}`, echo: secrets };
      nock(origin).get('/x').query(true).times(2).reply(500, echo, { 'x-request-id': secrets.token });
      const client = clientWith({
        retry: { attempts: 2 },
        secrets: [secrets.configured, secrets.token],
        onEvent: (event) => events.push(event),
      });
      errors.push(
        await errorFrom(
          client.get('/x', {
            query: { access_token: secrets.queried },
            headers: {
              ...headers,
              'Ocp-Apim-Subscription-Key': secrets.subscription,
              client_id: secrets.clientId,
              client_secret: secrets.clientSecret,
            },
          }),
        ),
      );
    }
    const seen = JSON.stringify([
      events,
      errors.map((error) => ({ ...error, message: error.message, stack: error.stack })),
    ]);
    expect(events.length).toBeGreaterThan(0);
    for (const secret of [...Object.values(secrets), basic]) {
      expect(seen).not.toContain(secret);
      expect(seen).not.toContain(JSON.stringify(secret).slice(1, -1));
      expect(seen).not.toContain(encodeURIComponent(secret));
    }
  });

  test('a token that came later is kept too, also from an answer to a request without it', async () => {
    const secrets: string[] = [];
    const client = clientWith({ secrets });
    secrets.push('tok-5f3759df-token');
    nock(origin).post('/x').reply(400, { detail: 'earlier you had tok-5f3759df-token' });
    expect((await errorFrom(client.post('/x'))).message).toContain('earlier you had ***');
  });

  test('a log that throws does not undo a write', async () => {
    nock(origin).post('/x').reply(201, 'done');
    const client = clientWith({
      onEvent: () => {
        throw new Error('the log is full');
      },
    });
    expect((await client.post('/x')).text()).toBe('done');
  });
});
