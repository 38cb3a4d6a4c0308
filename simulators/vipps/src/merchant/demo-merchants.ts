import { plainDate, type PlainDate } from '@bilag/core';
import { generateMerchant, type Merchant } from './merchant.ts';
import type { MerchantOptions } from './merchant-options.ts';

const quarter: { readonly from: PlainDate; readonly to: PlainDate } = {
  from: plainDate('2026-07-01'),
  to: plainDate('2026-09-30'),
};

const demoMerchantOptions: readonly MerchantOptions[] = [
  {
    ...quarter,
    seed: 'kaffebaren',
    market: 'NO',
    ledgerId: '302401',
    owner: { name: 'Kaffebaren Eksempel AS', organisationNumber: '987654314' },
    salesUnits: [
      { handle: 'api:123401', name: 'Kaffebaren, servering', trade: 'cafe', share: 3, vatRateBasisPoints: 2500 },
      { handle: 'NO:57801', name: 'Kaffebaren, takeaway', trade: 'cafe', share: 2, vatRateBasisPoints: 1500 },
    ],
    capturesPerDay: 45,
    features: { cancellations: 0, reserves: 0 },
  },
  {
    ...quarter,
    seed: 'nettbutikken',
    market: 'NO',
    ledgerId: '302402',
    owner: { name: 'Nettbutikken Eksempel AS', organisationNumber: '987654330' },
    bankAccount: '86011117955',
    salesUnits: [{ handle: 'api:123402', name: 'Nettbutikken', trade: 'web-shop', vatRateBasisPoints: 2500 }],
    settlement: 'gross',
    capturesPerDay: 35,
    features: { disputes: 40, corrections: 400, feeCorrections: 400, unknownTypes: 0, creditNotes: 10_000 },
  },
  {
    ...quarter,
    seed: 'butikken',
    market: 'DK',
    ledgerId: '412403',
    owner: { name: 'Butikken Eksempel ApS', organisationNumber: '12345678' },
    salesUnits: [{ handle: 'DK:90603', name: 'Butikken', trade: 'web-shop', vatRateBasisPoints: 2500 }],
    capturesPerDay: 25,
  },
];

/**
 * Three merchants over the third quarter of 2026, all dates closed: a Norwegian café with two sales units and net
 * settlement, a Norwegian web shop with gross settlement, and a Danish shop. `to` may end them earlier.
 *
 * @example
 * ```ts
 * import { demoMerchants } from '@bilag/simulator-vipps';
 *
 * demoMerchants().map(({ currency, settlement }) => `${currency} ${settlement}`); // => ['NOK net', 'NOK gross', 'DKK net']
 * ```
 */
export function demoMerchants(to: PlainDate = quarter.to): Merchant[] {
  return demoMerchantOptions.map((options) => generateMerchant({ ...options, to }));
}
