import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, plainDate, type PlainDate } from '@bilag/core';
import { generateMerchant, uneventful, type Merchant } from '@bilag/simulator-vipps';
import { summarise } from '../src/merchant/merchant.ts';
import type { V2Entry } from '../src/ledger/ledger-dates.ts';
import type { LedgerSummary } from '../src/ledger/ledger-summary.ts';
import { merchantOptions, quarterOf } from './generated-merchants.ts';

const runs = { numRuns: 100 };

function entriesOf(merchant: Merchant, account: 'funds' | 'fees'): V2Entry[] {
  return [...merchant.dates()].flatMap((day) => day[account]);
}

function typesOf(entries: readonly V2Entry[]): string[] {
  return [...new Set(entries.map(({ entryType }) => entryType))].sort();
}

function isPayout({ entryType }: V2Entry): boolean {
  return entryType === 'payout-scheduled';
}

/** Adds up the entries themselves, knowing nothing of what was meant. */
function recount(entries: readonly V2Entry[]): Record<string, { count: number; amount: number }> {
  const totals: Record<string, { count: number; amount: number }> = {};
  for (const { entryType, amount } of entries) {
    const total = (totals[entryType] ??= { count: 0, amount: 0 });
    total.count += 1;
    total.amount += amount;
  }
  return totals;
}

describe('the balance chain', () => {
  test('holds within every date, across dates, and from the opening to the expected closing', () => {
    fc.assert(
      fc.property(merchantOptions, (options) => {
        const merchant = generateMerchant(options);
        const summary = summarise(merchant);
        for (const account of ['funds', 'fees'] as const) {
          let balance: number = options.openings?.[account] ?? 0;
          const broken: unknown[] = [];
          for (const day of merchant.dates()) {
            for (const entry of day[account]) {
              const before = balance;
              balance += entry.amount;
              if (entry.balanceBefore !== before || entry.balanceAfter !== balance) broken.push(entry);
            }
            if (day.summary[account].closing !== balance) broken.push(day.summary);
          }
          expect(broken).toEqual([]);
          expect(summary[account].closing).toBe(balance);
        }
      }),
      runs,
    );
  });

  test('never runs against the clock, and stays inside its ledger date', () => {
    fc.assert(
      fc.property(merchantOptions, (options) => {
        for (const account of ['funds', 'fees'] as const) {
          const entries = entriesOf(generateMerchant(options), account);
          const times = entries.map(({ time }) => time);
          expect(times).toEqual([...times].sort());
          const misplaced = entries.filter(
            ({ time, ledgerDate }) =>
              !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(time) ||
              time < `${addDays(ledgerDate, -1)}T21:00` ||
              time > `${addDays(ledgerDate, 1)}T04:00`,
          );
          expect(misplaced).toEqual([]);
        }
      }),
      runs,
    );
  });
});

describe('the expected summary', () => {
  test('equals the sums of the entries, by type, by sales unit and in total', () => {
    fc.assert(
      fc.property(merchantOptions, (options) => {
        const merchant = generateMerchant(options);
        const summary = summarise(merchant);
        const funds = entriesOf(merchant, 'funds');
        const fees = entriesOf(merchant, 'fees');
        expect(summary.funds.byType).toEqual(recount(funds));
        expect(summary.fees.byType).toEqual(recount(fees));
        const salesByUnit: Record<string, { sales: number; refunds: number }> = {};
        for (const { entryType, recipientHandle, amount } of funds) {
          if (entryType !== 'capture' && entryType !== 'refund') continue;
          const unit = (salesByUnit[recipientHandle ?? ''] ??= { sales: 0, refunds: 0 });
          if (entryType === 'capture') unit.sales += amount;
          else unit.refunds -= amount;
        }
        expect(summary.bySalesUnit).toEqual(salesByUnit);
        expect(summary.sales).toBe(recount(funds)['capture']?.amount ?? 0);
      }),
      runs,
    );
  });

  test('of all dates is that of each date added up', () => {
    const merchant = quarterOf(3);
    const parts: LedgerSummary[] = [...merchant.dates()].map(({ summary }) => summary);
    const whole = summarise(merchant);
    for (const total of ['sales', 'refunds', 'feesCharged', 'payouts'] as const) {
      expect(parts.reduce((sum, part) => sum + part[total], 0)).toBe(whole[total]);
    }
    expect(parts[0]?.funds.opening).toBe(whole.funds.opening);
    expect(parts.at(-1)?.funds.closing).toBe(whole.funds.closing);
  });
});

describe('the seed', () => {
  test('gives the same bytes each time, and another seed gives others', () => {
    fc.assert(
      fc.property(merchantOptions, (options) => {
        const bytes = JSON.stringify([...generateMerchant(options).dates()]);
        expect(JSON.stringify([...generateMerchant(options).dates()])).toBe(bytes);
      }),
      runs,
    );
    expect(JSON.stringify([...quarterOf(1).dates()])).not.toBe(JSON.stringify([...quarterOf(2).dates()]));
  });

  test('gives the same bytes on every machine', () => {
    const digest = createHash('sha256')
      .update(JSON.stringify([...quarterOf(1).dates()]))
      .digest('hex');
    expect(digest).toMatchInlineSnapshot(`"9bbf1e5c324254f21f8f7f653f54c5262becc96a3a3d70813bc0e379666ba406"`);
  });

  test('what has happened does not change when the period grows', () => {
    const short = [...quarterOf(5, { to: plainDate('2026-08-15') }).dates()];
    const long = [...quarterOf(5).dates()].slice(0, short.length);
    expect(long).toEqual(short);
  });
});

describe('payouts', () => {
  test('are last on their date, numbered without gaps, and never of nothing or less', () => {
    fc.assert(
      fc.property(merchantOptions, (options) => {
        const days = [...generateMerchant(options).dates()];
        const payouts = days.flatMap(({ funds }) => funds.filter(isPayout));
        const last = days.flatMap(({ funds }) => funds.slice(-1)).filter(isPayout);
        expect(last).toEqual(payouts);
        expect(payouts.map(({ pspReference }) => pspReference)).toEqual(
          payouts.map((_, index) => `302400-${2_000_001 + index}`),
        );
        expect(payouts.filter((payout) => payout.amount >= 0 || payout.balanceAfter < 0)).toEqual([]);
      }),
      runs,
    );
  });

  test.each([
    ['weekly', ['2026-07-05', '2026-07-12', '2026-07-19', '2026-07-26']],
    ['monthly', ['2026-07-31']],
  ] as const)('%s ones end the dates before a Monday, or before the first', (payouts, dates) => {
    const july = quarterOf(1, { payouts, to: plainDate('2026-07-31'), features: uneventful });
    const found = entriesOf(july, 'funds').filter(isPayout);
    expect(found.map(({ ledgerDate }) => ledgerDate)).toEqual(dates);
  });

  test('whatever is owed at the end of a date is paid out, and a balance of nothing or less is not', () => {
    fc.assert(
      fc.property(merchantOptions, (options) => {
        const daily = generateMerchant({
          ...options,
          payouts: 'daily',
          features: { ...options.features, reserves: 0 },
        });
        const days = [...daily.dates()];
        expect(days.filter(({ summary }) => summary.funds.closing > 0)).toEqual([]);
        expect(days.filter(({ funds, summary }) => funds.some(isPayout) && summary.funds.closing !== 0)).toEqual([]);
      }),
      runs,
    );
  });

  test('a payout the bank refused comes back under its own number, and is scheduled again', () => {
    const funds = entriesOf(quarterOf(11, { features: { ...uneventful, abortedPayouts: 2000 } }), 'funds');
    const aborted = funds.filter(({ entryType }) => entryType === 'payout-aborted');
    expect(aborted.length).toBeGreaterThan(5);
    for (const { pspReference, amount } of aborted) {
      const scheduled = funds.find(
        (entry) => entry.entryType === 'payout-scheduled' && entry.pspReference === pspReference,
      );
      expect(scheduled?.amount).toBe(-amount);
    }
    expect(summarise(quarterOf(11, { features: { ...uneventful, abortedPayouts: 2000 } })).funds.closing).toBe(0);
  });

  test('a reserve holds money back', () => {
    const held = [...quarterOf(4, { features: { ...uneventful, reserves: 10_000 } }).dates()].slice(5);
    for (const { summary } of held) expect(summary.funds.closing).toBeGreaterThan(0);
  });

  test('carry the bank text in Denmark and nothing in Norway', () => {
    const salesUnits = [{ handle: 'DK:90601', name: 'Butik', trade: 'web-shop' as const }];
    expect(entriesOf(quarterOf(1, { market: 'DK', salesUnits }), 'funds').find(isPayout)?.reference).toMatch(
      /^02000906010010[1-9]07260$/,
    );
    expect(entriesOf(quarterOf(1), 'funds').find(isPayout)?.reference).toBeNull();
  });

  test('the last date of a period is open when its payout comes later', () => {
    const closed = [...quarterOf(1, { payouts: 'weekly' }).dates()].filter((day) => day.closed).map(({ date }) => date);
    expect(closed.at(-1)).toBe('2026-09-27');
    expect([...quarterOf(1, { payouts: 'monthly' }).dates()].every((day) => day.closed)).toBe(true);
  });
});

describe('fees', () => {
  test('net: what is retained from funds is what the fees account gets, and leaves it at zero', () => {
    fc.assert(
      fc.property(merchantOptions, (options) => {
        for (const { funds, fees, summary } of generateMerchant({ ...options, settlement: 'net' }).dates()) {
          const taken = funds.filter(({ entryType }) => entryType === 'fees-retained');
          const given = fees.filter(({ entryType }) => entryType === 'fees-retained');
          expect(given.map(({ pspReference, amount }) => [pspReference, amount])).toEqual(
            taken.map(({ pspReference, amount }) => [pspReference, -amount]),
          );
          expect(summary.fees.closing).toBe(0);
        }
      }),
      runs,
    );
  });

  test('net: given back in excess, they are retained the other way round', () => {
    const retained = entriesOf(quarterOf(2, { capturesPerDay: 3, features: { feeCorrections: 2000 } }), 'funds').filter(
      ({ entryType }) => entryType === 'fees-retained',
    );
    expect(retained.some(({ amount }) => amount > 0)).toBe(true);
    expect(retained.some(({ amount }) => amount < 0)).toBe(true);
  });

  test('gross: invoiced on the last of each month, and funds know nothing of them', () => {
    const merchant = quarterOf(1, { settlement: 'gross', features: uneventful });
    expect(typesOf(entriesOf(merchant, 'funds'))).toEqual(['capture', 'payout-scheduled']);
    const invoices = entriesOf(merchant, 'fees').filter(({ entryType }) => entryType === 'fees-invoiced');
    expect(invoices.map(({ ledgerDate, balanceAfter }) => [ledgerDate, balanceAfter])).toEqual([
      ['2026-07-31', 0],
      ['2026-08-31', 0],
      ['2026-09-30', 0],
    ]);
  });

  test('follow the price list, half an øre rounded up, however late and in however many parts', () => {
    const priceList = { basisPoints: 175, fixed: 100 };
    const merchant = quarterOf(8, { priceList, features: { ...uneventful, lateFees: 2000, splitFees: 2000 } });
    const charged = new Map<string, number>();
    const datesLate: number[] = [];
    const captureDates = new Map<string, PlainDate>();
    for (const { date, funds, fees } of merchant.dates()) {
      for (const { pspReference, entryType } of funds)
        if (entryType === 'capture') captureDates.set(pspReference, date);
      for (const { pspReference, entryType, amount } of fees) {
        if (entryType !== 'capture-fee') continue;
        charged.set(pspReference, (charged.get(pspReference) ?? 0) - amount);
        datesLate.push(
          captureDates.get(pspReference) === date ? 0 : captureDates.get(pspReference) === addDays(date, -1) ? 1 : 2,
        );
      }
    }
    expect(datesLate.filter((late) => late === 1).length).toBeGreaterThan(100);
    expect(datesLate).not.toContain(2);
    const captures = entriesOf(merchant, 'funds').filter(
      ({ entryType, ledgerDate }) => entryType === 'capture' && ledgerDate < '2026-09-30',
    );
    for (const { pspReference, amount } of captures) {
      expect(BigInt(charged.get(pspReference) ?? 0)).toBe((BigInt(amount) * 175n + 5000n) / 10_000n + 100n);
    }
  });
});

describe('the trade', () => {
  test('everything that can happen happens', () => {
    const seen = { funds: new Set<string>(), fees: new Set<string>() };
    for (let seed = 1; seed <= 15; seed += 1) {
      for (const settlement of ['net', 'gross'] as const) {
        const merchant = quarterOf(seed, { settlement });
        for (const account of ['funds', 'fees'] as const) {
          for (const { entryType } of entriesOf(merchant, account)) seen[account].add(entryType);
        }
      }
    }
    expect([...seen.funds].sort()).toEqual([
      'capture',
      'correction',
      'credit-note',
      'fees-retained',
      'goodwill-adjustment',
      'payout-aborted',
      'payout-scheduled',
      'refund',
      'retained-disputed-capture',
      'returned-disputed-capture',
      'top-up',
    ]);
    expect([...seen.fees].sort()).toEqual([
      'capture-fee',
      'correction',
      'credit-note',
      'fees-invoiced',
      'fees-retained',
      'service-fee',
      'terminal-rental',
    ]);
  });

  test('and nothing of it when it is switched off', () => {
    const merchant = quarterOf(1, { features: uneventful });
    expect(typesOf(entriesOf(merchant, 'funds'))).toEqual(['capture', 'fees-retained', 'payout-scheduled']);
    expect(typesOf(entriesOf(merchant, 'fees'))).toEqual(['capture-fee', 'fees-retained']);
  });

  test('no payment is refunded for more than was captured, and never before', () => {
    fc.assert(
      fc.property(merchantOptions, (options) => {
        const captured = new Map<string, number>();
        let lowest = 0;
        for (const { entryType, reference, amount } of entriesOf(generateMerchant(options), 'funds')) {
          if (reference === null || (entryType !== 'capture' && entryType !== 'refund')) continue;
          const left = (captured.get(reference) ?? 0) + amount;
          captured.set(reference, left);
          lowest = Math.min(lowest, left);
        }
        expect(lowest).toBe(0);
      }),
      runs,
    );
  });

  test('a disputed capture is retained and returned by turns, under its own ids', () => {
    const funds = entriesOf(quarterOf(6, { features: { disputes: 500 } }), 'funds');
    const captures = new Map(
      funds.filter(({ entryType }) => entryType === 'capture').map((entry) => [entry.pspReference, entry]),
    );
    const turns = new Map<string, string[]>();
    for (const { entryType, pspReference, reference, amount } of funds) {
      if (!entryType.endsWith('-disputed-capture')) continue;
      const capture = captures.get(pspReference);
      expect([capture?.reference, capture?.amount]).toEqual([reference, Math.abs(amount)]);
      turns.set(pspReference, [...(turns.get(pspReference) ?? []), entryType.slice(0, 8)]);
    }
    const stories = new Set([...turns.values()].map((story) => story.join(' ')));
    expect([...stories].sort()).toEqual([
      'retained',
      'retained returned',
      'retained returned retained',
      'retained returned retained returned',
    ]);
  });

  test('a balance that stays negative is topped up by what was owed the evening before', () => {
    const found: { topUp: number; owed: number }[] = [];
    for (let seed = 1; seed <= 25; seed += 1) {
      let owed = 0;
      for (const { funds, summary } of quarterOf(seed, {
        capturesPerDay: 15,
        features: { cancellations: 300 },
      }).dates()) {
        const topUp = funds.find(({ entryType }) => entryType === 'top-up');
        if (topUp) found.push({ topUp: topUp.amount, owed });
        owed = -summary.funds.closing;
      }
    }
    expect(found.length).toBeGreaterThan(5);
    expect(found.filter(({ topUp, owed }) => topUp !== owed || owed <= 0)).toEqual([]);
  });

  test('a café is closed on Sundays and has no entries then', () => {
    const cafe = quarterOf(1, { salesUnits: [{ handle: 'api:1', name: 'Kafé', trade: 'cafe' }], features: uneventful });
    for (const { date, funds, fees } of cafe.dates()) {
      expect(funds.length + fees.length === 0).toBe(weekday(date) === 'Sunday');
    }
  });

  test('a café sells in opening hours, local time', () => {
    const cafe = quarterOf(1, { salesUnits: [{ handle: 'api:1', name: 'Kafé', trade: 'cafe' }], features: uneventful });
    const hours = entriesOf(cafe, 'funds')
      .filter(({ entryType }) => entryType === 'capture')
      .map(({ time }) => Number(time.slice(11, 13)) + 2);
    expect([Math.min(...hours), Math.max(...hours)]).toEqual([7, 17]);
  });

  test('a bar’s sales on New Year’s night belong to the old year when the cut-off is 04:00', () => {
    const bar = generateMerchant({
      seed: 1,
      market: 'NO',
      ledgerId: '302400',
      from: plainDate('2026-12-31'),
      to: plainDate('2026-12-31'),
      cutoffHour: 4,
      capturesPerDay: 100,
      salesUnits: [{ handle: 'api:1', name: 'Bar', trade: 'bar' }],
      features: uneventful,
    });
    const afterMidnight = entriesOf(bar, 'funds').filter(
      ({ entryType, time }) => entryType === 'capture' && time > '2026-12-31T23:00',
    );
    expect(afterMidnight.length).toBeGreaterThan(10);
    expect(new Set(afterMidnight.map(({ ledgerDate }) => ledgerDate))).toEqual(new Set(['2026-12-31']));
  });

  test.each([
    ['NO', 'NOK'],
    ['DK', 'DKK'],
    ['SE', 'SEK'],
    ['FI', 'EUR'],
  ] as const)('a merchant in %s trades in %s', (market, currency) => {
    const merchant = quarterOf(1, { market });
    expect(merchant.ledger).toMatchObject({ currency, payoutBankAccount: { scheme: `BBAN:${market}` } });
    expect(new Set(entriesOf(merchant, 'funds').map((entry) => entry.currency))).toEqual(new Set([currency]));
  });
});

describe('options', () => {
  test('a period that ends before it starts, and a merchant without sales units, are refused', () => {
    expect(() => quarterOf(1, { to: plainDate('2026-06-30') })).toThrow('ends before it starts');
    expect(() => quarterOf(1, { salesUnits: [] })).toThrow('no sales unit');
  });
});

test('a ledger of a million entries streams through 64 MB of heap', () => {
  const program = `
    import { plainDate } from '@bilag/core';
    import { generateMerchant } from '@bilag/simulator-vipps';
    const period = { from: plainDate('2026-01-01'), to: plainDate('2026-12-31') };
    const merchant = generateMerchant({ seed: 1, market: 'NO', ledgerId: '1', capturesPerDay: 1500, ...period });
    let entries = 0;
    for (const { funds, fees } of merchant.dates()) entries += funds.length + fees.length;
    console.log(entries);`;
  const flags = ['--conditions=@bilag/source', '--max-old-space-size=64', '--input-type=module', '--eval', program];
  const output = execFileSync(process.execPath, flags, {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
  });
  expect(Number(output)).toBeGreaterThan(1_000_000);
});

function weekday(date: PlainDate): string {
  return new Date(date).toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' });
}
