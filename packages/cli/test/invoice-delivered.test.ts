import { plainDate } from '@bilag/core';
import { bilagAccounts } from '@bilag/simulator-tripletex';
import { generateMerchant, uneventful } from '@bilag/simulator-vipps';
import { afterAll, expect, test } from 'vitest';
import { clearBenches, type Ran } from './bench.ts';
import { openDeliveryBench, plainPolicy, tripletexCompany } from './delivery-bench.ts';
import { written } from './fees-bench.ts';

afterAll(clearBenches);

/** A café that pays its fees by invoice, of which only the funds are read. */
const merchant = generateMerchant({
  seed: 'faktura',
  market: 'NO',
  ledgerId: '302400',
  from: plainDate('2026-07-01'),
  to: plainDate('2026-07-07'),
  owner: { name: 'Kafé Eksempel AS', organisationNumber: '987654321' },
  salesUnits: [{ handle: 'api:123455', name: 'Kafé', trade: 'cafe' }],
  settlement: 'gross',
  capturesPerDay: 3,
  features: uneventful,
});

test('an invoice is posted once: with another number, date or amount it may be the same money', async () => {
  await using stage = await openDeliveryBench({
    vipps: { merchants: [merchant] },
    tripletex: {
      companies: [
        {
          id: tripletexCompany,
          organisationNumber: '987654321',
          accounts: bilagAccounts,
          suppliers: { '20001': 'Vipps MobilePay AS' },
        },
      ],
    },
  });
  const source = {
    kind: 'vipps',
    keys: 'merchant',
    credentials: 'env:VIPPS',
    baseUrl: stage.vipps.url,
    fees: false,
  } as const;
  stage.configure({
    policy: { ...plainPolicy, supplier: { id: '20001', name: 'Vipps MobilePay AS' } },
    source,
    feeSettlement: { '302400': 'gross' },
  });
  const record = async (number: string, value: number, date: string): Promise<Ran> => {
    stage.bench.write('invoice.json', written(number, { 'capture-fee': [value, 0] }, { date }));
    return stage.run('fees', 'invoice', 'invoice.json');
  };
  /** What stands on the supplier's debt. */
  const owed = (): number =>
    stage.tripletex.backDoor
      .company()
      .vouchers()
      .flatMap(({ postings }) => postings)
      .filter(({ account }) => account === '2400')
      .reduce((total, posting) => total - posting.amount, 0);

  await stage.run('connect', 'tripletex');
  await record('F-11', 12_300, '2026-07-05');
  expect(await stage.run('apply', 'tripletex')).toMatchObject({ code: 0 });
  expect(owed()).toBe(12_300);
  expect(await stage.run('apply', 'tripletex')).toMatchObject({ code: 0 });
  expect(owed()).toBe(12_300);

  const refused = async (): Promise<void> => {
    const { code, out, messages } = await stage.run('apply', 'tripletex');
    expect({ code, said: out + messages }).toMatchObject({
      code: 3,
      said: expect.stringContaining('it may be the same money') as string,
    });
    expect(owed()).toBe(12_300);
  };

  // A slip of the pen in the number, and another date: nobody posts it beside the first. Nor with another amount.
  await stage.run('fees', 'invoice', '--take-back', '1');
  await record('F-1', 12_300, '2026-07-06');
  await refused();
  await stage.run('fees', 'invoice', '--take-back', '2');
  await record('F-11', 12_400, '2026-07-05');
  await refused();

  // As it was it is the same voucher.
  await stage.run('fees', 'invoice', '--take-back', '3');
  await record('F-11', 12_300, '2026-07-05');
  expect(await stage.run('apply', 'tripletex')).toMatchObject({ code: 0 });
  expect(owed()).toBe(12_300);
});
