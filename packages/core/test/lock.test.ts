import { amount, book, definePolicy, factDate, latestLock, ledgerEntry, plainDate, refuseFarLock } from '@bilag/core';
import { describe, expect, test } from 'vitest';

const today = plainDate('2026-02-10');

describe('a lock', () => {
  test('of several is the later of them', () => {
    const [january, march] = [plainDate('2026-01-31'), plainDate('2026-03-31')];
    expect(latestLock([january, march, undefined])).toBe(march);
    expect(latestLock([march, january])).toBe(march);
    expect(latestLock([undefined])).toBeUndefined();
  });

  test.for(['2026-04-14', '2027-01-31', '2062-01-31'])(
    'through %s is a slip of the pen in February 2026',
    (through) => {
      expect(() => refuseFarLock(plainDate(through), today, 'policy')).toThrow(/closed through/);
    },
  );

  test.for(['2025-12-31', '2026-02-28', '2026-04-13'])('through %s may be meant', (through) => {
    expect(() => refuseFarLock(plainDate(through), today, 'policy')).not.toThrow();
  });

  test('of the policy goes with every date that is booked', async () => {
    const versions = [{ from: '2026-01-01', market: 'NO', sales: { sale: '25' } }] as const;
    const facts = {
      type: 'capture',
      amount: amount(12500),
      currency: 'NOK',
      pspReference: '1',
      reference: null,
    } as const;
    const date = plainDate('2026-01-15');
    const entry = ledgerEntry({
      ...facts,
      ledgerId: '302321',
      account: 'funds',
      ledgerDate: date,
      salesUnit: null,
      time: '2026-01-15T12:00:00Z',
    });
    expect(factDate(entry.id)).toBe(date);
    const read = { ledgerId: '302321', date, currency: 'NOK', accounts: { funds: { closed: true } }, entries: [entry] };
    for (const lockedThrough of ['2026-01-31', undefined]) {
      const policy = definePolicy({ versions, ...(lockedThrough === undefined ? {} : { lockedThrough }) });
      const [booked] = await Array.fromAsync(book([read], policy));
      expect(booked?.lockedThrough).toBe(lockedThrough);
    }
  });
});
