import { amount, definePolicy, ledgerEntry, plainDate, type LedgerDate } from '@bilag/core';
import { expect, test } from 'vitest';
import type { Company } from '../src/config/company.ts';
import type { CompanyDates } from '../src/dates/company-dates.ts';
import { companyPayouts, type CompanyPayout } from '../src/payouts/company-payouts.ts';

const ledgerId = '302321';

/** Funds moved on some days of January: `[day, type, amount, reference]`. */
function januaryOf(facts: readonly (readonly [number, string, number, string])[], openDay = 32): LedgerDate[] {
  const entries = facts.map(([day, type, moved, pspReference], index) =>
    ledgerEntry({
      ledgerId,
      account: 'funds',
      ledgerDate: plainDate(`2026-01-${String(day).padStart(2, '0')}`),
      type,
      amount: amount(moved),
      currency: 'NOK',
      pspReference,
      reference: null,
      salesUnit: null,
      time: `2026-01-01T10:00:${String(index).padStart(2, '0')}Z`,
    }),
  );
  return [...Map.groupBy(entries, ({ ledgerDate }) => ledgerDate)].map(([date, own]) => ({
    ledgerId,
    date,
    currency: 'NOK',
    accounts: { funds: { closed: Number(date.slice(-2)) < openDay } },
    entries: own,
  }));
}

async function payoutsOf(dates: readonly LedgerDate[], openings = {}): Promise<readonly CompanyPayout[]> {
  const policy = definePolicy({
    versions: [{ from: '2026-01-01', market: 'NO', sales: { sale: '25' } }],
    openings,
  });
  const company = { id: 'kafe', country: 'NO', currency: 'NOK', policy, bankAccounts: {} };
  const until = async function* (): AsyncGenerator<LedgerDate> {
    yield* dates;
  };
  return companyPayouts(
    company as unknown as Company,
    { last: dates.at(-1)?.date, until, bank: async () => undefined } as unknown as CompanyDates,
  );
}

const week = [
  [5, 'capture', 10_000, 's1'],
  [5, 'capture-fee', -200, 's1'],
  [6, 'refund', -1_000, 's2'],
  [6, 'payout-scheduled', -8_800, '302321-2000045'],
  [6, 'capture', 500, 's3'],
  [7, 'capture', 700, 's4'],
  [8, 'payout-scheduled', -1_000, '302321-2000046'],
] as const;

test('a payout is made of what came since the one before, day by day, and what is left stays for the next', async () => {
  const [first, second] = await payoutsOf(januaryOf(week));
  expect(first).toMatchObject({
    reference: '302321-2000045',
    date: '2026-01-06',
    amount: 8_800,
    opening: 0,
    closing: 0,
    days: [
      { date: '2026-01-05', kinds: { captures: 10_000, fees: -200 }, balance: 9_800 },
      { date: '2026-01-06', kinds: { refunds: -1_000 }, balance: 8_800 },
    ],
  });
  expect(second).toMatchObject({
    opening: 0,
    closing: 200,
    days: [
      { date: '2026-01-06', kinds: { captures: 500 }, balance: 500 },
      { date: '2026-01-07', kinds: { captures: 700 }, balance: 1_200 },
    ],
  });
});

test('of every payout opening and days come to what was paid out and what was left', async () => {
  const openings = { [ledgerId]: { funds: 4_000, fees: 0, inTransit: 2_500 } };
  const payouts = (await payoutsOf(januaryOf(week), openings)).filter(({ days }) => days.length > 0);
  expect(payouts).toHaveLength(2);
  for (const { opening, days, amount: paid, closing } of payouts) {
    const moved = days.flatMap(({ kinds }) => Object.values(kinds)).reduce((total, value) => total + value, 0);
    expect(opening + moved).toBe(paid + closing);
  }
});

test('an entry that is delivered twice counts once, and an open date is said to be open', async () => {
  const dates = januaryOf(week, 8);
  const doubled = dates.map((date) => ({ ...date, entries: [...date.entries, ...date.entries] }));
  const payouts = await payoutsOf(doubled);
  expect(payouts.map(({ isOpen }) => isOpen)).toEqual([false, true]);
  expect(payouts[0]?.days[0]?.kinds).toEqual({ captures: 10_000, fees: -200 });
});

test('a payout that is aborted comes back to the balance, and is part of the next', async () => {
  const [first, second] = await payoutsOf(
    januaryOf([
      ...week.slice(0, 4),
      [7, 'payout-aborted', 8_800, '302321-2000045'],
      [8, 'payout-scheduled', -8_800, '302321-2000047'],
    ]),
  );
  expect(first?.aborted).toBe('2026-01-07');
  expect(second?.days).toEqual([{ date: '2026-01-07', kinds: { aborted: 8_800 }, balance: 8_800 }]);
});

test('money that was under way at the cut-over has no days', async () => {
  const openings = { [ledgerId]: { funds: 0, fees: 0, inTransit: 2_500 } };
  const [opening] = await payoutsOf(januaryOf(week), openings);
  expect(opening).toMatchObject({ reference: '302321-opening', amount: 2_500, days: [] });
});
