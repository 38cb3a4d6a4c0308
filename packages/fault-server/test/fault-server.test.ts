import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import {
  bodyText,
  createFaultServer,
  jsonReply,
  type Fault,
  type FaultServer,
  type Handler,
} from '@bilag/fault-server';

/** A fake system that counts what it booked: the back door tells, whatever the client was told. */
function bookingSystem(): { handler: Handler; backDoor: { booked: string[] } } {
  const booked: string[] = [];
  return {
    backDoor: { booked },
    handler: (request) => {
      if (request.method === 'POST') booked.push(bodyText(request));
      return jsonReply(200, { booked: booked.length });
    },
  };
}

async function post(server: FaultServer<unknown>, body = 'voucher', timeoutMs = 10_000): Promise<Response> {
  return fetch(`${server.url}/vouchers`, { method: 'POST', body, signal: AbortSignal.timeout(timeoutMs) });
}

/** The operating system's or undici's code of why a request failed. */
async function failureCode(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause;
    return cause?.code ?? (error as Error).name;
  }
  return 'no failure';
}

describe('without faults', () => {
  test('the handler sees method, path, query, headers and body, and its reply arrives as it is', async () => {
    await using server = await createFaultServer({
      handler: (request) =>
        jsonReply(
          201,
          {
            path: request.path,
            cursor: request.query.get('cursor'),
            agent: request.headers['x-agent'],
            body: bodyText(request),
          },
          { 'x-page-size': '7' },
        ),
    });
    const response = await fetch(`${server.url}/a%20b?cursor=a%3D%2B`, {
      method: 'PUT',
      body: 'påske',
      headers: { 'X-Agent': 'bilag' },
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-page-size')).toBe('7');
    expect(await response.json()).toEqual({ path: '/a%20b', cursor: 'a=+', agent: 'bilag', body: 'påske' });
  });

  test('requests are recorded in order, with secrets redacted', async () => {
    await using server = await createFaultServer({ handler: () => ({ status: 204 }) });
    const headers = {
      authorization: 'Bearer abc123',
      'ocp-apim-subscription-key': 'abc123',
      client_secret: 'abc123',
      'x-session-token': 'abc123',
      'vipps-system-name': 'bilag',
    };
    await fetch(`${server.url}/first?x=1`, { headers });
    await fetch(`${server.url}/second`, { method: 'DELETE' });
    expect(server.requests.map(({ method, path, search }) => `${method} ${path}${search}`)).toEqual([
      'GET /first?x=1',
      'DELETE /second',
    ]);
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: '[redacted]',
      client_secret: '[redacted]',
      'vipps-system-name': 'bilag',
    });
    expect(JSON.stringify(server.requests)).not.toContain('abc123');
  });

  test('a mistake in the fake is told apart from an armed fault', async () => {
    await using server = await createFaultServer({
      handler: () => {
        throw new Error('forgot a case');
      },
    });
    expect((await fetch(server.url)).status).toBe(500);
    expect(server.failures).toEqual([new Error('forgot a case')]);
  });

  test('it listens on the loopback address alone', async () => {
    await using server = await createFaultServer({ handler: () => ({ status: 204 }) });
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
    const port = Number(new URL(server.url).port);
    const others = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    for (const { address, internal, family } of others) {
      if (internal || family !== 'IPv4') continue;
      const reached = await new Promise((resolve) => {
        const socket = connect({ host: address, port });
        socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
        socket.unref();
      });
      expect(reached).toBe(false);
    }
  });

  test('a port that is taken is said', async () => {
    await using server = await createFaultServer({ handler: () => ({ status: 204 }) });
    const port = Number(new URL(server.url).port);
    await expect(createFaultServer({ handler: () => ({ status: 204 }), port })).rejects.toThrow(
      /cannot listen on 127\.0\.0\.1:\d+/,
    );
  });
});

describe('a port that is closed for a while', () => {
  test('is none that a system gives to whoever asks for any', async () => {
    await using server = await createFaultServer({ handler: () => ({ status: 204 }) });
    await using next = await createFaultServer({ handler: () => ({ status: 204 }) });
    const ports = [server, next].map(({ url }) => Number(new URL(url).port));
    for (const port of ports) expect(port).toBeLessThan(32_768);
    expect(new Set(ports).size).toBe(2);
  });

  test('is taken again when whoever got it meanwhile has let it go', async () => {
    await using server = await createFaultServer({ handler: () => ({ status: 204 }) });
    const port = Number(new URL(server.url).port);
    const armed = server.faults.arm({ kind: 'refuse' });
    const other = await createFaultServer({ handler: () => ({ status: 200 }), port });
    const back = armed.disarm();
    // Long enough for the first attempt to have failed.
    await new Promise((resolve) => setTimeout(resolve, 50));
    await other.close();
    await back;
    expect((await fetch(server.url)).status).toBe(204);
  });
});

describe('what a fault does', () => {
  const beforeCommit: [string, Fault, string][] = [
    ['cut', { kind: 'cut' }, 'UND_ERR_SOCKET'],
    ['hang', { kind: 'hang' }, 'TimeoutError'],
  ];
  test.each(beforeCommit)('%s before the handler: nothing was booked', async (_, fault, code) => {
    await using server = await createFaultServer(bookingSystem());
    server.faults.arm(fault);
    expect(await failureCode(post(server, 'voucher', 300))).toBe(code);
    expect(server.backDoor.booked).toEqual([]);
    expect(server.requests[0]?.fault).toBe(fault.kind);
  });

  const afterCommit: [string, Fault, string][] = [
    ['cut', { kind: 'cut', strikes: 'after' }, 'UND_ERR_SOCKET'],
    ['hang', { kind: 'hang', strikes: 'after' }, 'TimeoutError'],
  ];
  test.each(afterCommit)('%s after the handler: booked, though the client heard nothing', async (_, fault, code) => {
    await using server = await createFaultServer(bookingSystem());
    server.faults.arm(fault);
    expect(await failureCode(post(server, 'voucher', 300))).toBe(code);
    expect(server.backDoor.booked).toEqual(['voucher']);
  });

  test('cut midway: status and headers arrive, the body never does', async () => {
    await using server = await createFaultServer(bookingSystem());
    server.faults.arm({ kind: 'cut', strikes: 'midway' });
    const response = await post(server);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
    expect(server.backDoor.booked).toEqual(['voucher']);
  });

  test.each([401, 403, 404, 410, 500])('status %i before the handler', async (status) => {
    await using server = await createFaultServer(bookingSystem());
    server.faults.arm({ kind: 'status', ...jsonReply(status, { code: 'no' }) });
    const response = await post(server);
    expect([response.status, await response.json()]).toEqual([status, { code: 'no' }]);
    expect(server.backDoor.booked).toEqual([]);
  });

  test('status 500 after the handler: booked nevertheless', async () => {
    await using server = await createFaultServer(bookingSystem());
    server.faults.arm({ kind: 'status', status: 500, strikes: 'after' });
    expect((await post(server)).status).toBe(500);
    expect(server.backDoor.booked).toEqual(['voucher']);
  });

  test('status 429 with and without Retry-After', async () => {
    await using server = await createFaultServer(bookingSystem());
    server.faults.arm({ kind: 'status', status: 429, headers: { 'retry-after': '7' } });
    server.faults.arm({ kind: 'status', status: 429 });
    expect((await post(server)).headers.get('retry-after')).toBe('7');
    expect((await post(server)).headers.get('retry-after')).toBeNull();
    expect((await post(server)).status).toBe(200);
  });

  test('slow waits in the time it was given', async () => {
    const waited: number[] = [];
    await using server = await createFaultServer({
      ...bookingSystem(),
      sleep: async (delayMs) => void waited.push(delayMs),
    });
    server.faults.arm({ kind: 'slow', delayMs: 86_400_000 });
    expect((await post(server)).status).toBe(200);
    expect(waited).toEqual([86_400_000]);
  });

  test('malformed: a complete reply that is not JSON', async () => {
    await using server = await createFaultServer(bookingSystem());
    server.faults.arm({ kind: 'malformed' });
    const response = await post(server);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('{"book');
  });

  test('answer: the fake makes its own fault of request and reply', async () => {
    await using server = await createFaultServer(bookingSystem());
    server.faults.arm({
      kind: 'answer',
      answer: async (request, handle) => {
        await handle(request);
        return handle(request);
      },
    });
    expect(await (await post(server)).json()).toEqual({ booked: 2 });
  });

  test('refuse: the connection is refused until disarmed, and kept-alive ones are no way around', async () => {
    await using server = await createFaultServer(bookingSystem());
    expect(await (await post(server)).json()).toEqual({ booked: 1 });
    const armed = server.faults.arm({ kind: 'refuse' });
    expect(await failureCode(post(server))).toMatch(/^(ECONNREFUSED|UND_ERR_SOCKET)$/);
    expect(await failureCode(post(server))).toBe('ECONNREFUSED');
    await armed.disarm();
    expect(await (await post(server)).json()).toEqual({ booked: 2 });
  });

  test('refuse: a request under way is answered, and its connection is no way around either', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    await using server = await createFaultServer({ ...bookingSystem(), sleep: () => released });
    server.faults.arm({ kind: 'slow', delayMs: 1 });
    const underWay = post(server);
    while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    server.faults.arm({ kind: 'refuse' });
    release();
    expect(await (await underWay).json()).toEqual({ booked: 1 });
    expect(await failureCode(post(server))).toMatch(/^(ECONNREFUSED|UND_ERR_SOCKET)$/);
    expect(server.backDoor.booked.length).toBe(1);
  });
});

describe('which request a fault strikes', () => {
  test('only matching requests, after those to skip, as often as asked', async () => {
    await using server = await createFaultServer({ handler: () => ({ status: 204 }) });
    const armed = server.faults.arm({
      kind: 'status',
      status: 503,
      match: (request) => request.path === '/funds',
      skip: 1,
      times: 2,
    });
    const statuses: number[] = [];
    for (const path of ['/funds', '/fees', '/funds', '/funds', '/funds'])
      statuses.push((await fetch(server.url + path)).status);
    expect(statuses).toEqual([204, 204, 503, 503, 204]);
    expect(armed.strikes).toBe(2);
  });

  test('the fault armed first strikes first, and a disarmed one never', async () => {
    await using server = await createFaultServer({ handler: () => ({ status: 204 }) });
    const first = server.faults.arm({ kind: 'status', status: 500, times: Infinity });
    server.faults.arm({ kind: 'status', status: 501, times: Infinity });
    expect((await fetch(server.url)).status).toBe(500);
    await first.disarm();
    expect((await fetch(server.url)).status).toBe(501);
    await server.faults.disarmAll();
    expect((await fetch(server.url)).status).toBe(204);
  });
});

describe('closing', () => {
  test('ends a request that hangs and one that is slow, and frees the port', async () => {
    const server = await createFaultServer(bookingSystem());
    server.faults.arm({ kind: 'hang' });
    server.faults.arm({ kind: 'slow', delayMs: 3_600_000 });
    const waiting = Promise.allSettled([post(server), post(server)]);
    while (server.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await server.close();
    expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const port = Number(new URL(server.url).port);
    await using again = await createFaultServer({ handler: () => ({ status: 204 }), port });
    expect((await fetch(again.url)).status).toBe(204);
  });

  test('may be asked for twice, and while connections are refused', async () => {
    const server = await createFaultServer(bookingSystem());
    const armed = server.faults.arm({ kind: 'refuse' });
    await server.close();
    await server.close();
    await armed.disarm();
    expect(await failureCode(post(server))).toBe('ECONNREFUSED');
  });

  test('cuts a client that never finishes its request', async () => {
    const server = await createFaultServer(bookingSystem());
    const { port } = new URL(server.url);
    const unfinished = httpRequest({ host: '127.0.0.1', port, method: 'POST' });
    const failed = new Promise<string>((resolve) =>
      unfinished.once('error', (error: Error & { code?: string }) => resolve(error.code ?? '')),
    );
    unfinished.write('half a');
    await new Promise((resolve) => unfinished.once('socket', (socket) => socket.once('connect', resolve)));
    await server.close();
    expect(await failed).toBe('ECONNRESET');
  });
});
