import { formatAmount, plainDate, type Amount } from '@bilag/core';
import { generateMerchant, uneventful, type Merchant, type MerchantOptions } from '@bilag/simulator-vipps';
import { expect } from 'vitest';
import { cafeConfig, createBench, keysOf, startSimulator, type Bench } from './bench.ts';

/** A café with gross settlement, whose invoice of July is credited in August. */
export const trade: MerchantOptions = {
  seed: 'gebyr',
  market: 'NO',
  ledgerId: '302400',
  from: plainDate('2026-07-01'),
  to: plainDate('2026-08-31'),
  owner: { name: 'Kafé Eksempel AS', organisationNumber: '987654321' },
  salesUnits: [{ handle: 'api:123455', name: 'Kafé', trade: 'cafe' }],
  settlement: 'gross',
  capturesPerDay: 4,
  features: { ...uneventful, serviceFee: 9900, creditNotes: 10000 },
};
export const now = (): Date => new Date('2026-09-02T10:00:00Z');

/** What a merchant was charged in a month, or what moved the fees account otherwise: as the simulator made it up. */
export function toldBy(merchant: Merchant, month: string, type: string): number {
  const entries = [...merchant.dates()].filter(({ date }) => date.startsWith(month)).flatMap(({ fees }) => fees);
  return entries.filter(({ entryType }) => entryType === type).reduce((total, { amount }) => total + amount, 0);
}

/** A company whose two months are fetched. */
export async function fetched(
  options: MerchantOptions,
  source: object = {},
): Promise<{ bench: Bench; merchant: Merchant }> {
  const bench = createBench();
  const merchant = generateMerchant(options);
  await using vipps = await startSimulator({ merchants: [merchant], now, v1: 'served' });
  bench.env = keysOf(vipps);
  const config = cafeConfig(vipps.url);
  bench.write('bilag.config.json', { ...config, source: { ...config.source, ...source } });
  expect(await bench.runIn({ now }, 'fetch', '--to', '2026-08-31')).toMatchObject({ code: 0 });
  return { bench, merchant };
}

const money = (value: number): string => formatAmount(value as Amount);

/** An invoice as somebody writes it down. */
export function written(
  number: string,
  fees: Readonly<Record<string, readonly [net: number, vat: number]>>,
  changes = {},
): object {
  const lines = Object.entries(fees);
  const sumOf = (at: 0 | 1): number => lines.reduce((total, [, line]) => total + line[at], 0);
  return {
    kind: 'invoice',
    number,
    ledger: '302400',
    date: '2026-07-31',
    month: '2026-07',
    net: money(sumOf(0)),
    vat: money(sumOf(1)),
    total: money(sumOf(0) + sumOf(1)),
    fees: Object.fromEntries(lines.map(([kind, [net, vat]]) => [kind, { net: money(net), vat: money(vat) }])),
    ...changes,
  };
}

/** What `bilag book` says. */
export async function booksOf(bench: Bench): Promise<Books> {
  const { out } = await bench.runIn({ now }, 'book', '--json');
  return (JSON.parse(out) as { readonly companies: readonly [Books] }).companies[0];
}

export interface Books {
  readonly vouchers: readonly {
    readonly key: string;
    readonly date: string;
    readonly facts: readonly string[];
    readonly lines: readonly { readonly account: string; readonly amount: number }[];
  }[];
  readonly trialBalance: readonly { readonly account: string; readonly closing: number }[];
  readonly findings: readonly { readonly code: string }[];
}
