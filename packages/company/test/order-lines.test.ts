import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainDate, type Finding } from '@bilag/core';
import { openArchive } from '@bilag/engine';
import {
  generateMerchant,
  type Merchant,
  startVippsSimulator,
  uneventful,
  type VippsSimulatorOptions,
} from '@bilag/simulator-vipps';
import { vipps } from '@bilag/vipps';
import { afterAll, describe, expect, test } from 'vitest';
import { openCompany } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'bilag-till-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shared = {
  market: 'NO',
  ledgerId: '302400',
  from: plainDate('2026-07-01'),
  to: plainDate('2026-07-20'),
  owner: { name: 'Kiosk Eksempel AS', organisationNumber: '987654321' },
  capturesPerDay: 20,
  features: { ...uneventful, refunds: 1500 },
} as const;

/** A kiosk with a till: goods of 25 % and food of 15 %, and refunds now and then. */
const kiosk = generateMerchant({
  ...shared,
  seed: 'kiosk',
  salesUnits: [{ handle: 'api:123455', name: 'Kiosk', trade: 'web-shop' }],
});

/** Its entries carry no order reference: nothing says which sale a refund takes back. */
const vippsNumber = generateMerchant({
  ...shared,
  seed: 'number',
  salesUnits: [{ handle: 'NO:57860', name: 'Kiosk', trade: 'web-shop' }],
});

interface Told {
  readonly entryType: string;
  readonly pspReference: string | null;
  readonly reference: string | null;
  readonly amounts: { readonly gross: number };
  readonly lines: readonly { readonly lineTotalGross: number; readonly vatRate: number | null }[];
}

interface Booked {
  /** Credit on an account, so that sales are positive. */
  readonly credit: (account: string) => number;
  readonly findings: readonly Finding[];
  readonly isProved: boolean;
  readonly told: readonly Told[];
  readonly ledger: readonly {
    readonly entryType: string;
    readonly pspReference: string;
    readonly reference: string;
    readonly amount: number;
  }[];
}

let count = 0;

async function booked(
  till: NonNullable<VippsSimulatorOptions['till']>,
  sales: object,
  changes: (reply: { items: Told[] }) => void = () => undefined,
  merchant: Merchant = kiosk,
): Promise<Booked> {
  await using simulator = await startVippsSimulator({
    merchants: [merchant],
    now: () => new Date('2026-07-22T06:00:00Z'),
    till,
  });
  simulator.faults.arm({
    kind: 'answer',
    times: Number.POSITIVE_INFINITY,
    match: ({ path }) => path.startsWith('/sales/'),
    answer: async (request, handle) => {
      const reply = await handle(request);
      const page = JSON.parse(String(reply.body)) as { items: Told[] };
      changes(page);
      return { ...reply, body: JSON.stringify(page) };
    },
  });
  const { clientId, clientSecret } = simulator.credentials.partner;
  const archive = `archive-${(count += 1)}`;
  await using open = await openCompany(
    {
      id: 'kiosk',
      name: 'Kiosk Eksempel AS',
      organisationNumber: '987654321',
      country: 'NO',
      currency: 'NOK',
      source: { kind: 'vipps', keys: 'accounting-partner', credentials: 'env:P', baseUrl: simulator.url, sales },
      policy: { versions: [{ from: '2026-07-01', market: 'NO', sales: { sale: '25' } }] },
      archive,
    },
    {
      folder,
      sources: [vipps],
      env: { P_CLIENT_ID: clientId, P_CLIENT_SECRET: clientSecret },
      now: () => new Date('2026-07-22T06:00:00Z'),
    },
  );
  const [fetched] = await open.fetch({ to: plainDate('2026-07-20') });
  expect(fetched?.failures).toEqual([]);
  const books = await open.book();
  const store = await openArchive(join(folder, archive));
  const pages = await Array.fromAsync(store.pages());
  await store.close();
  const itemsOf = (wanted: string): never[] =>
    pages.flatMap(({ topic, body }) =>
      topic === wanted ? (JSON.parse(new TextDecoder().decode(body)) as { items: never[] }).items : [],
    );
  return {
    credit: (account) => 0 - (books.trialBalance.find((line) => line.account === account)?.closing ?? 0),
    findings: books.findings,
    isProved: books.ledgers.every((ledger) => ledger.isProved),
    told: itemsOf('sales'),
    ledger: itemsOf('funds'),
  };
}

/** What the till itself says was sold at a rate and paid through the ledger. */
function soldAt(told: readonly Told[], rate: number): number {
  return told
    .filter(({ pspReference, entryType }) => pspReference !== null && entryType === 'capture')
    .flatMap(({ lines }) => lines)
    .reduce((sum, { vatRate, lineTotalGross }) => sum + (vatRate === rate ? lineTotalGross : 0), 0);
}

function codes({ findings }: Booked): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(findings, ({ code }) => code)].map(([code, all]) => [code, all.length]));
}

const both = [2500, 1500];

describe('what the till tells splits a sale by its VAT', () => {
  test('captures and refunds go to the accounts of their rates, and the ledger stays proved', async () => {
    const books = await booked({ rates: both, toldRefunds: 10_000 }, { missing: 'ask' });
    const refunded = (rate: number): number =>
      books.told
        .filter(({ entryType }) => entryType === 'refund')
        .flatMap(({ lines }) => lines)
        .reduce((sum, { vatRate, lineTotalGross }) => sum + (vatRate === rate ? lineTotalGross : 0), 0);
    expect(refunded(1500)).toBeGreaterThan(0);
    expect(books.credit('3000') + books.credit('2700')).toBe(soldAt(books.told, 2500) - refunded(2500));
    expect(books.credit('3030') + books.credit('2701')).toBe(soldAt(books.told, 1500) - refunded(1500));
    expect(books.credit('2999')).toBe(0);
    expect(books.isProved).toBe(true);
  });

  test('sales in cash are told and not booked', async () => {
    const without = await booked({ rates: both, toldRefunds: 10_000 }, { missing: 'ask' });
    const withCash = await booked({ rates: both, toldRefunds: 10_000, cashSales: 3 }, { missing: 'ask' });
    for (const account of ['3000', '3030', '2700', '2701', '2999'])
      expect(withCash.credit(account)).toBe(without.credit(account));
    expect(codes(withCash)['sales-not-on-ledger']).toBeGreaterThan(0);
    expect(withCash.findings.find(({ code }) => code === 'sales-not-on-ledger')).toMatchObject({ severity: 'info' });
    expect(withCash.isProved).toBe(true);
  });
});

describe('where the till tells nothing', () => {
  const silent = { rates: both, untold: 10_000 };

  test("the policy's rule books it, where the operator chose that", async () => {
    const books = await booked(silent, { missing: 'policy' });
    expect(books.credit('3030')).toBe(0);
    expect(books.credit('2999')).toBe(0);
    expect(books.credit('3000')).toBeGreaterThan(0);
    expect(codes(books)['order-lines-do-not-fit']).toBeUndefined();
  });

  test('it waits against suspense with a finding, where the operator chose to be asked', async () => {
    const books = await booked(silent, { missing: 'ask' });
    expect(books.credit('3000')).toBe(0);
    expect(books.credit('2999')).not.toBe(0);
    expect(codes(books)['order-lines-do-not-fit']).toBeGreaterThan(0);
    expect(books.isProved).toBe(true);
  });

  test('and the same for lines without their VAT', async () => {
    const untold = { rates: both, withoutVat: 10_000 };
    expect((await booked(untold, { missing: 'policy' })).credit('2999')).toBe(0);
    expect((await booked(untold, { missing: 'ask' })).credit('3000')).toBe(0);
  });
});

describe('a refund without lines of its own', () => {
  test('goes back as its order came when it is whole, and asks when it is a part of several rates', async () => {
    const books = await booked({ rates: both }, { missing: 'ask' });
    const orders = Map.groupBy(books.told, ({ reference }) => reference);
    let [asked, back25, back15] = [0, 0, 0];
    for (const { entryType, reference, amount } of books.ledger.filter(({ entryType: type }) => type === 'refund')) {
      expect(entryType).toBe('refund');
      const sold = (orders.get(reference) ?? []).flatMap(({ lines }) => lines);
      const rates = new Set(sold.map(({ vatRate }) => vatRate));
      const total = sold.reduce((sum, { lineTotalGross }) => sum + lineTotalGross, 0);
      const at = (rate: number): number =>
        rates.size === 1 && rates.has(rate)
          ? -amount
          : sold.reduce((sum, { vatRate, lineTotalGross }) => sum + (vatRate === rate ? lineTotalGross : 0), 0);
      if (rates.size > 1 && total !== -amount) asked += amount;
      else [back25, back15] = [back25 + at(2500), back15 + at(1500)];
    }
    expect(asked).toBeLessThan(0);
    expect(back25 + back15).toBeGreaterThan(0);
    expect(books.credit('2999')).toBe(asked);
    expect(books.credit('3000') + books.credit('2700')).toBe(soldAt(books.told, 2500) - back25);
    expect(books.credit('3030') + books.credit('2701')).toBe(soldAt(books.told, 1500) - back15);
    expect(codes(books)['original-unclear']).toBeGreaterThan(0);
  });
});

describe('a refund that names no sale', () => {
  test('asks, or is booked by the policy, as the operator chose; never by the default rate unasked', async () => {
    const refunds = ({ ledger }: Booked): number =>
      ledger.reduce((sum, { entryType, amount }) => sum + (entryType === 'refund' ? amount : 0), 0);
    const asked = await booked({ rates: both }, { missing: 'ask' }, undefined, vippsNumber);
    expect(refunds(asked)).toBeLessThan(0);
    expect(asked.credit('2999')).toBe(refunds(asked));
    expect(codes(asked)['original-unknown']).toBeGreaterThan(0);
    const byPolicy = await booked({ rates: both }, { missing: 'policy' }, undefined, vippsNumber);
    expect(byPolicy.credit('2999')).toBe(0);
    expect(byPolicy.isProved).toBe(true);
  });
});

describe('what the till tells wrongly', () => {
  test('lines that do not add up are not used, whatever the operator chose for what is missing', async () => {
    const books = await booked({ rates: both, toldRefunds: 10_000 }, { missing: 'policy' }, ({ items }) => {
      for (const { lines } of items)
        for (const line of lines) Object.assign(line, { lineTotalGross: line.lineTotalGross + 1 });
    });
    expect(codes(books)['sales-do-not-add-up']).toBeGreaterThan(0);
    expect(books.credit('3000')).toBe(0);
    expect(books.isProved).toBe(true);
  });

  test('a rate that no treatment of the policy has is asked about', async () => {
    const books = await booked({ rates: [2000], toldRefunds: 10_000 }, { missing: 'policy' });
    expect(books.credit('3000')).toBe(0);
    expect(codes(books)['order-lines-do-not-fit']).toBeGreaterThan(0);
  });

  test('a rate that several have means what the config says', async () => {
    const free = { rates: [0], toldRefunds: 10_000 };
    expect((await booked(free, { missing: 'policy' })).credit('3200')).toBe(0);
    const exempt = await booked(free, { missing: 'policy', treatments: { '0': 'exempt' } });
    expect(exempt.credit('3200')).toBeGreaterThan(0);
    expect(exempt.credit('2999')).toBe(0);
  });
});

test("a merchant's own keys cannot read what was sold", async () => {
  const source = { kind: 'vipps', keys: 'merchant', credentials: 'env:P', sales: { missing: 'ask' } };
  const company = {
    id: 'kiosk',
    name: 'Kiosk Eksempel AS',
    organisationNumber: '987654321',
    country: 'NO',
    currency: 'NOK',
    source,
    policy: { versions: [{ from: '2026-07-01', market: 'NO', sales: { sale: '25' } }] },
  };
  await expect(openCompany(company, { folder, sources: [vipps] })).rejects.toMatchObject({
    kind: 'config',
    what: expect.stringContaining("accounting partner's keys alone") as string,
  });
});
