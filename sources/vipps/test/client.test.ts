import { plainDate } from '@bilag/core';
import { createVippsClient, type VippsClient } from '@bilag/vipps';
import type { VippsClientOptions } from '../src/api/api.ts';
import nock from 'nock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithShared } from '../../../test/support.ts';
import { all, errorFrom, example, item, merchantKeys, origin, partnerKeys } from './fixtures.ts';

const date = plainDate('2022-10-01');
const funds = '/report/v2/ledgers/302321/funds/dates/2022-10-01';
const request = { ledgerId: '302321', topic: 'funds' as const, date };

let nowMs: number;
let slept: number[];
let events: unknown[];
let clients: VippsClient[];

beforeAll(() => nock.disableNetConnect());
afterAll(() => nock.enableNetConnect());

beforeEach(() => {
  nowMs = Date.UTC(2022, 9, 2, 6);
  slept = [];
  events = [];
  clients = [];
});

afterEach(async () => {
  for (const client of clients) await client.close();
  nock.cleanAll();
});

function clientWith(options: Partial<VippsClientOptions> = {}): VippsClient {
  const client = createVippsClient({
    credentials: merchantKeys,
    system: { name: 'bilag', version: '1.0' },
    ...options,
    http: {
      now: () => nowMs,
      sleep: async (durationMs, signal) => {
        signal?.throwIfAborted();
        slept.push(durationMs);
        nowMs += durationMs;
      },
      random: () => 1,
      limits: { perSecond: Number.POSITIVE_INFINITY },
      onEvent: (event) => events.push(event),
      ...options.http,
    },
  });
  clients.push(client);
  return client;
}

function token(): nock.Interceptor {
  return nock(origin).post('/accesstoken/get');
}

/** Answers one token request. */
function giveToken(value = 'token-1', expiresIn: unknown = '86398'): nock.Scope {
  return token().reply(200, { token_type: 'Bearer', expires_in: expiresIn, access_token: value });
}

describe('tokens', () => {
  test('merchant keys ask with all four, and calls carry them with the token', async () => {
    nock(origin, {
      reqheaders: {
        client_id: merchantKeys.clientId,
        client_secret: merchantKeys.clientSecret,
        'ocp-apim-subscription-key': merchantKeys.subscriptionKey,
        'merchant-serial-number': merchantKeys.merchantSerialNumber,
        'vipps-system-name': 'bilag',
        'vipps-system-version': '1.0',
        'vipps-system-plugin-name': 'shop',
        'vipps-system-plugin-version': '2.0',
      },
    })
      .post('/accesstoken/get', '')
      .reply(200, { expires_in: '86398', access_token: 'token-1' });
    nock(origin, {
      reqheaders: {
        authorization: 'Bearer token-1',
        'ocp-apim-subscription-key': merchantKeys.subscriptionKey,
        'merchant-serial-number': merchantKeys.merchantSerialNumber,
        'vipps-system-name': 'bilag',
      },
      badheaders: ['client_id', 'client_secret'],
    })
      .get('/settlement/v1/ledgers')
      .reply(200, { items: [], cursor: '' });
    const client = clientWith({
      system: { name: 'bilag', version: '1.0', pluginName: 'shop', pluginVersion: '2.0' },
    });
    expect(await all(client.ledgers())).toEqual([]);
  });

  test('an accounting partner asks with basic authorisation and never sends a subscription key', async () => {
    nock(origin, {
      reqheaders: {
        authorization: `Basic ${Buffer.from('partner-5b0e18a84aed:partner-secret+/==').toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      badheaders: ['ocp-apim-subscription-key', 'merchant-serial-number', 'client_id', 'client_secret'],
    })
      .post('/miami/v1/token', 'grant_type=client_credentials')
      .reply(200, { access_token: 'token-2', token_type: 'Bearer', expires_in: 900 });
    nock(origin, {
      reqheaders: { authorization: 'Bearer token-2' },
      badheaders: ['ocp-apim-subscription-key', 'merchant-serial-number'],
    })
      .get('/settlement/v1/ledgers')
      .reply(200, { items: [] });
    expect(await all(clientWith({ credentials: partnerKeys }).ledgers())).toEqual([]);
  });

  test('a token is asked for once, also by several at the same time', async () => {
    giveToken();
    nock(origin).get('/settlement/v1/ledgers').times(4).reply(200, { items: [] });
    const client = clientWith();
    await Promise.all([all(client.ledgers()), all(client.ledgers()), all(client.ledgers())]);
    await all(client.ledgers());
    expect(nock.isDone()).toBe(true);
  });

  test.each([
    ['a day, given as text', '86398', 86398 * 0.9],
    ['a quarter of an hour', 900, 900 * 0.9],
    ['five minutes: a minute before the end', 300, 240],
    ['half a minute: half way', 30, 15],
  ])('a token of %s is renewed early', async (_, expiresIn, usedForSeconds) => {
    giveToken('token-1', expiresIn);
    nock(origin).get('/settlement/v1/ledgers').times(3).reply(200, { items: [] });
    const client = clientWith();
    await all(client.ledgers());
    nowMs += usedForSeconds * 1000 - 1;
    await all(client.ledgers());
    const renewed = giveToken('token-2', expiresIn);
    expect(renewed.isDone()).toBe(false);
    nowMs += 1;
    await all(client.ledgers());
    expect(renewed.isDone()).toBe(true);
  });

  test('a refused token is renewed once, and the call repeated', async () => {
    giveToken('token-1');
    nock(origin, { reqheaders: { authorization: 'Bearer token-1' } })
      .get('/settlement/v1/ledgers')
      .reply(401, { code: 'Unauthorized', message: 'Please check your API keys' });
    giveToken('token-2');
    nock(origin, { reqheaders: { authorization: 'Bearer token-2' } })
      .get('/settlement/v1/ledgers')
      .reply(200, { items: [] });
    expect(await all(clientWith().ledgers())).toEqual([]);
    expect(nock.isDone()).toBe(true);
  });

  test('a token refused twice is the end: no loop', async () => {
    token().times(5).reply(200, { expires_in: '86398', access_token: 'token-1' });
    nock(origin).get('/settlement/v1/ledgers').times(5).reply(401, {});
    const error = await errorFrom(all(clientWith().ledgers()));
    expect(error.kind).toBe('unauthorised');
    expect(events.filter((event) => JSON.stringify(event).includes('/settlement/v1/ledgers'))).toHaveLength(2);
  });

  test.each([400, 401, 403])('keys that the token endpoint refuses with %i are named', async (status) => {
    token().reply(status, { error: 'invalid_client' });
    const error = await errorFrom(all(clientWith().ledgers()));
    expect(error.kind).toBe('unauthorised');
    expect(error.message).toContain('merchant keys were refused');
    expect(error.message).toContain('invalid_client');
  });

  test('a busy token endpoint is asked again as it says', async () => {
    token().reply(429, '', { 'Retry-After': '3' });
    giveToken();
    nock(origin).get('/settlement/v1/ledgers').reply(200, { items: [] });
    await all(clientWith().ledgers());
    expect(slept).toEqual([3000]);
  });

  test('a token reply that is none says so without showing it', async () => {
    token().reply(200, { access_token: 'token-without-a-life' });
    const error = await errorFrom(all(clientWith().ledgers()));
    expect(error.message).toContain('expires_in');
    expect(error.message).not.toContain('token-without-a-life');
  });

  test.each([
    ['clientSecret', { ...merchantKeys, clientSecret: 'hidden\nvalue' }],
    ['subscriptionKey', { ...merchantKeys, subscriptionKey: '' }],
  ])('a bad %s is refused before anything is sent', (field, credentials) => {
    expect(() => clientWith({ credentials })).toThrow(`credentials.${field}`);
    expect(() => clientWith({ credentials })).not.toThrow('hidden');
  });

  test('a system name of more than 30 characters is refused', () => {
    expect(() => clientWith({ system: { name: 'x'.repeat(31), version: '1' } })).toThrow('system.name');
    expect(() => clientWith({ system: { name: 'å', version: '1' } })).toThrow('system.name');
    expect(() => clientWith({ system: { name: 'x'.repeat(30), version: '' } })).toThrow('system.version');
  });

  test('no secret is in any error or event', async () => {
    for (const credentials of [merchantKeys, partnerKeys]) {
      const basic = Buffer.from(`${credentials.clientId}:${credentials.clientSecret}`).toString('base64');
      const secrets = [credentials.clientId, credentials.clientSecret, basic, 'the-token-itself'];
      if (credentials.kind === 'merchant') secrets.push(credentials.subscriptionKey);
      const path = credentials.kind === 'merchant' ? '/accesstoken/get' : '/miami/v1/token';
      const echo = { message: secrets.join(' '), errorMessage: secrets.join(','), access: secrets };
      nock(origin)
        .post(path)
        .reply(401, { message: secrets.slice(0, 3).join(' ') })
        .post(path)
        .reply(200, { expires_in: 900, access_token: 'the-token-itself' });
      nock(origin).get(/.*/).query(true).times(20).reply(500, echo);
      const client = clientWith({ credentials });
      const errors = [await errorFrom(all(client.ledgers())), await errorFrom(client.fetchDate(request))];
      const seen = JSON.stringify([events, errors.map((error) => ({ ...error, stack: error.stack }))]);
      expect(seen).toContain('HTTP 500');
      for (const secret of secrets) expect(seen).not.toContain(secret);
      nock.cleanAll();
    }
  });
});

describe('ledgers', () => {
  beforeEach(() => void giveToken());

  describeWithShared('published examples', () => {
    test('the published examples are read', async () => {
      nock(origin).get('/settlement/v1/ledgers').reply(200, example('ledgers-no.json'));
      expect(await all(clientWith().ledgers())).toEqual([
        {
          ledgerId: '302321',
          currency: 'NOK',
          payoutAccount: { scheme: 'BBAN:NO', id: '86011117947' },
          owner: { scheme: 'business:NO:ORG', id: '987654321' },
          recipientHandles: ['api:123455'],
          salesUnits: [
            {
              name: 'Example Shop Oslo',
              recipientHandle: 'api:123455',
              businessIdentifier: { scheme: 'business:NO:ORG', id: '987654321' },
            },
          ],
        },
      ]);
      for (const [name, currency] of [
        ['ledgers-dk.json', 'DKK'],
        ['ledgers-no-v1-shape.json', 'NOK'],
      ] as const) {
        giveToken();
        nock(origin).get('/settlement/v1/ledgers').reply(200, example(name));
        expect(await all(clientWith().ledgers())).toMatchObject([{ currency, salesUnits: [] }]);
      }
    });
  });

  test('all pages are read, the cursor encoded and alone in the request', async () => {
    nock(origin)
      .get('/settlement/v1/ledgers?settlesForRecipientHandles=api%3A123456')
      .reply(200, { cursor: 'a=+/', items: [{ ledgerId: '1' }] })
      .get('/settlement/v1/ledgers?cursor=a%3D%2B%2F')
      .reply(200, { items: [{ ledgerId: '2', currency: 'DKK' }] });
    const ledgers = await all(clientWith().ledgers({ settlesForRecipientHandle: 'api:123456' }));
    expect(ledgers.map(({ ledgerId, currency }) => [ledgerId, currency])).toEqual([
      ['1', null],
      ['2', 'DKK'],
    ]);
  });

  test('a cursor that repeats is an error, not an endless loop', async () => {
    nock(origin).get('/settlement/v1/ledgers').query(true).times(9).reply(200, { cursor: 'same', items: [] });
    expect((await errorFrom(all(clientWith().ledgers()))).message).toContain('cursor that was read already');
  });

  test('a ledger without an id is refused with its place', async () => {
    nock(origin)
      .get('/settlement/v1/ledgers')
      .reply(200, { items: [{ ledgerId: '1' }, { currency: 'NOK' }] });
    expect((await errorFrom(all(clientWith().ledgers()))).message).toContain('items[1].ledgerId');
  });
});

describe('a date', () => {
  beforeEach(() => void giveToken());

  test.each([
    ['closed', { hasMore: false, tryLater: false, items: [item()] }, true, 1],
    ['closed, without entries', { hasMore: false, tryLater: false, items: [] }, true, 0],
    ['open, with entries', { cursor: '', hasMore: false, tryLater: true, items: [item()] }, false, 1],
    ['open, without entries', { cursor: '', hasMore: false, tryLater: true, items: [] }, false, 0],
    ['closed, in the shape without hasMore', { cursor: '', items: [item()] }, true, 1],
    ['closed, with nulls', { cursor: null, hasMore: null, tryLater: null, items: [item()] }, true, 1],
    ['closed, with a cursor nobody needs', { cursor: 'x', hasMore: false, tryLater: false, items: [item()] }, true, 1],
    ['closed, with fields of tomorrow', { hasMore: false, items: [item({ brandNew: { a: 1 } })], etag: 'x' }, true, 1],
  ])('may be %s', async (_, body, closed, count) => {
    nock(origin).get(funds).reply(200, body);
    const read = await clientWith().fetchDate(request);
    expect(read.closed).toBe(closed);
    expect(read.entries).toHaveLength(count);
    expect(read.findings).toEqual([]);
  });

  test('pages are read until there are no more, also an empty last one; a short page is not the end', async () => {
    nock(origin)
      .get(funds)
      .reply(
        200,
        { hasMore: true, tryLater: false, cursor: 'Mw==', items: [item()] },
        { 'Vipps-Feed-Page-Size': '500' },
      )
      .get(`${funds}?cursor=Mw%3D%3D`)
      .reply(200, { hasMore: true, tryLater: false, cursor: 'r=a+', items: [item({ pspReference: '2' })] })
      .get(`${funds}?cursor=r%3Da%2B`)
      .reply(200, { hasMore: false, tryLater: false, items: [] }, { 'Vipps-Feed-Page-Size': '500' });
    const read = await clientWith().fetchDate(request);
    expect(read.entries.map(({ pspReference }) => pspReference)).toEqual(['3343121302', '2']);
    expect(read.closed).toBe(true);
    expect(read.pageSize).toBe(500);
    expect(read.pages.map((page) => [page.sequence, page.request, page.closed, page.receivedAt])).toEqual([
      [0, `GET ${funds}`, true, '2022-10-02T06:00:00.000Z'],
      [1, `GET ${funds}?cursor=Mw%3D%3D`, true, '2022-10-02T06:00:00.000Z'],
      [2, `GET ${funds}?cursor=r%3Da%2B`, true, '2022-10-02T06:00:00.000Z'],
    ]);
  });

  test('in the shape without hasMore, a cursor says that more follows', async () => {
    nock(origin)
      .get(funds)
      .reply(200, { cursor: 'a', items: [item()] })
      .get(`${funds}?cursor=a`)
      .reply(200, { cursor: '', items: [item({ pspReference: '2' })] });
    const read = await clientWith().fetchDate(request);
    expect([read.closed, read.entries.length]).toEqual([true, 2]);
  });

  test('of an open date all pages are read at once, without waiting', async () => {
    nock(origin)
      .get(funds)
      .reply(200, { hasMore: true, tryLater: true, cursor: 'a', items: [item()] })
      .get(`${funds}?cursor=a`)
      .reply(200, { hasMore: false, tryLater: true, items: [item({ pspReference: '2' })] });
    const read = await clientWith().fetchDate(request);
    expect([read.closed, read.entries.length, slept]).toEqual([false, 2, []]);
  });

  test('bytes are kept as received', async () => {
    const body = '{ "tryLater" : false,\r\n "hasMore":false, "items":[], "æ":"\\u00e6" }';
    nock(origin).get(funds).reply(200, body);
    const read = await clientWith().fetchDate(request);
    expect(Buffer.from(read.pages[0]?.body ?? []).toString()).toBe(body);
  });

  test('personal data is not asked for, and does not reach an entry when it comes all the same', async () => {
    const asked: string[] = [];
    nock(origin)
      .get((uri) => asked.push(uri) > 0)
      .reply(200, { items: [item({ name: 'Test Person', maskedPhoneNo: 'xxxx 1234', message: 'Hello' })] });
    const read = await clientWith().fetchDate(request);
    expect(asked.join()).not.toContain('includeGDPRSensitiveData');
    expect(JSON.stringify(read.entries)).not.toMatch(/Test Person|1234"|Hello/);
  });

  test('a page that says more but has no cursor is an error', async () => {
    nock(origin)
      .get(funds)
      .reply(200, { hasMore: true, tryLater: false, cursor: '', items: [item()] });
    expect((await errorFrom(clientWith().fetchDate(request))).message).toContain('no cursor');
  });

  test('a cursor that repeats is an error, not an endless loop', async () => {
    nock(origin)
      .get(funds)
      .query(true)
      .times(9)
      .reply(200, { hasMore: true, cursor: 'same', items: [item()] });
    const error = await errorFrom(clientWith().fetchDate(request));
    expect(error.message).toContain('cursor that was read already');
  });

  test.each([
    ['"tryLater": "true"', '{"items": [], "tryLater": "true"}', 'tryLater'],
    ['no items', '{"hasMore": false, "tryLater": false}', 'items'],
    ['a list', '[]', 'the whole'],
    ['a fraction', JSON.stringify({ items: [item(), item({ amount: 1.5 })] }), '[1].amount'],
    ['an amount as text', JSON.stringify({ items: [item({ amount: '100' })] }), '[0].amount'],
    [
      'an amount too large to be exact',
      '{"items": [{"entryType":"capture","currency":"NOK","amount":9007199254740993}]}',
      '[0].amount',
    ],
    ['a swapped date', JSON.stringify({ items: [item({ ledgerDate: '2023-31-12' })] }), '[0].ledgerDate'],
    ['no type', JSON.stringify({ items: [item({ entryType: '' })] }), '[0].entryType'],
  ])('a reply with %s is refused with its place', async (_, body, place) => {
    nock(origin).get(funds).reply(200, body);
    const error = await errorFrom(clientWith().fetchDate(request));
    expect(error.message).toContain(place);
    expect(error.message).toContain(funds);
  });

  test('malformed JSON is refused with its place, and nothing of it is shown', async () => {
    nock(origin).get(funds).reply(200, '{"items": [{"name": "Kari",}]}');
    const error = await errorFrom(clientWith().fetchDate(request));
    expect(error.kind).toBe('unavailable');
    expect(error.message).toContain('malformed JSON at line 1, column 28');
    expect(error.message).not.toContain('Kari');
  });

  test('404 for a ledger in the list is a date that is not ready: open, with a warning, and not zero sales', async () => {
    nock(origin)
      .get(funds)
      .reply(404)
      .get('/settlement/v1/ledgers')
      .reply(200, { items: [{ ledgerId: '302321' }] });
    const read = await clientWith().fetchDate(request);
    expect(read).toMatchObject({ closed: false, entries: [], pages: [] });
    expect(read.findings.map(({ code, severity }) => [code, severity])).toEqual([['date-not-available', 'warning']]);
  });

  test('404 for a ledger that was seen before needs no second look at the list', async () => {
    nock(origin)
      .get('/settlement/v1/ledgers')
      .reply(200, { items: [{ ledgerId: '302321' }] })
      .get(funds)
      .reply(404);
    const client = clientWith();
    await all(client.ledgers());
    expect((await client.fetchDate(request)).closed).toBe(false);
  });

  test('404 for a ledger that is not in the list is no access', async () => {
    nock(origin)
      .get(funds)
      .reply(404)
      .get('/settlement/v1/ledgers')
      .reply(200, { items: [{ ledgerId: '1' }] });
    const error = await errorFrom(clientWith().fetchDate(request));
    expect(error.kind).toBe('not-found');
    expect(error.message).toContain('list the ledgers');
  });

  test('whoever knows whether the ledger is listed spares the look', async () => {
    nock(origin).get(funds).times(2).reply(404);
    const client = clientWith();
    expect((await client.fetchDate({ ...request, knownLedger: true })).closed).toBe(false);
    expect((await errorFrom(client.fetchDate({ ...request, knownLedger: false }))).kind).toBe('not-found');
  });

  test.each([
    [403, {}, 'forbidden', 'Accounting partners'],
    [410, {}, 'unsupported', 'May 2024'],
    [429, {}, 'busy', 'once an hour'],
    [500, { errorCode: 10001, errorMessage: 'Unknown', contextId: 'c-1' }, 'unavailable', '10001: Unknown'],
    [500, { errorCode: 100001, errorMessage: 'As in the example' }, 'unavailable', 'As in the example'],
    [
      500,
      { errorCode: 10002, errorMessage: 'Your request parameters did not validate.' },
      'config',
      'mend the ledger id',
    ],
    [
      400,
      { type: 'https://example.com/problem', title: 'Bad', status: 400, detail: 'Cursor', traceId: 't' },
      'rejected',
      'Bad: Cursor',
    ],
  ])('%i %j is %s', async (status, body, kind, text) => {
    nock(origin).get(funds).times(5).reply(status, body);
    const error = await errorFrom(clientWith().fetchDate(request));
    expect(error.kind).toBe(kind);
    expect(error.message).toContain(text);
  });

  test('404 of the token endpoint is a wrong base address, not a date', async () => {
    const elsewhere = 'https://elsewhere.example';
    nock(elsewhere).post('/accesstoken/get').reply(404);
    const client = clientWith({ baseUrl: `${elsewhere}/` });
    const error = await errorFrom(client.fetchDate({ ...request, knownLedger: true }));
    expect(error.message).toContain('check the base address');
  });

  test('an error of the request is not tried again, an unknown one is', async () => {
    nock(origin).get(funds).reply(500, { errorCode: 10002 });
    await errorFrom(clientWith().fetchDate(request));
    expect(slept).toEqual([]);
    giveToken();
    nock(origin).get(funds).reply(500, { errorCode: 10001 }).get(funds).reply(200, { items: [] });
    expect((await clientWith().fetchDate(request)).closed).toBe(true);
    expect(slept).toEqual([500]);
  });

  test.each([
    ['with Retry-After', { 'Retry-After': '11' }, 11_000],
    ['without', {}, 500],
  ])('429 %s is waited for', async (_, headers, waitMs) => {
    nock(origin).get(funds).reply(429, '', headers).get(funds).reply(200, { items: [] });
    expect((await clientWith().fetchDate(request)).closed).toBe(true);
    expect(slept).toEqual([waitMs]);
  });

  test('a cut connection is tried again', async () => {
    nock(origin)
      .get(funds)
      .replyWithError(Object.assign(new Error('cut'), { code: 'ECONNRESET' }))
      .get(funds)
      .reply(200, { items: [] });
    expect((await clientWith().fetchDate(request)).closed).toBe(true);
  });

  test('a caller that stops gets its own reason, and others keep the token they share', async () => {
    const stop = new AbortController();
    nock(origin).get(funds).reply(200, { items: [] });
    const client = clientWith();
    const stopped = client.fetchDate({ ...request, signal: stop.signal });
    const other = client.fetchDate(request);
    stop.abort(new Error('stopped by hand'));
    await expect(stopped).rejects.toThrow('stopped by hand');
    expect((await other).closed).toBe(true);
  });

  test('an empty ledger id is refused before anything is sent', async () => {
    expect((await errorFrom(clientWith().fetchDate({ ...request, ledgerId: ' ' }))).kind).toBe('config');
    expect((await errorFrom(clientWith().fetchDate({ ...request, ledgerId: '..' }))).kind).toBe('config');
  });
});

describe('the feed', () => {
  const feed = '/report/v2/ledgers/302321/fees/feed';
  const start = { ledgerId: '302321', topic: 'fees' as const };

  beforeEach(() => void giveToken());

  test('it is read in batches until it is caught up; each has the cursor to keep', async () => {
    nock(origin)
      .get(feed)
      .reply(200, { cursor: 'a', tryLater: false, items: [item()] })
      .get(`${feed}?cursor=a`)
      .reply(200, { cursor: 'b', items: [] })
      .get(`${feed}?cursor=b`)
      .reply(200, { cursor: '34rqweweca32r=a+', tryLater: true, items: [item({ pspReference: '2' })] });
    const batches = await all(clientWith().feed(start));
    expect(batches.map(({ cursor, caughtUp, entries }) => [cursor, caughtUp, entries.length])).toEqual([
      ['a', false, 1],
      ['b', false, 0],
      ['34rqweweca32r=a+', true, 1],
    ]);
    expect(batches[0]?.entries[0]?.account).toBe('fees');
  });

  test('it goes on from a kept cursor, which may come back unchanged when nothing is new', async () => {
    nock(origin).get(`${feed}?cursor=r%3Da%2B`).reply(200, { cursor: 'r=a+', tryLater: true, items: [] });
    const batches = await all(clientWith().feed({ ...start, cursor: 'r=a+' }));
    expect(batches.map(({ cursor, caughtUp }) => [cursor, caughtUp])).toEqual([['r=a+', true]]);
  });

  test('a cursor that does not move although there is more is an error', async () => {
    nock(origin)
      .get(feed)
      .query(true)
      .times(9)
      .reply(200, { cursor: 'a', tryLater: false, items: [item()] });
    expect((await errorFrom(all(clientWith().feed(start)))).message).toContain('cursor that was read already');
  });

  test('a batch without a cursor, or an item without a date, is refused', async () => {
    nock(origin).get(feed).reply(200, { cursor: '', tryLater: true, items: [] });
    expect((await errorFrom(all(clientWith().feed(start)))).message).toContain('cursor');
    giveToken();
    nock(origin)
      .get(feed)
      .reply(200, { cursor: 'a', tryLater: true, items: [item({ ledgerDate: null })] });
    expect((await errorFrom(all(clientWith().feed(start)))).message).toContain('ledger date');
  });
});

describe('v1', () => {
  const path = '/report/v1/ledgertransactions';

  beforeEach(() => void giveToken());

  test.each([
    [{ ledgerDate: date }, 'ledgerDate=2022-10-01'],
    [{ from: date, to: plainDate('2022-10-31') }, 'fromLedgerDate=2022-10-01&toLedgerDate=2022-10-31'],
    [{ inPayout: '2000010' }, 'inPayout=2000010'],
    [{ sincePayout: '2000010' }, 'sincePayout=2000010'],
  ])('rows of %j are asked for', async (which, query) => {
    nock(origin).get(`${path}?ledgerId=302321&${query}`).reply(200, '{"cursor":"","items":[{"ledgerAmount":7.890}]}');
    const pages = await all(clientWith().ledgerTransactions({ ledgerId: '302321', ...which }));
    expect(pages.map(({ rows }) => rows)).toEqual([[{ ledgerAmount: '7.890' }]]);
  });

  test('further pages are asked for with ledger and cursor alone', async () => {
    nock(origin)
      .get(`${path}?ledgerId=302321&ledgerDate=2022-10-01`)
      .reply(200, { cursor: 'a+=', items: [] })
      .get(`${path}?ledgerId=302321&cursor=a%2B%3D`)
      .reply(200, { items: [{}] });
    const pages = await all(clientWith().ledgerTransactions({ ledgerId: '302321', ledgerDate: date }));
    expect(pages.map(({ rows }) => rows.length)).toEqual([0, 1]);
  });

  test('410 says that v1 is closed and what to use', async () => {
    nock(origin).get(path).query(true).reply(410);
    const error = await errorFrom(all(clientWith().ledgerTransactions({ ledgerId: '302321', ledgerDate: date })));
    expect(error.kind).toBe('unsupported');
    expect(error.message).toContain('read with v2, or read archived v1 files');
  });
});
