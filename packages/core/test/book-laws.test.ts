import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isDeliverable,
  linesOf,
  type BookedDate,
  type LedgerDate,
  type LedgerEntry,
  type PolicyInput,
  type Voucher,
} from '../src/index.ts';
import { generatedLedger, type GeneratedLedger } from './generated-ledger.ts';
import { booked } from './ledger-text.ts';
import { runs } from './property-runs.ts';

const withChoice = (written: PolicyInput, choice: object): PolicyInput => ({
  ...written,
  versions: written.versions.map((version) => ({ ...version, ...choice })),
});
const groupings = ['date', 'payout', 'entry'] as const;
const vouchersOf = (dates: readonly BookedDate[]): Voucher[] => dates.flatMap((date) => date.vouchers);

function accountTotals(vouchers: readonly Voucher[]): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const { account, amount } of vouchers.flatMap((voucher) => voucher.lines))
    totals[account] = (totals[account] ?? 0) + amount;
  return Object.fromEntries(Object.entries(totals).filter(([, total]) => total !== 0));
}

describe('the laws of the books, over generated ledgers', () => {
  test('every fact is in exactly one voucher, or in a finding that says why not', async () => {
    await fc.assert(
      fc.asyncProperty(generatedLedger, fc.constantFrom(...groupings), async (ledger, grouping) => {
        const dates = await booked(ledger.dates, withChoice(ledger.policy, { grouping }));
        const inVouchers = vouchersOf(dates).flatMap((voucher) => voucher.facts);
        expect(new Set(inVouchers).size).toBe(inVouchers.length);
        const known = new Set([
          ...inVouchers,
          ...dates.flatMap((date) => date.findings).flatMap((finding) => finding.facts ?? []),
        ]);
        expect(ledger.dates.flatMap((date) => date.entries).filter((entry) => !known.has(entry.id))).toEqual([]);
      }),
      runs(1000),
    );
  });

  test('every voucher balances, gross and with its VAT written out, and no line is zero', async () => {
    await fc.assert(
      fc.asyncProperty(generatedLedger, fc.constantFrom(...groupings), async (ledger, grouping) => {
        for (const voucher of vouchersOf(await booked(ledger.dates, withChoice(ledger.policy, { grouping })))) {
          for (const view of ['gross', 'explicit'] as const) {
            const lines = linesOf(voucher, view);
            expect(lines.reduce((total, line) => total + BigInt(line.amount), 0n)).toBe(0n);
            expect(lines.every((line) => line.amount !== 0)).toBe(true);
          }
        }
      }),
      runs(1000),
    );
  });

  test('the balance law holds on every date: clearing is the funds balance, fees payable the fees balance', async () => {
    await fc.assert(
      fc.asyncProperty(generatedLedger, async (ledger) => {
        const dates = await booked(ledger.dates, ledger.policy);
        let clearing = ledger.policy.openings?.['700001']?.funds ?? 0;
        let feesPayable = 0;
        for (const [index, date] of dates.entries()) {
          expect(isDeliverable(date)).toBe(true);
          const accounts = accountTotals(date.vouchers);
          clearing += accounts['1579'] ?? 0;
          feesPayable += accounts['2960'] ?? 0;
          const told = lastBalances(ledger, index);
          expect(clearing + date.balances[0].preBooked).toBe(told.funds);
          expect(ledger.fees ? feesPayable : told.fees).toBe(told.fees);
        }
      }),
      runs(1000),
    );
  });

  test('order inside a date, page size and re-delivery change nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        generatedLedger,
        fc.constantFrom(...groupings),
        fc.infiniteStream(fc.nat()),
        async (ledger, grouping, random) => {
          const choices = withChoice(ledger.policy, { grouping });
          const shuffled = ledger.dates.map((date): LedgerDate => {
            const again = [...date.entries, ...date.entries.filter(() => random.next().value % 3 === 0)];
            const order = new Map(again.map((_, index) => [index, random.next().value]));
            return {
              ...date,
              entries: again
                .map((_, index) => index)
                .sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
                .map((index) => again[index] as LedgerDate['entries'][0]),
            };
          });
          expect(vouchersOf(await booked(shuffled, choices))).toEqual(vouchersOf(await booked(ledger.dates, choices)));
        },
      ),
      runs(1000),
    );
  });

  test('by date, payout or entry: gross totals are equal where a payout ends everything', async () => {
    await fc.assert(
      fc.asyncProperty(generatedLedger, async (ledger) => {
        const last = ledger.dates.findLastIndex((date) =>
          date.entries.some((entry) => entry.type === 'payout-scheduled' && entry.amount !== 0),
        );
        const whole = ledger.dates.slice(0, last + 1);
        const totals = await Promise.all(
          groupings.map(async (grouping) =>
            accountTotals(vouchersOf(await booked(whole, withChoice(ledger.policy, { grouping })))),
          ),
        );
        expect(totals[1]).toEqual(totals[0]);
        expect(totals[2]).toEqual(totals[0]);
      }),
      runs(1000),
    );
  });

  test('summary lines have the gross of entry lines, and VAT within half an øre an entry', async () => {
    await fc.assert(
      fc.asyncProperty(generatedLedger, async (ledger) => {
        const [entries, summary] = await Promise.all(
          (['entry', 'summary'] as const).map(async (lines) =>
            vouchersOf(await booked(ledger.dates, withChoice(ledger.policy, { lines }))),
          ),
        );
        expect(accountTotals(summary as Voucher[])).toEqual(accountTotals(entries as Voucher[]));
        const vat = (vouchers: readonly Voucher[]): number =>
          vouchers.flatMap((voucher) => voucher.lines).reduce((total, line) => total + (line.vat?.amount ?? 0), 0);
        const count = ledger.dates.flatMap((date) => date.entries).length;
        expect(Math.abs(vat(summary as Voucher[]) - vat(entries as Voucher[]))).toBeLessThanOrEqual(count);
      }),
      runs(1000),
    );
  });

  test('split by a shape, the parts hold the same lines, each within the limit and in its own key', async () => {
    await fc.assert(
      fc.asyncProperty(generatedLedger, fc.integer({ min: 2, max: 6 }), async (ledger, maxLines) => {
        const choices = withChoice(ledger.policy, { lines: 'entry' });
        const whole = vouchersOf(await booked(ledger.dates, choices));
        const parts = vouchersOf(
          await booked(ledger.dates, choices, { shape: { documents: ['sale', 'journal'], maxLines } }),
        );
        expect(accountTotals(parts)).toEqual(accountTotals(whole));
        expect(parts.every((voucher) => voucher.lines.length <= maxLines)).toBe(true);
        expect(new Set(parts.map((voucher) => voucher.key)).size).toBe(parts.length);
      }),
      runs(1000),
    );
  });

  test('an unknown type of amount x moves its own account by exactly x, against suspense', async () => {
    await fc.assert(
      fc.asyncProperty(generatedLedger, async (ledger) => {
        const unknown = ledger.dates
          .flatMap((date) => date.entries)
          .filter((entry) => entry.type === 'market-bonus' || entry.type === 'loyalty');
        // Taken out of their chain, the entries cannot be checked against it: they are delivered without balances.
        const dates = ledger.dates.map((date) => ({
          ...date,
          entries: date.entries.filter((entry) => unknown.includes(entry)).map(withoutBalances),
        }));
        const totals = accountTotals(vouchersOf(await booked(dates, ledger.policy)));
        const moved = (account: string): number =>
          unknown.filter((entry) => entry.account === account).reduce((total, entry) => total + entry.amount, 0);
        expect([totals['1579'] ?? 0, totals['2960'] ?? 0, totals['2999'] ?? 0]).toEqual([
          moved('funds') + 0,
          moved('fees') + 0,
          0 - moved('funds') - moved('fees'),
        ]);
      }),
      runs(1000),
    );
  });
});

function withoutBalances({ balanceBefore, balanceAfter, ...entry }: LedgerEntry): LedgerEntry {
  expect(balanceAfter).toBe((balanceBefore ?? 0) + entry.amount);
  return entry;
}

function lastBalances(ledger: GeneratedLedger, index: number): { funds: number; fees: number } {
  const upTo = ledger.dates.slice(0, index + 1).flatMap((date) => date.entries);
  const last = (account: string, opening: number): number =>
    upTo.findLast((entry) => entry.account === account)?.balanceAfter ?? opening;
  return { funds: last('funds', ledger.policy.openings?.['700001']?.funds ?? 0), fees: last('fees', 0) };
}
