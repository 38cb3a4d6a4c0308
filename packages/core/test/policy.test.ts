import { describe, expect, test } from 'vitest';
import {
  amount,
  book,
  chartPresets,
  definePolicy,
  ledgerEntry,
  markets,
  plainDate,
  type EntryFacts,
  type PolicyInput,
} from '../src/index.ts';
import { versionOn } from '../src/policy/policy.ts';
import { policy } from './ledger-text.ts';

describe('a policy is checked before anything is booked', () => {
  test.each<[string, PolicyInput, string, string]>([
    ['has no VAT for its sales', policy({ sales: {} }), 'sale is missing', 'policy.versions.0.sales.sale'],
    [
      'names a VAT treatment that does not exist',
      policy({ sales: { sale: '17' } }),
      'no VAT treatment "17"',
      'versions.0.sales.sale',
    ],
    ...['constructor', '__proto__', 'toString'].map<[string, PolicyInput, string, string]>((name) => [
      `names one that every object is born with, ${name}`,
      policy({ sales: { sale: name } }),
      `no VAT treatment "${name}"`,
      'versions.0.sales.sale',
    ]),
    [
      'names one for a unit',
      policy({ salesUnits: { 'api:1': { sale: 'x' } } }),
      'no VAT treatment "x"',
      'salesUnits.api:1.sale',
    ],
    [
      'books clearing and bank on one account',
      policy({ accounts: { clearing: '1920' } }),
      'clearing and bank are both account 1920',
      'versions.0.accounts',
    ],
    [
      'does so for one ledger',
      policy({ ledgers: { '7': { accounts: { bank: '1579' } } } }),
      'both account 1579',
      'versions.0.ledgers.7.accounts',
    ],
    [
      'names a unit in two ways',
      policy({ salesUnits: { 'NO:57860': { sale: '15' }, 'nor:57860': { sale: '25' } } }),
      'NO:57860 is there twice',
      'versions.0.salesUnits',
    ],
    [
      'names a unit by its digits alone',
      policy({ salesUnits: { '57860': { sale: '15' } } }),
      'not the name of a sales unit',
      'versions.0.salesUnits',
    ],
    ['opens a ledger with a blank too many', policy({}, { openings: { ' 302321': {} } }), 'without blanks', 'openings'],
    [
      'gives accounts to a ledger with a blank too many',
      policy({ ledgers: { '302321 ': { accounts: { fee: '7771' } } } }),
      'without blanks',
      'versions.0.ledgers',
    ],
    ['has no version', { versions: [] }, 'at least one version', 'policy.versions'],
    ['has an impossible date', policy({ from: '2026-02-30' }), 'existing day', 'versions.0.from'],
    ['has an unknown word', { ...policy(), lock: '2026-01-01' } as PolicyInput, 'lock', 'policy.'],
    [
      'has a rate without a VAT account',
      policy({ vat: { a: { rateBasisPoints: 2500, code: '3', account: '3000', vatAccount: null } } }),
      'needs a VAT account',
      'vat.a',
    ],
    [
      'opens with a fraction of an øre',
      policy({}, { openings: { '1': { funds: 0.5 } } }),
      'a whole number',
      'openings.1.funds',
    ],
    [
      'moves the clearing account between versions',
      { versions: [...policy().versions, ...policy({ from: '2026-01-01', accounts: { clearing: '1571' } }).versions] },
      'clearing moves from account 1579 to 1571',
      'versions.1.accounts.clearing',
    ],
    [
      'moves that of one ledger',
      {
        versions: [
          ...policy({ ledgers: { '7': { accounts: { feesPayable: '2961' } } } }).versions,
          ...policy({ from: '2026-01-01' }).versions,
        ],
      },
      'feesPayable moves from account 2961 to 2960',
      'versions.1.accounts.feesPayable',
    ],
    [
      'has versions out of order',
      { versions: [...policy().versions, ...policy({ from: '2019-01-01' }).versions] },
      'must ascend',
      'versions.1.from',
    ],
  ])('one that %s', (_, input, what, where) => {
    expect(() => definePolicy(input)).toThrow(what);
    expect(() => definePolicy(input)).toThrow(where);
  });

  test.each(markets)('the proposal for %s is a valid policy with every sale it knows', (market) => {
    for (const sale of Object.keys(chartPresets[market].vat)) {
      expect(definePolicy(policy({ market, sales: { sale } })).versions[0].sales.sale).toBe(sale);
    }
  });

  test('is plain data: what was checked can be written as JSON and read again', () => {
    const checked = definePolicy(
      policy({ salesUnits: { 'api:1': { dimensions: { department: '10' } } } }, { lockedThrough: '2026-01-31' }),
    );
    expect(definePolicy(JSON.parse(JSON.stringify(checked)) as PolicyInput)).toEqual(checked);
  });

  test('units inherit from sales', () => {
    const { versions } = definePolicy(
      policy({ sales: { sale: '15', refunds: 'already-booked' }, salesUnits: { 'api:1': { sale: '25' } } }),
    );
    expect(versions[0].salesUnits['api:1']).toEqual({
      revenue: 'sales',
      sale: '25',
      refunds: 'already-booked',
      dimensions: {},
    });
  });

  test('the version in force is the last that has begun', () => {
    const two = definePolicy({
      versions: [
        ...policy({ from: '2025-01-01' }).versions,
        ...policy({ from: '2026-01-01', language: 'en' }).versions,
      ],
    });
    expect(versionOn(two, plainDate('2024-12-31'))).toBeUndefined();
    expect(versionOn(two, plainDate('2025-12-31'))?.language).toBe('nb');
    expect(versionOn(two, plainDate('2026-01-01'))?.language).toBe('en');
  });
});

test.each([
  ['NO:57860', 'NO:57860'],
  ['NO:57860', 'nor:57860'],
  ['NO:57860', 'NO/57860'],
  ['NO:57860', ' no: 57860'],
  ['api:123456', 'API:123456'],
  ['nor:57860', 'NO:57860'],
  ['shop:7', 'Shop:7'],
])('a sale of %s is booked as the policy says of %s', async (inData, inPolicy) => {
  const date = plainDate('2026-02-01');
  const sale: EntryFacts = {
    ledgerId: '302321',
    account: 'funds',
    ledgerDate: date,
    type: 'capture',
    amount: amount(11500),
    currency: 'NOK',
    pspReference: 'p1',
    reference: null,
    salesUnit: inData,
    time: null,
  };
  const dates = [
    { ledgerId: '302321', date, currency: 'NOK', accounts: { funds: { closed: true } }, entries: [ledgerEntry(sale)] },
  ];
  const made = (unit: object) =>
    Array.fromAsync(book(dates, definePolicy(policy({ from: '2026-01-01', salesUnits: { [inPolicy]: unit } }))));
  const [booked] = await made({ sale: '15' });
  expect(booked?.vouchers[0]?.lines.map(({ account }) => account)).toContain('3030');
  expect(booked?.findings).toEqual([]);
  const [till] = await made({ revenue: 'already-booked', refunds: 'already-booked' });
  expect(till?.vouchers).toEqual([]);
});
