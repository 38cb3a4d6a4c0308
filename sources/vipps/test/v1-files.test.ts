import { describe, expect, test } from 'vitest';
import { book, definePolicy } from '@bilag/core';
import type { V1Format } from '@bilag/vipps';
import { readV1Files } from '../src/entries/v1-file.ts';

const net: V1Format = { settlement: 'net', amounts: 'major-decimals' };
const first = '2026-01-15T12:00:00.824993+0100';

function row(more: Record<string, unknown> = {}): object {
  return {
    transactionId: '5000000001',
    timestamp: first,
    ledgerDate: '2026-01-15',
    ledgerId: '302321',
    transactionType: 'capture',
    orderId: null,
    currency: 'NOK',
    ledgerAmount: '122.31',
    grossAmount: '125.00',
    fee: '2.69',
    recipientHandle: null,
    ...more,
  };
}

/** What files with these rows become: sales on the books, and the warnings. */
async function booked(...files: readonly (readonly object[])[]) {
  const named = files.map((rows, index) => ({ name: `${'abc'[index]}.json`, text: JSON.stringify(rows) }));
  const policy = definePolicy({ versions: [{ from: '2026-01-01', market: 'NO', sales: { sale: '25' } }] });
  const dates = await Array.fromAsync(book(readV1Files(named, net), policy));
  const findings = dates.flatMap((date) => date.findings);
  return {
    sales: dates.flatMap(({ totals }) => totals).reduce((total, { captures }) => total + captures, 0) / 100,
    funds: (dates.at(-1)?.balances[0].funds.books ?? 0) / 100,
    warnings: findings.filter(({ severity }) => severity === 'warning'),
    ids: dates.flatMap(({ vouchers }) => vouchers.flatMap(({ facts }) => facts)),
  };
}

describe('a payment in two files', () => {
  test.each([
    ['written alike', first],
    ['with a colon in the zone', '2026-01-15T12:00:00.824993+01:00'],
    ['in UTC', '2026-01-15T11:00:00.824993Z'],
  ])('%s is one payment, known as the first file has it', async (_, timestamp) => {
    const alone = await booked([row()]);
    expect(await booked([row()], [row({ timestamp })])).toEqual({ ...alone, sales: 125, warnings: [] });
  });

  test.each<[string, Record<string, unknown>]>([
    ['to the millisecond', { timestamp: '2026-01-15T12:00:00.824+0100' }],
    ['without a time', { timestamp: null }],
    ['under another id', { transactionId: '5000000009' }],
    ['without an id', { transactionId: null }],
    ['without id and time', { transactionId: null, timestamp: null }],
  ])('the second time %s: nobody can know, and both files are named', async (_, more) => {
    const { sales, warnings } = await booked([row()], [row(more)]);
    expect(sales).toBe(250);
    expect(warnings.map(({ code }) => code)).toEqual(['perhaps-twice']);
    expect(warnings[0]?.where).toBe('ledger 302321, 2026-01-15, a.json and b.json');
    expect(warnings[0]?.facts).toHaveLength(4);
  });

  test.each<[string, Record<string, unknown>]>([
    ['another amount', { ledgerAmount: '97.31', grossAmount: '100.00' }],
    ['another date', { ledgerDate: '2026-01-16' }],
    ['another id and time', { transactionId: '5000000002', timestamp: '2026-01-15T12:00:01+0100' }],
    ['another id, and no times to compare', { transactionId: '5000000002', timestamp: null }],
  ])('with %s is another payment', async (_, more) => {
    const base = row(more['timestamp'] === null ? { timestamp: null } : {});
    expect((await booked([base], [row(more)])).warnings).toEqual([]);
  });

  test('what the second file has too is not compared again', async () => {
    const both = [row(), row({ timestamp: '2026-01-15T13:00:00+0100' })];
    expect(await booked(both, both)).toMatchObject({ sales: 250, warnings: [] });
  });
});

describe('the fee beside a row', () => {
  const other = row({ ledgerAmount: '97.31', grossAmount: '100.00' });

  test.each([
    ['in one file', [[row(), other]]],
    ['in two files', [[row()], [other]]],
    ['in two that overlap', [[row(), other], [other]]],
    ['in two that overlap, the other way', [[other], [row(), other]]],
  ])('is its own, where another row has the same id, time and fee: %s', async (_, files) => {
    const { sales, funds, warnings } = await booked(...files);
    expect({ sales, funds, warnings }).toEqual({ sales: 225, funds: 219.62, warnings: [] });
  });
});

describe('rows without an id of the provider', () => {
  const bare = row({ transactionId: null, timestamp: null });

  test('two in one file are two facts, and the file given twice changes nothing', async () => {
    const once = await booked([bare, bare]);
    expect(once).toMatchObject({ sales: 250, warnings: [] });
    expect(new Set(once.ids).size).toBe(4);
    expect(await booked([bare, bare], [bare, bare])).toEqual(once);
    expect(await booked([bare], [bare, bare])).toEqual(once);
  });

  test('are told apart by their order, in one file and across files', async () => {
    const [a, b] = [row({ transactionId: null, orderId: 'A' }), row({ transactionId: null, orderId: 'B' })];
    expect(await booked([a, b])).toMatchObject({ sales: 250 });
    expect(await booked([a, b], [b])).toMatchObject({ sales: 250 });
    expect(await booked([b, b])).toMatchObject({ sales: 125 });
  });
});
