import { amount, isClosed, type LedgerDate, rawPagesOf, plainDate, type RawPage, type Reading } from '@bilag/core';
import {
  createVippsClient,
  ledgerDatesFromPages,
  ledgerDatesFromV1,
  ledgerDatesFromV2,
  readLedger,
  type VippsClient,
} from '@bilag/vipps';
import type { ReadLedgerOptions } from '../src/api/read-ledger.ts';
import { ledgerDateFromPages } from '../src/entries/ledger-dates.ts';
import * as fc from 'fast-check';
import nock from 'nock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithShared } from '../../../test/support.ts';
import { all, errorFrom, exampleItems, item, merchantKeys, origin } from './fixtures.ts';

const date = plainDate('2022-10-01');

function page(fields: Partial<Omit<RawPage, 'body'>> & { readonly body: unknown }): RawPage {
  return {
    ledgerId: '302321',
    topic: 'funds',
    date,
    sequence: 0,
    closed: true,
    request: 'GET /',
    receivedAt: '2022-10-02T06:00:00.000Z',
    ...fields,
    body: new TextEncoder().encode(JSON.stringify(fields.body)),
  };
}

/** A chain of captures and refunds whose balances add up. */
const chains = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 40 }).map((amounts) => {
  let balance = 0;
  return amounts.map((moved, index) => {
    const before = balance;
    balance += moved;
    return item({ pspReference: String(index % 7), amount: moved, balanceBefore: before, balanceAfter: balance });
  });
});

/** The pages of one reading: items cut by size, some delivered twice in a row, and an empty last one at times. */
function pagesOf(items: unknown[], size: number, twice: (index: number) => boolean, emptyLast: boolean): RawPage[] {
  const cut: unknown[][] = [];
  for (let start = 0; start < items.length; start += size) {
    cut.push(items.slice(start, start + size));
    if (twice(cut.length)) cut.push(items.slice(start, start + size));
  }
  if (emptyLast || cut.length === 0) cut.push([]);
  return cut.map((part, sequence) => {
    const hasMore = sequence < cut.length - 1;
    return page({
      sequence,
      body: { items: part, hasMore, tryLater: false, ...(hasMore ? { cursor: `c${sequence}` } : {}) },
    });
  });
}

/** The set of entries of a reading, which must be whole. */
function idsOf(pages: readonly RawPage[]): string[] {
  const read = ledgerDateFromPages(pages, { currency: 'NOK', fees: false });
  expect([isClosed(read), read.findings]).toEqual([true, undefined]);
  return [...new Set(read.entries.map(({ id }) => id))];
}

describe('ledger dates of raw pages', () => {
  test('page size, re-delivery and the order of pages change nothing in the set of entries', () => {
    fc.assert(
      fc.property(
        chains,
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.boolean(), { minLength: 1 }),
        fc.boolean(),
        (items, size, twice, emptyLast) => {
          const whole = idsOf(pagesOf(items, 1000, () => false, false));
          expect(whole).toHaveLength(new Set(items.map((one) => JSON.stringify(one))).size);
          const cut = pagesOf(items, size, (index) => twice[index % twice.length] ?? false, emptyLast);
          expect(idsOf(cut)).toEqual(whole);
          expect(idsOf(cut.toReversed())).toEqual(whole);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('a reading that lacks a page is open, with a warning', () => {
    const pages = pagesOf([item(), item({ pspReference: '2' }), item({ pspReference: '3' })], 1, () => false, false);
    for (const missing of [0, 1, 2]) {
      const read = ledgerDateFromPages(pages.toSpliced(missing, 1), { currency: 'NOK', fees: false });
      expect(read.accounts.funds.closed).toBe(false);
      expect(read.findings).toMatchObject([
        { code: 'page-missing', message: expect.stringContaining(`page ${missing} of`) },
      ]);
    }
  });

  test('a date of which one topic was never fetched is open, and says which', () => {
    const read = ledgerDateFromPages(
      pagesOf([item()], 1, () => false, false),
      { currency: 'NOK' },
    );
    expect(read.accounts).toEqual({ funds: { closed: true }, fees: { closed: false } });
    expect(read.findings).toMatchObject([
      { code: 'page-missing', message: expect.stringContaining('fees of this date') },
    ]);
  });

  test('the last page says whether the date is closed', () => {
    const pages = [
      page({ body: { items: [item()], hasMore: true, tryLater: true, cursor: 'a' } }),
      page({ sequence: 1, body: { items: [], hasMore: false, tryLater: false } }),
    ];
    expect(isClosed(ledgerDateFromPages(pages, { currency: 'NOK', fees: false }))).toBe(true);
    const open = page({ body: { items: [item()], hasMore: false, tryLater: true } });
    expect(isClosed(ledgerDateFromPages([open], { currency: 'NOK', fees: false }))).toBe(false);
  });

  test('a date whose fees were not fetched is open, unless fees are not wanted', () => {
    const funds = page({ body: { items: [item()] } });
    expect(ledgerDateFromPages([funds], { currency: 'NOK' }).accounts).toEqual({
      funds: { closed: true },
      fees: { closed: false },
    });
    expect(ledgerDateFromPages([funds], { currency: 'NOK', fees: false }).accounts).toEqual({
      funds: { closed: true },
    });
    const fees = page({ topic: 'fees', body: { items: [] } });
    expect(isClosed(ledgerDateFromPages([fees], { currency: 'NOK' }))).toBe(false);
    expect(isClosed(ledgerDateFromPages([fees, funds], { currency: 'NOK' }))).toBe(true);
  });

  test('v1 pages need their format, and are as closed as they were when fetched', () => {
    const row = {
      ledgerDate: date,
      ledgerId: '302321',
      transactionType: 'capture',
      currency: 'NOK',
      ledgerAmount: 7.89,
      grossAmount: 9,
      fee: 1.11,
    };
    const pages = [
      page({ topic: 'v1', body: { items: [row], cursor: 'a' } }),
      page({ topic: 'v1', sequence: 1, body: { items: [], cursor: '' } }),
    ];
    const v1 = { settlement: 'net', amounts: 'major-decimals' } as const;
    const read = ledgerDateFromPages(pages, { currency: 'NOK', v1 });
    expect(read.entries.map((entry) => entry.amount)).toEqual([900, -111]);
    expect(read.accounts).toEqual({ funds: { closed: true }, fees: { closed: true, accrued: true } });
    const open = pages.map((one) => ({ ...one, closed: false }));
    expect(isClosed(ledgerDateFromPages(open, { currency: 'NOK', v1 }))).toBe(false);
    expect(isClosed(ledgerDateFromPages(pages.slice(0, 1), { currency: 'NOK', v1 }))).toBe(false);
    expect(() => ledgerDateFromPages(pages, { currency: 'NOK' })).toThrow('net or gross');
    expect(() => ledgerDateFromPages([...pages, page({ body: { items: [] } })], { currency: 'NOK', v1 })).toThrow(
      'both v1 and v2',
    );
  });

  test('dates are read one by one; pages of a date that come apart are refused', async () => {
    const second = plainDate('2022-10-02');
    const pages = [page({ body: { items: [] } }), page({ date: second, body: { items: [] } })];
    const options = { currency: 'NOK', fees: false };
    const read = await all(ledgerDatesFromPages(pages, () => options));
    expect(read.map((one) => one.date)).toEqual([date, second]);
    const apart = [...pages, page({ topic: 'fees', body: { items: [] } })];
    expect((await errorFrom(all(ledgerDatesFromPages(apart, options)))).message).toContain('do not follow each other');
  });
});

test.each(['100.00000000000000000001', '9007199254740993', '1e400'])(
  'an amount of %s is refused, not rounded to what a number can hold',
  (written) => {
    const [whole] = pagesOf([item()], 1, () => false, false);
    const body = new TextDecoder().decode(whole?.body).replace(/"amount":\s*-?\d+/, `"amount":${written}`);
    expect(body).toContain(written);
    const pages = [{ ...(whole as RawPage), body: new TextEncoder().encode(body) }];
    expect(() => ledgerDateFromPages(pages, { currency: 'NOK' })).toThrow('.amount');
  },
);

describe('ledger dates of items', () => {
  describeWithShared('published examples', () => {
    test('the documented day becomes one ledger date whose accounts both end at zero', () => {
      const dates = ledgerDatesFromV2({
        ledgerId: '12345',
        currency: 'NOK',
        funds: exampleItems('v2-funds-dates-2022-10-01.json'),
        fees: exampleItems('v2-fees-dates-2022-10-01.json'),
      });
      expect(dates).toHaveLength(1);
      const [day] = dates as [LedgerDate];
      for (const account of ['funds', 'fees']) {
        const moved = day.entries
          .filter((entry) => entry.account === account)
          .reduce((total, entry) => total + entry.amount, 0);
        expect(moved).toBe(0);
      }
      expect([isClosed(day), day.findings]).toEqual([true, undefined]);
    });
  });

  test('dates come sorted, entries as received, duplicates kept, open dates open', () => {
    const later = item({ ledgerDate: '2022-10-02', pspReference: 'b' });
    const dates = ledgerDatesFromV2({
      ledgerId: '302321',
      currency: 'NOK',
      funds: [later, item(), item()],
      openDates: [plainDate('2022-10-02')],
    });
    expect(dates.map((one) => [one.date, one.entries.length, isClosed(one)])).toEqual([
      ['2022-10-01', 2, true],
      ['2022-10-02', 1, false],
    ]);
    expect(dates[0]?.accounts.fees).toBeUndefined();
  });

  test('an entry in another currency than the ledger stops delivery', () => {
    const [day] = ledgerDatesFromV2({
      ledgerId: '302321',
      currency: 'NOK',
      funds: [item(), item({ currency: 'DKK' })],
    });
    expect(day?.findings).toMatchObject([{ code: 'other-currency-named', severity: 'error' }]);
  });

  test('what was noticed goes with the date it is about', () => {
    const items = [item(), item({ ledgerDate: '2022-10-02', currency: 'DKK' })];
    const dates = ledgerDatesFromV2({ ledgerId: '302321', currency: 'NOK', funds: items });
    expect(dates.map(({ findings = [] }) => findings.map(({ code }) => code))).toEqual([[], ['other-currency-named']]);
  });

  test('no rows are no dates', () => {
    expect(ledgerDatesFromV1([], { settlement: 'net', amounts: 'major-decimals' })).toEqual([]);
    expect(ledgerDatesFromV2({ ledgerId: '1', currency: 'NOK', funds: [] })).toEqual([]);
  });
});

describe('reading a ledger', () => {
  const base = '/report/v2/ledgers/302321';
  let client: VippsClient;
  let readings: Reading[];
  let options: ReadLedgerOptions;

  beforeAll(() => nock.disableNetConnect());
  afterAll(() => nock.enableNetConnect());

  beforeEach(() => {
    nock(origin).post('/accesstoken/get').reply(200, { expires_in: '86398', access_token: 'token' });
    const http = { now: () => 0, sleep: async () => undefined };
    client = createVippsClient({ credentials: merchantKeys, system: { name: 'bilag', version: '1' }, http });
    readings = [];
    options = {
      ledgerId: '302321',
      currency: 'NOK',
      from: date,
      to: plainDate('2022-10-03'),
      knownLedger: true,
      onReading: (reading) => void readings.push(reading),
    };
  });

  afterEach(async () => {
    await client.close();
    nock.cleanAll();
  });

  function give(topic: string, day: string, body: unknown, status = 200): void {
    nock(origin)
      .get(`${base}/${topic}/dates/${day}`)
      .reply(status, body as nock.Body);
  }

  test('a reading says the same however its pages were cut, so that a closed date is known again', async () => {
    const one = { ...options, fees: false, to: date };
    const items = [item(), item({ pspReference: '2' })];
    give('funds', '2022-10-01', { hasMore: false, items });
    await Array.fromAsync(readLedger(client, one));
    give('funds', '2022-10-01', { hasMore: true, cursor: 'a', items: [items[0]] });
    nock(origin)
      .get(`${base}/funds/dates/2022-10-01?cursor=a`)
      .reply(200, { hasMore: false, items: [items[1]] });
    await Array.fromAsync(readLedger(client, one));
    give('funds', '2022-10-01', { hasMore: false, items: [items[0]] });
    await Array.fromAsync(readLedger(client, one));
    const [whole, cut, other] = readings.map(({ fingerprint }) => fingerprint);
    expect(cut).toBe(whole);
    expect(other).not.toBe(whole);
  });

  test('every date is read, also after an open one; the archive gives the same dates again', async () => {
    give('funds', '2022-10-01', { hasMore: true, tryLater: false, cursor: 'a', items: [item()] });
    nock(origin)
      .get(`${base}/funds/dates/2022-10-01?cursor=a`)
      .reply(200, { hasMore: false, items: [item({ pspReference: '2' })] });
    give('fees', '2022-10-01', {
      hasMore: false,
      tryLater: false,
      items: [item({ entryType: 'capture-fee', amount: -400 })],
    });
    give('funds', '2022-10-02', { hasMore: false, tryLater: true, items: [item({ ledgerDate: '2022-10-02' })] });
    give('fees', '2022-10-02', { hasMore: false, tryLater: false, items: [] });
    give('funds', '2022-10-03', { hasMore: false, tryLater: false, items: [] });
    give('fees', '2022-10-03', { hasMore: false, tryLater: false, items: [] });
    const dates = await all(readLedger(client, options));
    expect(dates.map((one) => [one.date, isClosed(one), one.entries.length])).toEqual([
      ['2022-10-01', true, 3],
      ['2022-10-02', false, 1],
      ['2022-10-03', true, 0],
    ]);
    expect(readings.map(({ topic, date: day, closed, pages }) => [topic, day, closed, pages.length])).toEqual([
      ['funds', '2022-10-01', true, 2],
      ['fees', '2022-10-01', true, 1],
      ['funds', '2022-10-02', false, 1],
      ['fees', '2022-10-02', true, 1],
      ['funds', '2022-10-03', true, 1],
      ['fees', '2022-10-03', true, 1],
    ]);
    const again = await all(
      ledgerDatesFromPages(
        readings.flatMap((reading) => rawPagesOf(reading)),
        { currency: 'NOK' },
      ),
    );
    expect(again).toEqual(dates);
  });

  test('a date that is not available is open and says so', async () => {
    give('funds', '2022-10-01', '', 404);
    give('fees', '2022-10-01', '', 404);
    const [day] = await all(readLedger(client, { ...options, to: date }));
    expect(day?.accounts).toEqual({ funds: { closed: false }, fees: { closed: false } });
    expect(day?.findings?.map(({ code }) => code)).toEqual(['date-not-available', 'date-not-available']);
    expect(readings).toEqual([]);
  });

  test('without fees only funds are asked for', async () => {
    give('funds', '2022-10-01', { hasMore: false, items: [] });
    const [day] = await all(readLedger(client, { ...options, to: date, fees: false }));
    expect(day?.accounts).toEqual({ funds: { closed: true } });
  });

  test('the archive is served before the date is handed on, and its failure ends the reading', async () => {
    give('funds', '2022-10-01', { hasMore: false, items: [] });
    const full = { ...options, fees: false, onReading: async () => Promise.reject(new Error('the disk is full')) };
    await expect(all(readLedger(client, full))).rejects.toThrow('the disk is full');
  });

  test('a range that ends before it begins is refused', async () => {
    const error = await errorFrom(all(readLedger(client, { ...options, to: plainDate('2022-09-30') })));
    expect(error.kind).toBe('config');
  });

  test('v1 is read by date, closed as far as was stated', async () => {
    const path = '/report/v1/ledgertransactions?ledgerId=302321&ledgerDate=';
    const row =
      '{"ledgerDate":"2022-10-01","ledgerId":"302321","transactionType":"capture","currency":"NOK","ledgerAmount":7.89,"grossAmount":9.00,"fee":1.11}';
    nock(origin).get(`${path}2022-10-01`).reply(200, `{"cursor":"","items":[${row}]}`);
    nock(origin).get(`${path}2022-10-02`).reply(200, '{"cursor":"","items":[]}');
    nock(origin).get(`${path}2022-10-03`).reply(404);
    const v1 = { settlement: 'gross', amounts: 'major-decimals', closedThrough: date } as const;
    const dates = await all(readLedger(client, { ...options, v1 }));
    expect(dates.map((one) => [one.date, isClosed(one), one.accounts.fees?.accrued])).toEqual([
      ['2022-10-01', true, true],
      ['2022-10-02', false, true],
      ['2022-10-03', false, true],
    ]);
    expect(dates[0]?.findings?.map(({ code }) => code)).toEqual(['v1-row-does-not-fit-settlement']);
    expect(dates[0]?.entries[0]?.amount).toBe(amount(789));
    const pages = readings.flatMap((reading) => rawPagesOf(reading));
    expect(await all(ledgerDatesFromPages(pages, { currency: 'NOK', v1 }))).toEqual(dates.slice(0, 2));
  });
});
