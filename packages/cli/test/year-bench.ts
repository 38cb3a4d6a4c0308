import type { Market } from '@bilag/core';
import { plainDate } from '@bilag/core';
import { generateMerchant, startVippsSimulator } from '@bilag/simulator-vipps';
import { expect } from 'vitest';
import { createBench, type Ran } from './bench.ts';
import { VirtualTime } from './delivery-bench.ts';

const [from, to] = [plainDate('2025-10-01'), plainDate('2026-09-30')];

/** A simulated accounting system, as a shop's config names it, and what really stands in its books. */
export interface Books extends AsyncDisposable {
  readonly market: Market;
  readonly target: { readonly adapter: string; readonly config: object };
  readonly env: Readonly<Record<string, string>>;
  /** Whether the keys are renewed, so that they stand in the encrypted file. */
  readonly keepsKeys?: true;
  /** What Vipps owes, what was sold and its VAT. */
  readonly accounts: readonly [string, string, string];
  readonly balances: () => Readonly<Record<string, number>>;
  readonly vouchers: () => number;
  readonly failures: readonly unknown[];
}

/** A year of a shop is posted, verifies clean, and survives being undone and posted again: how many vouchers it was. */
export async function postYear(open: (now: () => Date) => Promise<Books>): Promise<number> {
  const time = new VirtualTime(new Date('2026-10-02T08:00:00Z'));
  await using books = await open(time.now);
  await using shop = await openShop(books, time);
  const { run, expected } = shop;
  const [clearing, sold, vat] = books.accounts;
  expect(await run('fetch', '--to', to)).toMatchObject({ code: 0, messages: '' });
  if (books.keepsKeys === true) expect((await run('keys', 'BOOKS')).code).toBe(0);
  const connected = await run('connect', 'books');
  expect(connected).toMatchObject({ code: 0, messages: '' });
  expect(connected.out).toContain('ready: bilag plan books');

  const first = JSON.parse((await run('apply', 'books', '--no-attachments', '--json')).out) as Applied;
  const [{ run: id, end, outcomes }] = first.companies;
  expect(end).toBe('done');
  expect(new Set(outcomes.map(({ state }) => state))).toEqual(new Set(['posted']));
  expect(books.vouchers()).toBe(outcomes.length);
  // To the øre what the simulator meant to happen while it made the trade up.
  const booked = books.balances();
  expect(booked[clearing]).toBe(expected.funds.closing);
  const [sales = 0, tax = 0] = [booked[sold], booked[vat]];
  expect(sales).toBeLessThan(0);
  // A quarter of the net is the VAT, but for half an øre on each line.
  expect(Math.abs(tax * 4 - sales)).toBeLessThan(outcomes.length * 8);
  expectClean(await run('verify', 'books', '--json'), outcomes.length);

  expect(await run('undo', 'books', '--run', id, '--yes')).toMatchObject({ code: 0, messages: '' });
  expect(new Set(Object.values(books.balances()))).toEqual(new Set([0]));
  expect((await run('release', 'books', '--from', from, '--to', to)).code).toBe(0);
  const again = JSON.parse((await run('apply', 'books', '--no-attachments', '--json')).out) as Applied;
  expect(again.companies[0]).toMatchObject({ end: 'done' });
  expect(books.balances()).toEqual(booked);
  expectClean(await run('verify', 'books', '--json'), outcomes.length);
  expect(books.vouchers()).toBe(3 * outcomes.length);
  expect(books.failures).toEqual([]);
  return outcomes.length;
}

interface Applied {
  readonly companies: readonly [
    { readonly run: string; readonly end: string; readonly outcomes: readonly { readonly state: string }[] },
  ];
}

function expectClean({ code, out }: Ran, checked: number): void {
  expect({ code, verified: JSON.parse(out) as unknown }).toMatchObject({
    code: 0,
    verified: { companies: [{ checked, isClean: true, findings: [] }] },
  });
}

/** The demonstration's Danish shop over a year, in the country of the books. */
async function openShop({ market, target, env }: Books, time: VirtualTime) {
  const organisationNumber = '12345678';
  const merchant = generateMerchant({
    seed: 'butikken',
    market,
    ledgerId: '412403',
    owner: { name: 'Butikken Eksempel', organisationNumber },
    salesUnits: [{ handle: 'api:390603', name: 'Butikken', trade: 'web-shop' }],
    capturesPerDay: 4,
    payouts: 'weekly',
    // On most days nobody comes: the year is whole, and the test is not long.
    features: { unknownTypes: 0, quietDates: 8500 },
    from,
    to,
  });
  const vipps = await startVippsSimulator({ merchants: [merchant], now: time.now });
  const [keys] = vipps.credentials.merchants;
  const bench = createBench();
  bench.env = {
    ...env,
    BILAG_PASSPHRASE: 'a passphrase of the tests',
    SHOP_CLIENT_ID: keys?.clientId ?? '',
    SHOP_CLIENT_SECRET: keys?.clientSecret ?? '',
    SHOP_SUBSCRIPTION_KEY: keys?.subscriptionKey ?? '',
    SHOP_MERCHANT_SERIAL_NUMBER: keys?.merchantSerialNumber ?? '',
  };
  bench.write('bilag.config.json', {
    id: 'butikken',
    name: 'Butikken Eksempel',
    organisationNumber,
    country: market,
    currency: merchant.currency,
    source: { kind: 'vipps', keys: 'merchant', credentials: 'env:SHOP', baseUrl: vipps.url },
    policy: { versions: [{ from, market, sales: { sale: '25' }, lines: 'summary' }] },
    targets: { books: target },
  });
  return {
    expected: vipps.expected('412403'),
    run: (...argv: readonly string[]): Promise<Ran> => bench.runIn({ now: time.now, sleep: time.sleep }, ...argv),
    [Symbol.asyncDispose]: () => vipps.close(),
  };
}
