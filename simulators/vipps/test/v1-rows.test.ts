import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { amount, plainDate } from '@bilag/core';
import { generateMerchant, summariseV1, toV1Rows, uneventful, v1ExampleDay } from '@bilag/simulator-vipps';
import { summarise } from '../src/merchant/merchant.ts';
import { v1Text, type V1Row } from '../src/ledger/v1-rows.ts';
import { describeWithShared, sharedPath } from '../../../test/support.ts';
import { merchantOptions, quarterOf } from './generated-merchants.ts';

function stamps(date: string): string[] {
  const merchant = quarterOf(1, { from: plainDate(date), to: plainDate(date), features: uneventful });
  return [...toV1Rows(merchant)].map(({ timestamp }) => timestamp);
}

function total(rows: readonly V1Row[], field: 'ledgerAmount' | 'grossAmount' | 'fee'): number {
  return rows.reduce((sum, row) => sum + row[field], 0);
}

describe('the trade as version 1 told it', () => {
  test('has the same sales and refunds as version 2, and sums of its own that hold', () => {
    fc.assert(
      fc.property(merchantOptions, (options) => {
        const merchant = generateMerchant(options);
        const rows = [...toV1Rows(merchant)];
        const summary = summariseV1(merchant);
        const { sales, refunds } = summarise(merchant);
        const of = (type: string): V1Row[] => rows.filter(({ transactionType }) => transactionType === type);
        expect({
          rows: rows.length,
          sales: total(of('capture'), 'grossAmount'),
          refunds: 0 - total(of('refund'), 'grossAmount'),
        }).toEqual({
          rows: summary.rows,
          sales,
          refunds,
        });
        expect([summary.sales, summary.refunds]).toEqual([sales, refunds]);
        expect(0 - total(of('payout'), 'ledgerAmount')).toBe(summary.payouts);
        expect(total(rows, 'fee')).toBe(summary.fees);
        expect((options.openings?.funds ?? 0) + total(rows, 'ledgerAmount')).toBe(summary.closing);
      }),
      { numRuns: 200 },
    );
  });

  test.each(['net', 'gross'] as const)('%s settlement: one row per capture, the fee beside it', (settlement) => {
    const rows = [...toV1Rows(quarterOf(1, { settlement, features: uneventful }))];
    const captures = rows.filter(({ transactionType }) => transactionType === 'capture');
    expect(captures.length).toBeGreaterThan(1000);
    const wrong = captures.filter(
      ({ ledgerAmount, grossAmount, fee }) =>
        fee <= 0 || ledgerAmount !== (settlement === 'net' ? grossAmount - fee : grossAmount),
    );
    expect(wrong).toEqual([]);
  });

  test('times are local, with an offset without colon, summer and winter', () => {
    expect(stamps('2026-07-01')[0]).toMatch(/^2026-07-01T\d\d:\d\d:\d\d\.\d{6}\+0200$/);
    expect(stamps('2026-12-01')[0]).toMatch(/^2026-12-01T\d\d:\d\d:\d\d\.\d{6}\+0100$/);
    expect(stamps('2026-12-01').at(-1)).toBe('2026-12-02T00:10:00.000000+0100');
  });
});

describe('the text of a row', () => {
  test('writes amounts as uneven decimals in major units', () => {
    const [row] = toV1Rows(v1ExampleDay);
    expect(
      v1Text({ ...(row as V1Row), ledgerAmount: amount(-5), grossAmount: amount(-600), fee: amount(0) }),
    ).toContain('"ledgerAmount":-0.05,"grossAmount":-6,"fee":0.00,');
  });
});

describeWithShared('the text of the documented day', () => {
  test('is the documented example, payout of another ledger included', () => {
    const documented = JSON.parse(
      readFileSync(sharedPath('spec/vipps/examples/v1-ledgertransactions-seed.json'), 'utf8'),
    );
    expect([...toV1Rows(v1ExampleDay)].map((row) => JSON.parse(v1Text(row)))).toEqual(documented.items);
  });
});
