import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { safetyHeaders } from '../src/safety/headers.ts';
import { openPageBench, pathOf, sendRaw, type PageBench, type Reply } from './page-bench.ts';

let page: PageBench;
let cookie: string;

beforeAll(async () => {
  page = await openPageBench({ allow: ['decide'] });
  cookie = await page.comeIn();
});

afterAll(async () => page[Symbol.asyncDispose]());

const form = '/nb/c/kafe-0/do/release?voucher=1';

/** As a browser sends a form of ours. */
function ours(): Record<string, string> {
  return {
    cookie,
    origin: page.server.url,
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/x-www-form-urlencoded',
  };
}

function expectSafe({ headers }: Reply): void {
  const lower = Object.entries(safetyHeaders).map(([name, value]) => [name.toLowerCase(), value] as const);
  expect(headers).toMatchObject(Object.fromEntries(lower));
}

describe('the name of the server', () => {
  test.for([
    'evil.example',
    '127.0.0.1.evil.com',
    'localhost.',
    'localhost.evil.com',
    'evil.example@127.0.0.1',
    '127.1',
    '0.0.0.0',
    '[::ffff:127.0.0.1]',
  ])('%s is not ours, with any method and for any address', async (name) => {
    const host = `${name}:${page.server.port}`;
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'] as const) {
      for (const path of ['/', '/style.css', '/nb/overview', form, pathOf(page.links.at(-1) ?? '')]) {
        const reply = await page.ask(path, { method, headers: { ...ours(), host } });
        expect(`${method} ${path}: ${reply.status}`).toBe(`${method} ${path}: 403`);
        expectSafe(reply);
        expect(reply.headers['set-cookie']).toBeUndefined();
      }
    }
  });

  test('another port is another server', async () => {
    for (const host of ['localhost', '127.0.0.1:80', `127.0.0.1:${page.server.port - 1}`])
      expect((await page.ask('/', { headers: { host, cookie } })).status).toBe(403);
  });

  test('every name of this machine is ours', async () => {
    for (const name of ['localhost', '127.0.0.1', '[::1]', 'LOCALHOST']) {
      const reply = await page.ask('/nb/overview', { headers: { host: `${name}:${page.server.port}`, cookie } });
      expect(reply.status).toBe(200);
    }
  });

  test.for([
    ['none', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 403],
    ['none, in the first version', 'GET / HTTP/1.0\r\n\r\n', 403],
    ['two', 'GET / HTTP/1.1\r\nHost: localhost:PORT\r\nHost: evil.example\r\nConnection: close\r\n\r\n', 403],
    [
      'one in the address',
      'GET http://evil.example/ HTTP/1.1\r\nHost: localhost:PORT\r\nConnection: close\r\n\r\n',
      403,
    ],
    ['an expectation', 'GET / HTTP/1.1\r\nHost: evil.example\r\nExpect: x\r\nConnection: close\r\n\r\n', 417],
    ['no request', 'HELO\r\n\r\n', 400],
  ] as const)('%s is refused, safely', async ([, text, status]) => {
    const reply = await sendRaw(page.server.port, text.replace('PORT', String(page.server.port)));
    expect(reply).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    for (const [name, value] of Object.entries(safetyHeaders)) expect(reply).toContain(`${name}: ${value}`);
  });
});

describe('who is let in', () => {
  test('the link lets in once, and the address that it leads to has no secret', async () => {
    await using fresh = await openPageBench();
    const [link = ''] = fresh.links;
    const first = await fresh.ask(pathOf(link).replace('/?', '/nb/overview?name=k&'));
    expect(first.status).toBe(303);
    expect(first.headers['location']).toBe('/nb/overview?name=k');
    expect(first.headers['set-cookie']).toMatch(
      new RegExp(`^bilag_${fresh.server.port}=[\\w-]{32}; Path=/; HttpOnly; SameSite=Strict$`),
    );
    const second = await fresh.ask(pathOf(link));
    expect(second.status).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
    // Another browser has a link of its own.
    expect(fresh.links).toHaveLength(2);
    expect((await fresh.ask(pathOf(fresh.links[1] ?? ''))).status).toBe(303);
  });

  test('nobody sees a page, a table or a form without', async () => {
    for (const path of ['/', '/nb/overview', '/nb/c/kafe-0/overview', form, '/nowhere']) {
      const reply = await page.ask(path);
      expect(`${path}: ${reply.status}`).toBe(`${path}: 401`);
      expect(reply.text).not.toContain('Kafé');
      expectSafe(reply);
    }
  });

  test('a session is of one process: its cookie is nothing to the next', async () => {
    await using other = await openPageBench();
    const [, secret = ''] = cookie.split('=');
    const stolen = `bilag_${other.server.port}=${secret}`;
    expect((await other.ask('/nb/overview', { headers: { cookie: stolen } })).status).toBe(401);
  });

  test('a program comes in by the token, and by no other', async () => {
    const { token } = page.server;
    for (const authorization of [`Bearer ${token}`, `token ${token}`])
      expect((await page.ask('/nb/overview', { headers: { authorization } })).status).toBe(200);
    const wrong = `Bearer ${token.slice(1)}x`;
    expect((await page.ask('/nb/overview', { headers: { authorization: wrong } })).status).toBe(403);
  });

  test('after ten wrong guesses not even a right one counts, for a minute; who is in stays in', async () => {
    await using fresh = await openPageBench();
    const session = await fresh.comeIn();
    for (let guess = 0; guess < 10; guess++) expect((await fresh.ask(`/?token=guess-${guess}`)).status).toBe(403);
    const link = pathOf(fresh.links.at(-1) ?? '');
    const stopped = await fresh.ask(link);
    expect(stopped.status).toBe(429);
    expectSafe(stopped);
    const authorization = `Bearer ${fresh.server.token}`;
    expect((await fresh.ask('/nb/overview', { headers: { authorization } })).status).toBe(429);
    expect((await fresh.ask('/nb/overview', { headers: { cookie: session } })).status).toBe(200);
    fresh.later(60_001);
    expect((await fresh.ask(link)).status).toBe(303);
  });

  test('what another page asks for is not given, and a link that is followed is', async () => {
    const asked = async (headers: Readonly<Record<string, string>>): Promise<number> =>
      (await page.ask('/nb/overview', { headers: { cookie, ...headers } })).status;
    for (const site of ['cross-site', 'same-site'])
      expect(await asked({ 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' })).toBe(403);
    expect(
      await asked({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }),
    ).toBe(403);
    expect(
      await asked({ 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }),
    ).toBe(200);
  });

  test.for(['0.0.0.0', '::', '192.168.1.10', 'example.com'])('%s is an address that others reach', async (host) => {
    await expect(openPageBench({ host })).rejects.toMatchObject({ kind: 'config', where: '--host' });
  });

  test('a port that is taken is named', async () => {
    const { port } = page.server;
    await expect(openPageBench({ port })).rejects.toMatchObject({ kind: 'conflict', where: `127.0.0.1:${port}` });
  });
});

describe('a change', () => {
  test('comes from a form of ours: everything else is refused before anything is read', async () => {
    const refused: readonly (readonly [string, Readonly<Record<string, string>>, number])[] = [
      ['no origin', { origin: '' }, 403],
      ['another origin', { origin: 'https://evil.example' }, 403],
      ['the origin of another port', { origin: 'http://127.0.0.1:1' }, 403],
      ['an origin of another name of ours', { origin: page.server.url.replace('127.0.0.1', 'localhost') }, 403],
      ['cross-site', { 'sec-fetch-site': 'cross-site' }, 403],
      ['another port', { 'sec-fetch-site': 'same-site' }, 403],
      ['typed by hand', { 'sec-fetch-site': 'none' }, 403],
      ['no site', { 'sec-fetch-site': '' }, 403],
      ['text', { 'content-type': 'text/plain' }, 415],
      ['json', { 'content-type': 'application/json' }, 415],
      ['nobody', { cookie: '' }, 401],
    ];
    for (const [what, headers, status] of refused) {
      const reply = await page.ask(form, {
        method: 'POST',
        headers: { ...ours(), ...headers },
        body: 'form=x&by=Kari',
      });
      expect(`${what}: ${reply.status}`).toBe(`${what}: ${status}`);
      expectSafe(reply);
    }
  });

  test('has the token of its own session', async () => {
    const reply = await page.ask(form, { method: 'POST', headers: ours(), body: 'form=guess&by=Kari&seen=x' });
    expect(reply.status).toBe(403);
    expect(reply.text).toBe('not a form of this session\n');
  });

  test('of a form without end is cut off', async () => {
    const reply = await page.ask(form, { method: 'POST', headers: ours(), body: `note=${'x'.repeat(40_000)}` });
    expect(reply.status).toBe(413);
  });

  test('is not there where it is not allowed', async () => {
    await using reading = await openPageBench();
    const session = { cookie: await reading.comeIn() };
    for (const action of ['settle', 'match', 'release', 'apply', 'undo'])
      expect((await reading.ask(`/nb/c/kafe-0/do/${action}`, { headers: session })).status).toBe(404);
    for (const action of ['apply', 'undo'])
      expect((await page.ask(`/nb/c/kafe-0/do/${action}`, { headers: { cookie } })).status).toBe(404);
    // Allowed, and nothing is connected.
    expect((await page.ask(form, { headers: { cookie } })).status).toBe(400);
  });

  test('no other method does anything', async () => {
    for (const method of ['PUT', 'DELETE', 'OPTIONS'] as const)
      expect((await page.ask('/nb/overview', { method, headers: ours() })).status).toBe(404);
  });
});

describe('every response', () => {
  test('says what may be done with it, also an error and a file', async () => {
    const replies = new Map<number, string>();
    for (const path of [
      '/',
      '/nb/',
      '/nb/overview',
      '/xx/overview',
      '/nb/c/nobody/overview',
      '/style.css',
      '/comfort.js',
    ]) {
      const reply = await page.ask(path, { headers: { cookie } });
      expectSafe(reply);
      replies.set(reply.status, path);
    }
    expect([...replies.keys()].toSorted()).toEqual([200, 303, 404]);
  });

  test('has nothing of a fault in the program but that there was one', async () => {
    await using fresh = await openPageBench();
    const broken = { ...fresh.office, store: undefined, companies: new Map([['x', null as never]]) };
    await using bench = await openPageBench({ office: broken });
    const reply = await bench.ask('/nb/overview', { headers: { cookie: await bench.comeIn() } });
    expect(reply.status).toBe(500);
    expect(reply.text).not.toMatch(/TypeError|\.ts/);
    expect(bench.faults).toHaveLength(1);
    expectSafe(reply);
  });
});

describe('names of others', () => {
  const names = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</title><svg/onload=alert(1)>',
    '&lt;b&gt;',
    'javascript:alert(1)',
    '{{constructor}}',
    '\u2028\u202Egnp.exe',
    '<!--',
  ];

  test('are text, wherever they stand', async () => {
    await using hostile = await openPageBench({ names });
    const headers = { cookie: await hostile.comeIn() };
    const paths = ['/nb/overview', ...names.map((_, index) => `/nb/c/kafe-${index}/overview`)];
    for (const path of [...paths, `/nb/find?name=${encodeURIComponent('"><script>')}`, '/nb/%3Cscript%3Ealert(1)']) {
      const { text } = await hostile.ask(path, { headers });
      expect(text).not.toMatch(/<script(?! src="\/comfort\.js" defer><)|<img|<svg\/|onerror=alert\(1\)>|onmouseover='/);
    }
    const { text } = await hostile.ask('/nb/overview', { headers });
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('&amp;lt;b&amp;gt;');
  });
});
