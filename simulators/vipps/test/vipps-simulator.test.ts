import { readFileSync } from 'node:fs';
import { fetch, type Response } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { plainDate } from '@bilag/core';
import {
  demoMerchants,
  exampleDay,
  namedVippsFaults,
  startVippsSimulator,
  summariseV1,
  toV1Rows,
  uneventful,
  v1ExampleDay,
  type Merchant,
  type VippsSimulator,
  type VippsSimulatorOptions,
} from '@bilag/simulator-vipps';
import { summarise } from '../src/merchant/merchant.ts';
import type { VippsFault, VippsFaultAim } from '../src/server/vipps-faults.ts';
import type { V2Entry } from '../src/ledger/ledger-dates.ts';
import type { MerchantKeys } from '../src/server/tokens.ts';
import { describeWithShared, sharedPath } from '../../../test/support.ts';
import { quarterOf } from './generated-merchants.ts';

interface Page {
  cursor?: string;
  hasMore?: boolean;
  tryLater?: boolean;
  items: V2Entry[];
}

let running: VippsSimulator | undefined;

afterEach(async () => {
  const failures = running?.failures ?? [];
  await running?.close();
  running = undefined;
  if (failures.length > 0) throw new AggregateError(failures, 'the simulator itself failed');
});

async function start(options: Partial<VippsSimulatorOptions> = {}): Promise<VippsSimulator> {
  running = await startVippsSimulator({ merchants: [exampleDay], ...options });
  return running;
}

const system = { 'vipps-system-name': 'bilag', 'vipps-system-version': '1.0' };

async function partnerToken(
  simulator: VippsSimulator,
  body = 'grant_type=client_credentials',
  headers = {},
): Promise<Response> {
  const { clientId, clientSecret } = simulator.credentials.partner;
  return fetch(`${simulator.url}/miami/v1/token`, {
    method: 'POST',
    body,
    headers: {
      authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`,
      'content-type': 'application/x-www-form-urlencoded',
      ...system,
      ...headers,
    },
  });
}

async function merchantToken(simulator: VippsSimulator, keys: MerchantKeys): Promise<Response> {
  return fetch(`${simulator.url}/accesstoken/get`, { method: 'POST', headers: merchantHeaders(keys) });
}

function merchantHeaders(keys: MerchantKeys): Record<string, string> {
  return {
    client_id: keys.clientId,
    client_secret: keys.clientSecret,
    'ocp-apim-subscription-key': keys.subscriptionKey,
    'merchant-serial-number': keys.merchantSerialNumber,
  };
}

/** A reader with the partner's keys. */
async function reader(simulator: VippsSimulator): Promise<(path: string) => Promise<Response>> {
  const { access_token: token } = (await (await partnerToken(simulator)).json()) as { access_token: string };
  return (path) => fetch(simulator.url + path, { headers: { authorization: `Bearer ${token}`, ...system } });
}

/** Every page of a date, each cursor encoded as it has to be. */
async function datePages(
  read: (path: string) => Promise<Response>,
  ledgerId: string,
  topic: string,
  date: string,
): Promise<Page[]> {
  const pages: Page[] = [];
  let query = '';
  for (;;) {
    const page = (await (await read(`/report/v2/ledgers/${ledgerId}/${topic}/dates/${date}${query}`)).json()) as Page;
    pages.push(page);
    if (!page.hasMore) return pages;
    query = `?cursor=${encodeURIComponent(page.cursor ?? '')}`;
  }
}

/** The feed until it says to try later. */
async function feedPages(
  read: (path: string) => Promise<Response>,
  ledgerId: string,
  topic: string,
  cursor = '',
): Promise<Page[]> {
  const pages: Page[] = [];
  let query = cursor && `?cursor=${encodeURIComponent(cursor)}`;
  for (;;) {
    const page = (await (await read(`/report/v2/ledgers/${ledgerId}/${topic}/feed${query}`)).json()) as Page;
    pages.push(page);
    if (page.tryLater) return pages;
    query = `?cursor=${encodeURIComponent(page.cursor ?? '')}`;
  }
}

interface V1Page {
  cursor: string;
  items: { transactionId: string; ledgerAmount: number; ledgerDate: string; transactionType: string }[];
}

async function v1Pages(read: (path: string) => Promise<Response>, ledgerId: string, query: string): Promise<V1Page[]> {
  const pages: V1Page[] = [];
  let rest = query;
  for (;;) {
    const page = (await (await read(`/report/v1/ledgertransactions?ledgerId=${ledgerId}${rest}`)).json()) as V1Page;
    pages.push(page);
    if (page.cursor === '') return pages;
    rest = `&cursor=${encodeURIComponent(page.cursor)}`;
  }
}

const itemsOf = <Item>(pages: readonly { items: Item[] }[]): Item[] => pages.flatMap(({ items }) => items);
const fundsOf = (merchant: Merchant, date?: string): V2Entry[] =>
  [...merchant.dates()].flatMap((day) => (date === undefined || day.date === date ? day.funds : []));

const twoUnits = quarterOf(1, {
  salesUnits: [
    { handle: 'api:123455', name: 'Web', trade: 'web-shop' },
    { handle: 'NO:57860', name: 'Shop', trade: 'cafe' },
  ],
});
const other = quarterOf(2, { ledgerId: '302500', salesUnits: [{ handle: 'api:222222', name: 'Other', trade: 'gym' }] });

describe('tokens', () => {
  test('merchant keys get one for a day, its numbers as strings', async () => {
    const simulator = await start({ merchants: [twoUnits] });
    const [keys] = simulator.credentials.merchants;
    const response = await merchantToken(simulator, keys as MerchantKeys);
    expect(response.status).toBe(200);
    const token = (await response.json()) as Record<string, string>;
    expect(token).toMatchObject({ token_type: 'Bearer', expires_in: '86400', ext_expires_in: '0' });
    expect(Number(token['expires_on']) - Number(token['not_before'])).toBe(86_400);
  });

  test('partner keys get one for a quarter of an hour, its number a number', async () => {
    const simulator = await start();
    expect(await (await partnerToken(simulator)).json()).toEqual({
      access_token: 'simulated-token-1',
      token_type: 'Bearer',
      expires_in: 900,
    });
  });

  test('wrong merchant keys, each alone, are unauthorised', async () => {
    const simulator = await start({ merchants: [twoUnits] });
    const keys = simulator.credentials.merchants[0] as MerchantKeys;
    for (const wrong of ['clientId', 'clientSecret', 'subscriptionKey', 'merchantSerialNumber'] as const) {
      const response = await merchantToken(simulator, { ...keys, [wrong]: '999999' });
      expect([wrong, response.status, await response.json()]).toEqual([
        wrong,
        401,
        { code: 'Unauthorized', message: 'Please check your API keys' },
      ]);
    }
  });

  test.each([
    ['a subscription key sent along', 'grant_type=client_credentials', { 'ocp-apim-subscription-key': 'any' }],
    ['no grant type', '', {}],
    ['another content type', 'grant_type=client_credentials', { 'content-type': 'application/json' }],
    [
      'the wrong secret',
      'grant_type=client_credentials',
      { authorization: `Basic ${btoa('simulated-client-partner:wrong')}` },
    ],
  ])('partner keys with %s: invalid_client', async (_, body, headers) => {
    const simulator = await start();
    const response = await partnerToken(simulator, body, headers);
    expect([response.status, await response.json()]).toEqual([401, { error: 'invalid_client' }]);
  });

  test('a token ends with its lifetime, or when all are taken back', async () => {
    let nowMs = Date.UTC(2026, 10, 1);
    const simulator = await start({ now: () => new Date(nowMs), tokenLifetimes: { partnerSeconds: 60 } });
    const read = await reader(simulator);
    expect((await read('/settlement/v1/ledgers')).status).toBe(200);
    nowMs += 60_000;
    const late = await read('/settlement/v1/ledgers');
    expect([late.status, await late.json()]).toEqual([
      401,
      { code: 'Unauthorized', message: 'Please check your API keys' },
    ]);
    const readAgain = await reader(simulator);
    expect((await readAgain('/settlement/v1/ledgers')).status).toBe(200);
    simulator.expireTokens();
    expect((await readAgain('/settlement/v1/ledgers')).status).toBe(401);
  });

  test.each([
    ['no Authorization', {}],
    ['no Bearer', { authorization: 'simulated-token-1' }],
    ['a token nobody gave out', { authorization: 'Bearer simulated-token-9' }],
  ])('%s: unauthorised', async (_, headers) => {
    const simulator = await start();
    await partnerToken(simulator);
    expect(
      (await fetch(`${simulator.url}/settlement/v1/ledgers`, { headers: headers as Record<string, string> })).status,
    ).toBe(401);
  });

  test('merchant keys need their subscription key on every call, and no serial number but their own', async () => {
    const simulator = await start({ merchants: [twoUnits] });
    const keys = simulator.credentials.merchants[0] as MerchantKeys;
    const { access_token: token } = (await (await merchantToken(simulator, keys)).json()) as { access_token: string };
    const authorization = `Bearer ${token}`;
    const url = `${simulator.url}/settlement/v1/ledgers`;
    expect((await fetch(url, { headers: { authorization } })).status).toBe(401);
    expect(
      (await fetch(url, { headers: { authorization, 'ocp-apim-subscription-key': keys.subscriptionKey } })).status,
    ).toBe(200);
    const another = { 'ocp-apim-subscription-key': keys.subscriptionKey, 'merchant-serial-number': '222222' };
    expect((await fetch(url, { headers: { authorization, ...another } })).status).toBe(401);
  });
});

describe('ledgers', () => {
  test('merchant keys see their own alone, and others do not exist for them', async () => {
    const simulator = await start({ merchants: [twoUnits, other] });
    const keys = simulator.credentials.merchants.find(
      ({ merchantSerialNumber }) => merchantSerialNumber === '222222',
    ) as MerchantKeys;
    const { access_token: token } = (await (await merchantToken(simulator, keys)).json()) as { access_token: string };
    const headers = { authorization: `Bearer ${token}`, ...merchantHeaders(keys) };
    expect(await (await fetch(`${simulator.url}/settlement/v1/ledgers`, { headers })).json()).toEqual({
      cursor: '',
      items: [other.ledger],
    });
    const hidden = await fetch(`${simulator.url}/report/v2/ledgers/302400/funds/dates/2026-07-01`, { headers });
    expect([hidden.status, await hidden.json()]).toMatchObject([404, { status: 404, detail: 'No such ledgerId' }]);
  });

  test('partner keys see those granted, and none is an empty list', async () => {
    const partner = { kind: 'accounting-partner', clientId: 'id', clientSecret: 'secret' } as const;
    const simulator = await start({
      merchants: [twoUnits, other],
      credentials: { partner: { ...partner, ledgerIds: ['302500'] } },
    });
    expect(await (await (await reader(simulator))('/settlement/v1/ledgers')).json()).toEqual({
      cursor: '',
      items: [other.ledger],
    });
    await simulator.close();
    const closed = await start({ merchants: [twoUnits], credentials: { partner: { ...partner, ledgerIds: [] } } });
    expect(await (await (await reader(closed))('/settlement/v1/ledgers')).json()).toEqual({ cursor: '', items: [] });
  });

  test('can be asked for by handle', async () => {
    const read = await reader(await start({ merchants: [twoUnits, other, exampleDay] }));
    const ids = async (handle: string): Promise<string[]> => {
      const response = await read(`/settlement/v1/ledgers?settlesForRecipientHandles=${encodeURIComponent(handle)}`);
      return ((await response.json()) as { items: { ledgerId: string }[] }).items.map(({ ledgerId }) => ledgerId);
    };
    expect(await ids('NO:57860')).toEqual(['302400', '12345']);
    expect(await ids('api:222222')).toEqual(['302500']);
    expect(await ids('api:57860')).toEqual([]);
  });

  test('come in pages', async () => {
    const read = await reader(await start({ merchants: [twoUnits, other, exampleDay], ledgersPageSize: 2 }));
    const first = (await (await read('/settlement/v1/ledgers')).json()) as { cursor: string; items: unknown[] };
    expect(first.items).toEqual([twoUnits.ledger, other.ledger]);
    const second = await read(`/settlement/v1/ledgers?cursor=${encodeURIComponent(first.cursor)}`);
    expect(await second.json()).toEqual({ cursor: '', items: [exampleDay.ledger] });
    expect((await read('/settlement/v1/ledgers?cursor=nonsense')).status).toBe(500);
  });

  test('two merchants cannot share one', async () => {
    await expect(startVippsSimulator({ merchants: [exampleDay, exampleDay] })).rejects.toMatchObject({
      kind: 'config',
    });
  });
});

describe('funds and fees by date', () => {
  test('pages of every size give the date’s entries once each, in order, and tell their size', async () => {
    const date = '2026-07-02';
    const expected = fundsOf(twoUnits, date);
    for (const pageSize of [1, 3, expected.length - 1, expected.length, expected.length + 1]) {
      const simulator = await start({ merchants: [twoUnits], pageSize });
      const read = await reader(simulator);
      const pages = await datePages(read, '302400', 'funds', date);
      expect(itemsOf(pages)).toEqual(expected);
      expect(pages.length).toBe(Math.ceil(expected.length / pageSize));
      expect(pages.map((page) => 'cursor' in page)).toEqual(pages.map((page) => page.hasMore));
      const { headers } = await read(`/report/v2/ledgers/302400/funds/dates/${date}`);
      expect(headers.get('vipps-feed-page-size')).toBe(String(pageSize));
      await simulator.close();
    }
  });

  test('the last page may say there is more, and an empty one follows', async () => {
    const read = await reader(await start({ merchants: [exampleDay], pageSize: 3, emptyLastPage: true }));
    const pages = await datePages(read, '12345', 'funds', '2022-10-01');
    expect(pages.map(({ items, hasMore }) => [items.length, hasMore])).toEqual([
      [3, true],
      [3, true],
      [0, false],
    ]);
  });

  test('a cursor holds = and +, so one that is not encoded is refused, as is one made for another date', async () => {
    const read = await reader(await start({ merchants: [twoUnits], pageSize: 2 }));
    const first = (await (await read('/report/v2/ledgers/302400/funds/dates/2026-07-02')).json()) as Page;
    expect(first.cursor).toMatch(/=.*\+/);
    const refused = await read(`/report/v2/ledgers/302400/funds/dates/2026-07-02?cursor=${first.cursor}`);
    expect([refused.status, await refused.json()]).toMatchObject([500, { errorCode: 10_002 }]);
    const encoded = encodeURIComponent(first.cursor ?? '');
    expect((await read(`/report/v2/ledgers/302400/funds/dates/2026-07-03?cursor=${encoded}`)).status).toBe(500);
    expect((await read(`/report/v2/ledgers/302400/fees/dates/2026-07-02?cursor=${encoded}`)).status).toBe(500);
  });

  test('a date is open until its payout has been entered, and shows what there is so far', async () => {
    let nowMs = Date.parse('2026-07-02T12:00:00Z');
    const read = await reader(
      await start({ merchants: [twoUnits], now: () => new Date(nowMs), tokenLifetimes: { partnerSeconds: 1e9 } }),
    );
    const page = async (date: string): Promise<Page> =>
      (await (await read(`/report/v2/ledgers/302400/funds/dates/${date}`)).json()) as Page;
    const expected = fundsOf(twoUnits, '2026-07-02');
    const noon = await page('2026-07-02');
    expect(noon).toMatchObject({ tryLater: true, hasMore: false });
    expect(noon.items).toEqual(expected.filter(({ time }) => time <= '2026-07-02T12:00:00'));
    expect(noon.items.length).toBeGreaterThan(0);
    expect(await page('2026-07-03')).toEqual({ hasMore: false, tryLater: true, items: [] });
    expect(await page('2026-07-01')).toMatchObject({ tryLater: false });
    nowMs = Date.parse('2026-07-02T22:09:59Z');
    expect(await page('2026-07-02')).toMatchObject({ tryLater: true });
    nowMs = Date.parse('2026-07-02T22:10:00Z');
    expect(await page('2026-07-02')).toEqual({ hasMore: false, tryLater: false, items: expected });
  });

  test('an open date that has more says both', async () => {
    const read = await reader(
      await start({ merchants: [twoUnits], now: () => new Date('2026-07-02T20:00:00Z'), pageSize: 2 }),
    );
    const pages = await datePages(read, '302400', 'funds', '2026-07-02');
    expect(pages[0]).toMatchObject({ hasMore: true, tryLater: true });
  });

  test.each([
    ['weekly', '2026-07-05T22:10:00Z', '2026-06-29', '2026-07-05'],
    ['monthly', '2026-07-31T22:10:00Z', '2026-07-01', '2026-07-31'],
  ] as const)('with %s payouts dates stay open until %s', async (payouts, closing, first, last) => {
    const merchant = quarterOf(1, { payouts, features: uneventful });
    let nowMs = Date.parse(closing) - 1000;
    const read = await reader(await start({ merchants: [merchant], now: () => new Date(nowMs) }));
    const tryLater = async (date: string): Promise<boolean | undefined> =>
      ((await (await read(`/report/v2/ledgers/302400/funds/dates/${date}`)).json()) as Page).tryLater;
    expect([await tryLater(first), await tryLater(last)]).toEqual([true, true]);
    nowMs += 1000;
    expect([await tryLater(first), await tryLater(last)]).toEqual([false, false]);
  });

  test('named dates close late or never, and quiet ones never when asked so', async () => {
    const cafe = quarterOf(1, { salesUnits: [{ handle: 'api:1', name: 'Kafé', trade: 'cafe' }], features: uneventful });
    const read = await reader(
      await start({
        merchants: [cafe],
        now: () => new Date('2026-07-10T12:00:00Z'),
        lateClosingDates: { '2026-07-02': 7, '2026-07-03': 7, '2026-07-04': Infinity },
        quietDatesStayOpen: true,
      }),
    );
    const open: string[] = [];
    for (let day = 1; day <= 7; day += 1) {
      const date = `2026-07-0${day}`;
      const page = (await (await read(`/report/v2/ledgers/302400/funds/dates/${date}`)).json()) as Page;
      if (page.tryLater) open.push(date);
    }
    expect(open).toEqual(['2026-07-03', '2026-07-04', '2026-07-05']);
  });

  test('a closed date without entries is empty and closed', async () => {
    const read = await reader(await start());
    const response = await read('/report/v2/ledgers/12345/fees/dates/2022-09-30');
    expect(await response.json()).toEqual({ hasMore: false, tryLater: false, items: [] });
  });

  test('a date that does not exist is invalid input; an unknown ledger and an unknown topic are not found', async () => {
    const read = await reader(await start());
    const answers = await Promise.all(
      ['12345/funds/dates/2022-31-10', '99999/funds/dates/2022-10-01', '12345/payouts/dates/2022-10-01'].map(
        async (path) => {
          const response = await read(`/report/v2/ledgers/${path}`);
          return [response.status, (await response.json()) as { errorCode?: number; detail?: string }] as const;
        },
      ),
    );
    expect(answers).toMatchObject([
      [500, { errorCode: 10_002 }],
      [404, { detail: 'No such ledgerId' }],
      [404, { detail: 'Not Found' }],
    ]);
  });

  test('every entry of a quarter arrives, dates read in any order', async () => {
    const read = await reader(await start({ merchants: [twoUnits], pageSize: 100 }));
    const backwards = [...twoUnits.dates()].toReversed().filter((_, index) => index % 9 === 0);
    for (const { date, funds, fees } of backwards) {
      expect(itemsOf(await datePages(read, '302400', 'funds', date))).toEqual(funds);
      expect(itemsOf(await datePages(read, '302400', 'fees', date))).toEqual(fees);
    }
  });
});

describe('the feed', () => {
  test.each([1000, 77])('gives every entry once, in order, in pages of %i', async (pageSize) => {
    const read = await reader(await start({ merchants: [twoUnits], pageSize }));
    const pages = await feedPages(read, '302400', 'funds');
    expect(itemsOf(pages)).toEqual(fundsOf(twoUnits));
    expect(pages.every((page) => page.cursor !== undefined && page.cursor !== '' && !('hasMore' in page))).toBe(true);
  });

  test('caught up: empty, with the same cursor, until there is more', async () => {
    let nowMs = Date.parse('2026-07-02T12:00:00Z');
    const read = await reader(
      await start({ merchants: [twoUnits], now: () => new Date(nowMs), tokenLifetimes: { partnerSeconds: 1e9 } }),
    );
    const sofar = await feedPages(read, '302400', 'funds');
    const cursor = sofar.at(-1)?.cursor ?? '';
    expect(await feedPages(read, '302400', 'funds', cursor)).toEqual([{ cursor, tryLater: true, items: [] }]);
    nowMs = Date.parse('2026-12-01T00:00:00Z');
    const rest = await feedPages(read, '302400', 'funds', cursor);
    expect([...itemsOf(sofar), ...itemsOf(rest)]).toEqual(fundsOf(twoUnits));
  });

  test('of a merchant who has not started yet: empty, with a cursor', async () => {
    const read = await reader(await start({ merchants: [twoUnits], now: () => new Date('2026-06-01') }));
    const [page] = await feedPages(read, '302400', 'fees');
    expect(page).toEqual({ cursor: expect.stringMatching(/./), tryLater: true, items: [] });
  });
});

describe('version 1', () => {
  test('has been removed', async () => {
    const read = await reader(await start({ merchants: [v1ExampleDay] }));
    expect((await read('/report/v1/ledgertransactions?ledgerId=302321')).status).toBe(410);
  });

  test('when served: by date, by range and all, in pages, with an empty cursor at the end', async () => {
    const read = await reader(await start({ merchants: [twoUnits], v1: 'served', pageSize: 50 }));
    const ids = async (query: string): Promise<string[]> =>
      itemsOf(await v1Pages(read, '302400', query)).map((row) => row.transactionId);
    const expected = (from: string, to: string): string[] =>
      [...toV1Rows(twoUnits)]
        .filter(({ ledgerDate }) => ledgerDate >= from && ledgerDate <= to)
        .map((row) => row.transactionId);
    expect(await ids('')).toEqual(expected('2026-07-01', '2026-09-30'));
    expect(await ids('&ledgerDate=2026-07-08')).toEqual(expected('2026-07-08', '2026-07-08'));
    expect(await ids('&fromLedgerDate=2026-08-01&toLedgerDate=2026-08-10')).toEqual(
      expected('2026-08-01', '2026-08-10'),
    );
    expect(await ids('&fromLedgerDate=2026-09-29')).toEqual(expected('2026-09-29', '2026-09-30'));
    expect(await ids('&ledgerDate=2027-01-01')).toEqual([]);
  });

  test('when served: by payout and since a payout, which together are all', async () => {
    const read = await reader(await start({ merchants: [twoUnits], v1: 'served' }));
    const ids = async (query: string): Promise<string[]> =>
      itemsOf(await v1Pages(read, '302400', query)).map((row) => row.transactionId);
    const all = await ids('');
    const inPayouts = (
      await Promise.all([2_000_001, 2_000_002, 2_000_003].map((number) => ids(`&inPayout=${number}`)))
    ).flat();
    expect([...inPayouts, ...(await ids('&sincePayout=2000003'))]).toEqual(all);
    expect((await ids('&inPayout=2000002')).at(-1)).toBe('1000003024002000002');
    expect(await ids('&inPayout=1999999')).toEqual([]);
    const sum = itemsOf(await v1Pages(read, '302400', '&inPayout=2000002')).reduce(
      (total, row) => total + Math.round(row.ledgerAmount * 100),
      0,
    );
    expect(sum).toBe(0);
  });

  test('when served: open dates are not told of, and its totals are the expected ones', async () => {
    let now = new Date('2026-07-10T12:00:00Z');
    const read = await reader(
      await start({ merchants: [twoUnits], v1: 'served', now: () => now, tokenLifetimes: { partnerSeconds: 1e9 } }),
    );
    expect(itemsOf(await v1Pages(read, '302400', '')).at(-1)?.ledgerDate).toBe('2026-07-09');
    now = new Date('2026-12-01');
    expect(itemsOf(await v1Pages(read, '302400', '')).length).toBe(summariseV1(twoUnits).rows);
  });

  test('when served: no ledger, an impossible date and a foreign cursor are invalid, an unknown ledger is not found', async () => {
    const read = await reader(await start({ merchants: [twoUnits], v1: 'served' }));
    const statuses = await Promise.all(
      ['', '?ledgerId=302400&ledgerDate=2026-02-30', '?ledgerId=302400&cursor=x', '?ledgerId=1'].map(
        async (query) => (await read(`/report/v1/ledgertransactions${query}`)).status,
      ),
    );
    expect(statuses).toEqual([500, 500, 500, 404]);
  });
});

describe('faults', () => {
  const path = '/report/v2/ledgers/12345/funds/dates/2022-10-01';

  test.each([
    ['401', 401, { code: 'Unauthorized' }],
    ['403', 403, { title: 'Forbidden', status: 403 }],
    ['404', 404, { title: 'Not Found', status: 404 }],
    ['410', 410, { title: 'Gone', status: 410 }],
    ['429', 429, { title: 'Too Many Requests', status: 429 }],
    ['500', 500, { errorCode: 10_001 }],
  ])('%s strikes once, with the documented body', async (name, status, body) => {
    const simulator = await start();
    const read = await reader(simulator);
    simulator.faults.arm({ ...namedVippsFaults[name], on: 'dates' } as VippsFault & VippsFaultAim);
    const response = await read(path);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject(body);
    expect((await read(path)).status).toBe(200);
  });

  test('429 with and without Retry-After', async () => {
    const simulator = await start();
    const read = await reader(simulator);
    simulator.faults.arm(namedVippsFaults['429-retry-after'] as VippsFault);
    simulator.faults.arm(namedVippsFaults['429'] as VippsFault);
    expect((await read(path)).headers.get('retry-after')).toBe('1');
    expect((await read(path)).headers.get('retry-after')).toBeNull();
  });

  test('cut, hang and malformed', async () => {
    const simulator = await start();
    const read = await reader(simulator);
    simulator.faults.arm({ kind: 'cut' });
    await expect(read(path)).rejects.toThrow('fetch failed');
    simulator.faults.arm({ kind: 'malformed' });
    await expect((await read(path)).json()).rejects.toThrow(SyntaxError);
    simulator.faults.arm({ kind: 'hang' });
    const hanging = read(path);
    while (simulator.requests.at(-1)?.fault !== 'hang') await new Promise((resolve) => setImmediate(resolve));
    await simulator.close();
    await expect(hanging).rejects.toThrow('fetch failed');
  });

  test('slow waits in the time it was given', async () => {
    const waited: number[] = [];
    const simulator = await start({
      sleep: async (delayMs) => void waited.push(delayMs),
      faults: [{ kind: 'slow', delayMs: 60_000, on: 'dates' }],
    });
    expect((await (await reader(simulator))(path)).status).toBe(200);
    expect(waited).toEqual([60_000]);
  });

  test('a duplicate page comes twice under a new cursor, then the rest', async () => {
    const simulator = await start({ pageSize: 4, faults: [{ kind: 'duplicate-page' }] });
    const read = await reader(simulator);
    const expected = fundsOf(exampleDay);
    const first = expected.slice(0, 4);
    expect(itemsOf(await datePages(read, '12345', 'funds', '2022-10-01'))).toEqual([
      ...first,
      ...first,
      ...expected.slice(4),
    ]);
    simulator.faults.arm({ kind: 'duplicate-page', skip: 1 });
    const last = expected.slice(4);
    expect(itemsOf(await datePages(read, '12345', 'funds', '2022-10-01'))).toEqual([...first, ...last, ...last]);
    simulator.faults.arm({ kind: 'duplicate-page', on: 'feed' });
    expect(itemsOf(await feedPages(read, '12345', 'funds'))).toEqual([...first, ...first, ...last]);
  });

  test('a lost page leaves a gap in the chain', async () => {
    const simulator = await start({ pageSize: 2, faults: [{ kind: 'lost-page', skip: 1 }] });
    const read = await reader(simulator);
    const expected = fundsOf(exampleDay);
    const got = itemsOf(await datePages(read, '12345', 'funds', '2022-10-01'));
    expect(got).toEqual([...expected.slice(0, 2), ...expected.slice(4)]);
    simulator.faults.arm({ kind: 'lost-page', skip: 2 });
    expect(itemsOf(await feedPages(read, '12345', 'funds'))).toEqual(expected.slice(0, 4));
  });

  test('a broken chain: one entry whose balances do not add up', async () => {
    const simulator = await start({ faults: [{ kind: 'broken-chain' }] });
    const read = await reader(simulator);
    const [page] = await datePages(read, '12345', 'funds', '2022-10-01');
    const broken = page?.items.filter((entry) => entry.balanceBefore + entry.amount !== entry.balanceAfter);
    expect(broken?.length).toBe(1);
  });

  test('page faults leave tokens and ledgers alone', async () => {
    const simulator = await start({ faults: [{ kind: 'lost-page', times: Infinity }] });
    const read = await reader(simulator);
    expect(((await (await read('/settlement/v1/ledgers')).json()) as Page).items.length).toBe(1);
  });

  test('aimed at the token endpoint, and disarmed', async () => {
    const simulator = await start();
    const armed = simulator.faults.arm({ kind: 'status', status: 503, on: 'token', times: Infinity });
    expect((await partnerToken(simulator)).status).toBe(503);
    expect(armed.strikes).toBe(1);
    await simulator.faults.disarmAll();
    expect((await partnerToken(simulator)).status).toBe(200);
  });
});

test('requests are recorded without keys or tokens', async () => {
  const simulator = await start({ merchants: [twoUnits] });
  await merchantToken(simulator, simulator.credentials.merchants[0] as MerchantKeys);
  await (
    await reader(simulator)
  )('/settlement/v1/ledgers?settlesForRecipientHandles=x');
  expect(simulator.requests.map(({ method, path: asked, search }) => `${method} ${asked}${search}`)).toEqual([
    'POST /accesstoken/get',
    'POST /miami/v1/token',
    'GET /settlement/v1/ledgers?settlesForRecipientHandles=x',
  ]);
  expect(JSON.stringify(simulator.requests)).not.toMatch(/simulated-(secret|subscription|token)/);
});

test('other methods and paths are refused', async () => {
  const simulator = await start();
  const read = await reader(simulator);
  expect((await read('/report/v3/anything')).status).toBe(404);
  expect((await fetch(`${simulator.url}/settlement/v1/ledgers`, { method: 'DELETE' })).status).toBe(405);
  expect((await fetch(`${simulator.url}/accesstoken/get`)).status).toBe(405);
});

describe('the demonstration', () => {
  test('three merchants over a quarter, all dates closed today, each with something to show', async () => {
    const merchants = demoMerchants();
    for (const merchant of merchants) {
      expect([merchant.from, merchant.to]).toEqual([plainDate('2026-07-01'), plainDate('2026-09-30')]);
      expect([...merchant.dates()].every(({ closed }) => closed)).toBe(true);
    }
    const [cafe, shop, danish] = merchants.map((merchant) => summarise(merchant));
    expect(Object.keys(cafe?.bySalesUnit ?? {})).toEqual(['NO:57801', 'api:123401']);
    expect(shop?.fees.byType['fees-invoiced']?.count).toBe(3);
    expect(Object.keys(shop?.funds.byType ?? {})).toEqual(
      expect.arrayContaining(['correction', 'retained-disputed-capture']),
    );
    expect(danish?.currency).toBe('DKK');
    const simulator = await start({ merchants: [...merchants, exampleDay, v1ExampleDay] });
    expect(simulator.expected('302401')).toEqual(cafe);
    expect(() => simulator.expected('1')).toThrow('no merchant has ledger 1');
  });
});

function example(name: string): unknown {
  return JSON.parse(readFileSync(sharedPath(`spec/vipps/examples/${name}.json`), 'utf8'));
}

describeWithShared('against the published specification', () => {
  test('the documented day is the documented day', async () => {
    const read = await reader(await start());
    const page = async (topic: string): Promise<unknown> =>
      (await read(`/report/v2/ledgers/12345/${topic}/dates/2022-10-01`)).json();
    expect(await page('funds')).toEqual(example('v2-funds-dates-2022-10-01'));
    expect(await page('fees')).toEqual(example('v2-fees-dates-2022-10-01'));
  });

  test('version 1’s documented day is the documented day', async () => {
    const read = await reader(await start({ merchants: [v1ExampleDay], v1: 'served' }));
    expect(await (await read('/report/v1/ledgertransactions?ledgerId=302321&ledgerDate=2022-10-01')).json()).toEqual(
      example('v1-ledgertransactions-seed'),
    );
    expect(await (await read('/settlement/v1/ledgers')).json()).toEqual(example('ledgers-no'));
  });

  test('tokens, errors and empty pages have the documented fields', async () => {
    const simulator = await start({ merchants: [twoUnits] });
    const keys = simulator.credentials.merchants[0] as MerchantKeys;
    const read = await reader(simulator);
    const shapes = [
      ['token-standard', await (await merchantToken(simulator, keys)).json()],
      ['token-miami', await (await partnerToken(simulator)).json()],
      ['error-401', await (await fetch(`${simulator.url}/settlement/v1/ledgers`)).json()],
      ['error-500-report', await (await read('/report/v2/ledgers/302400/funds/dates/2026-99-99')).json()],
      ['error-problem', await (await read('/report/v2/ledgers/1/funds/feed')).json()],
      ['v2-dates-closed-empty', await (await read('/report/v2/ledgers/302400/funds/dates/2026-06-01')).json()],
    ] as const;
    for (const [name, body] of shapes) expect([name, fieldTypes(body)]).toEqual([name, fieldTypes(example(name))]);
  });

  test('entries and ledgers have the fields and types of the schemas, for every market', async () => {
    const specification = readFileSync(sharedPath('spec/vipps/report-api-v2.openapi.yaml'), 'utf8');
    const transaction = schemaTypes(specification, 'Transaction');
    const ledger = schemaTypes(specification, 'Ledger');
    expect(Object.keys(transaction).length).toBe(10);
    for (const market of ['NO', 'DK', 'SE', 'FI'] as const) {
      const merchant = quarterOf(1, { market });
      const entries = [...merchant.dates()].flatMap(({ funds, fees }) => [...funds, ...fees]);
      const wrong = entries.filter((entry) =>
        Object.entries(entry).some(([name, value]) => value !== null && transaction[name] !== typeof value),
      );
      expect(wrong).toEqual([]);
      expect(entries.filter((entry) => Object.keys(entry).length !== 10)).toEqual([]);
      expect(entries.filter(({ amount }) => !Number.isInteger(amount))).toEqual([]);
      const listed = fieldTypes(merchant.ledger) as Record<string, string>;
      expect(Object.entries(ledger).filter(([name, type]) => listed[name] !== type)).toEqual([]);
    }
  });
});

function fieldTypes(value: unknown): unknown {
  return Object.fromEntries(
    Object.entries(value as object)
      .map(([name, field]) => [name, typeof field])
      .sort(),
  );
}

/** The properties of a schema in the specification and the JavaScript type of each. */
function schemaTypes(specification: string, schema: string): Record<string, string> {
  const [, block = ''] = new RegExp(`\\n {4}${schema}:\\n((?: {6}.*\\n|\\n)+)`).exec(specification) ?? [];
  const types: Record<string, string> = {};
  for (const [, name = '', first = ''] of block.matchAll(/\n {8}(\w+):\n {10}(.*)/g)) {
    types[name] = first.includes('Money') ? 'number' : first === 'type: string' ? 'string' : 'object';
  }
  return types;
}
