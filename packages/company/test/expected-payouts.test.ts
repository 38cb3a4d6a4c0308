import { amount, definePolicy, ledgerEntry, plainDate, type LedgerDate } from '@bilag/core';
import { expect, test } from 'vitest';
import { expectedPayouts } from '../src/bank/expected-payouts.ts';

const date = plainDate('2026-03-02');
const company = {
  country: 'NO',
  policy: definePolicy({ versions: [{ from: '2026-03-01', market: 'NO', sales: { sale: '25' } }] }),
  bankAccounts: {},
} as const;

function payout(time: string, pspReference = '302321-2000045'): LedgerDate['entries'][number] {
  return ledgerEntry({
    ledgerId: '302321',
    account: 'funds',
    ledgerDate: date,
    type: 'payout-scheduled',
    amount: amount(-15000),
    currency: 'NOK',
    pspReference,
    reference: null,
    salesUnit: null,
    time,
  });
}

async function amountsOf(entries: LedgerDate['entries']): Promise<readonly number[]> {
  const dates: LedgerDate[] = [
    { ledgerId: '302321', date, currency: 'NOK', accounts: { funds: { closed: true } }, entries },
  ];
  const { payouts } = await expectedPayouts(
    company,
    (async function* all() {
      yield* dates;
    })(),
    () => [],
  );
  return payouts.map((each) => each.amount);
}

test('a payout that the provider delivers twice is expected once, however its time is spelt', async () => {
  const twice = [payout('2026-03-02T22:00:00Z'), payout('2026-03-02T23:00:00+01:00')];
  expect(await amountsOf(twice)).toEqual([15000]);
});

test('two parts of a payout are both expected', async () => {
  expect(await amountsOf([payout('2026-03-02T22:00:00Z'), payout('2026-03-02T22:00:01Z')])).toEqual([30000]);
});
