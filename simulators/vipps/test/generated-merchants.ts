import * as fc from 'fast-check';
import { addDays, plainDate } from '@bilag/core';
import { generateMerchant, type Merchant, type MerchantOptions } from '@bilag/simulator-vipps';

/** Any small merchant: every market, settlement, frequency and cut-off, with everything happening more often than usual. */
export const merchantOptions: fc.Arbitrary<MerchantOptions> = fc
  .record({
    seed: fc.nat(),
    market: fc.constantFrom('NO', 'DK', 'SE', 'FI'),
    settlement: fc.constantFrom('net', 'gross'),
    payouts: fc.constantFrom('daily', 'weekly', 'monthly'),
    cutoffHour: fc.constantFrom(0, 4),
    days: fc.integer({ min: 0, max: 45 }),
    startDay: fc.integer({ min: 0, max: 400 }),
    capturesPerDay: fc.integer({ min: 0, max: 8 }),
    openingFunds: fc.integer({ min: -50_000, max: 50_000 }),
    openingFees: fc.integer({ min: -5000, max: 0 }),
    trades: fc.array(fc.constantFrom('cafe', 'bar', 'web-shop', 'gym'), { minLength: 1, maxLength: 3 }),
  })
  .map(({ days, startDay, openingFunds, openingFees, trades, ...options }) => {
    const from = addDays(plainDate('2026-01-01'), startDay);
    return {
      ...options,
      ledgerId: '302400',
      from,
      to: addDays(from, days),
      salesUnits: trades.map((trade, index) => ({
        handle: index === 1 ? `${options.market}:5780${index}` : `api:12340${index}`,
        name: `Unit ${index}`,
        trade,
        share: index + 1,
      })),
      openings: { funds: openingFunds, fees: openingFees },
      features: {
        disputes: 200,
        corrections: 800,
        feeCorrections: 800,
        unknownTypes: 500,
        cancellations: 250,
        abortedPayouts: 600,
      },
    } satisfies MerchantOptions;
  });

/** A merchant over one quarter with every default. */
export function quarterOf(seed: number, options: Partial<MerchantOptions> = {}): Merchant {
  return generateMerchant({
    seed,
    market: 'NO',
    ledgerId: '302400',
    from: plainDate('2026-07-01'),
    to: plainDate('2026-09-30'),
    ...options,
  });
}
