import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { plainDate } from '@bilag/core';
import { createVippsClient, type VippsClient } from '@bilag/vipps';
import type { VippsClientOptions } from '../src/api/api.ts';
import type { ReadingBounds } from '../src/api/reading-bounds.ts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { all, errorFrom, item, merchantKeys } from './fixtures.ts';

/** A Report API without end: every page leads to another, and each reply is made as it is asked for. */
let answer: (response: ServerResponse, asked: number) => void;
let asked = 0;
let server: Server;
let baseUrl: string;
const clients: VippsClient[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.method === 'POST') return void response.end('{"access_token":"token-1","expires_in":900}');
    asked += 1;
    return answer(response, asked);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  asked = 0;
});

function clientWith(bounds: Partial<ReadingBounds>, http: VippsClientOptions['http'] = {}): VippsClient {
  const limits = { perSecond: 100_000 };
  const sleep = async (): Promise<void> => undefined;
  const client = createVippsClient({
    credentials: merchantKeys,
    system: { name: 'bilag', version: '1.0' },
    baseUrl,
    bounds,
    http: { limits, sleep, retry: { attempts: 1 }, ...http },
  });
  clients.push(client);
  return client;
}

const place = { ledgerId: '302321', date: plainDate('2022-10-01'), topic: 'funds' } as const;

/** What reads lists of the API, each by its own way. */
const readings: readonly [string, (client: VippsClient) => Promise<unknown>][] = [
  ['the list of ledgers', async (client) => all(client.ledgers())],
  ['a date', async (client) => client.fetchDate({ ...place, knownLedger: true })],
  ['v1 rows', async (client) => all(client.ledgerTransactions({ ledgerId: place.ledgerId, ledgerDate: place.date }))],
];

const page = (items: readonly unknown[], cursor: string): string =>
  JSON.stringify({ items, cursor, hasMore: true, tryLater: false });

describe.for(readings)('%s', ([name, read]) => {
  const row = name === 'the list of ledgers' ? { ledgerId: '302321' } : item();

  test('with ever new cursors and full pages ends at the bound on pages', async () => {
    answer = (response, number) => void response.end(page([row], `next-${number}`));
    const error = await errorFrom(read(clientWith({ pages: 20 })));
    expect(error.kind).toBe('unavailable');
    expect(error.message).toContain('the reading has no end: more than 20 pages');
    expect(error.message).toContain('Nothing was handed on as complete');
    expect(asked).toBe(21);
  });

  test('with ever new cursors and empty pages ends much earlier', async () => {
    answer = (response, number) => void response.end(page(number % 7 === 0 ? [row] : [], `next-${number}`));
    const rounds = await errorFrom(read(clientWith({ emptyPages: 6, pages: 50 })));
    expect(rounds.message).toContain('more than 50 pages');
    asked = 0;
    answer = (response, number) => void response.end(page([], `next-${number}`));
    const error = await errorFrom(read(clientWith({})));
    expect(error.kind).toBe('unavailable');
    expect(error.message).toContain('more than 100 empty pages one after the other');
  });

  test('with more items, bytes or time than the bounds allow is refused', async () => {
    answer = (response, number) => void response.end(page([row, row, row], `next-${number}`));
    expect((await errorFrom(read(clientWith({ items: 10 })))).message).toContain('more than 10 items');
    expect((await errorFrom(read(clientWith({ bytes: 2000 })))).message).toContain('more than 2000 bytes');
    let nowMs = 0;
    const now = (): number => (nowMs += 1000);
    const slow = await errorFrom(read(clientWith({ durationMs: 60_000 }, { now })));
    expect(slow).toMatchObject({ kind: 'unavailable' });
    expect(slow.message).toContain('more than 60000 milliseconds');
  });

  test('of one page larger than a reply may be', async () => {
    answer = (response) =>
      void response.end(
        page(
          Array.from({ length: 100 }, () => row),
          '',
        ),
      );
    const error = await errorFrom(read(clientWith({}, { maxBodyBytes: 1000 })));
    expect(error.kind).toBe('unavailable');
    expect(error.message).toContain('larger than 1000 bytes');
  });

  test('byte by byte ends when the time of a reply is up', async () => {
    answer = (response) => {
      const drip = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(drip));
    };
    const error = await errorFrom(read(clientWith({}, { timeouts: { bodyMs: 1000, totalMs: 200 } })));
    expect(error.kind).toBe('unavailable');
  });
});

test('a feed may be as long as it is, but not go on without bringing anything', async () => {
  answer = (response, number) =>
    void response.end(JSON.stringify({ items: number <= 150 ? [item()] : [], cursor: `${number}`, tryLater: false }));
  const batches: unknown[] = [];
  const reading = async (): Promise<void> => {
    const feed = clientWith({ pages: 10, items: 10 }).feed({ ledgerId: '302321', topic: 'funds' });
    for await (const batch of feed) batches.push(batch);
  };
  const error = await errorFrom(reading());
  expect(error.kind).toBe('unavailable');
  expect(error.message).toContain('more than 100 empty pages one after the other');
  expect(batches).toHaveLength(251);
});

test.for<[string, string, string]>([
  [
    'a ledger with 300,000 units that are none',
    `{"ledgerId":"1","settlesForRecipientHandles":[${Array(3e5).fill('1').join(',')}]}`,
    'more of it is wrong than can be told',
  ],
  ['an id of a million digits', `{"ledgerId":"${'9'.repeat(1e6)}"}`, 'items[0].ledgerId: Too big'],
])('%s is refused with its place', async ([, ledger, what]) => {
  answer = (response) => void response.end(`{"items":[${ledger}],"cursor":""}`);
  const error = await errorFrom(all(clientWith({}).ledgers()));
  expect(error.kind).toBe('rejected');
  expect(error.message).toContain(what);
  expect(error.message.length).toBeLessThan(400);
});

test('a cursor that no address can carry is not asked for', async () => {
  answer = (response) => void response.end(page([{ ledgerId: '302321' }], 'c'.repeat(1e6)));
  const error = await errorFrom(all(clientWith({}).ledgers()));
  expect(error.message).toContain('the cursor has 1000000 characters');
  expect(asked).toBe(1);
});
