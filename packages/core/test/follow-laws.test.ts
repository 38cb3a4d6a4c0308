import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  amount,
  ledgerEntry,
  linesOf,
  plainDate,
  type BankLine,
  type BookedDate,
  type BookOptions,
  type LedgerDate,
  type LedgerEntry,
  type PolicyInput,
} from '../src/index.ts';
import type { PolicyVersionInput } from '../src/policy/policy.ts';
import { booked } from './ledger-text.ts';
import { runs } from './property-runs.ts';

/* Whatever a policy says and however it changes: what takes something back leaves nothing of it. */

const rate = fc.constantFrom(2500, 1500, 1200, 600, 1111, 0);
const vat = fc.record({
  rateBasisPoints: rate,
  code: fc.constantFrom('3', '31', '33'),
  account: fc.constantFrom('3000', '3010'),
});
const unit = fc.record({
  revenue: fc.constantFrom('sales', 'sales', 'receivable', 'already-booked'),
  sale: fc.constantFrom('a', 'b'),
  refunds: fc.constant('already-booked'),
  dimensions: fc.constantFrom({}, { department: '10' }),
} as const);
const version = fc
  .record({
    vat: fc.record({ a: vat, b: vat }),
    sales: unit,
    salesUnits: fc.constantFrom({}, { 'api:1': { sale: 'a' } }, { 'api:1': { sale: 'b', revenue: 'sales' } }),
    invoices: fc.constantFrom({}, {}, { 'order-1': { account: '1500', customer: '10001' } }),
    fees: fc.record({ invoiced: fc.constantFrom('accrue', 'on-invoice') }),
    disputes: fc.constantFrom('receivable', 'refund'),
    payouts: fc.constantFrom('direct', 'in-transit'),
    accounts: fc.record({
      bank: fc.constantFrom('1920', '1921'),
      disputed: fc.constantFrom('1578', '1577'),
      receivable: fc.constantFrom('1500', '1501'),
      fee: fc.constantFrom('7770', '7771'),
    }),
    lines: fc.constantFrom('entry', 'summary'),
    grouping: fc.constantFrom('date', 'entry'),
  } as const)
  .map((written) => ({
    ...written,
    market: 'NO' as const,
    vat: Object.fromEntries(
      Object.entries(written.vat).map(([name, treatment]) => [
        name,
        { ...treatment, vatAccount: treatment.rateBasisPoints === 0 ? null : `27${treatment.rateBasisPoints}` },
      ]),
    ),
  }));

const start = plainDate('2026-01-01');
/** A policy that changes some times within two months. */
const changes: fc.Arbitrary<PolicyInput> = fc
  .record({
    first: version,
    later: fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 60 }), version), {
      maxLength: 3,
      selector: ([day]) => day,
    }),
  })
  .map(({ first, later }) => ({
    versions: [
      { ...first, from: start },
      ...later.sort(([a], [b]) => a - b).map(([day, written]) => ({ ...written, from: addDays(start, day) })),
    ] satisfies PolicyVersionInput[],
  }));

const day = fc.integer({ min: 0, max: 70 });
const days = (count: number): fc.Arbitrary<number[]> =>
  fc.array(day, { minLength: count, maxLength: count }).map((all) => all.sort((a, b) => a - b));
const value = fc.integer({ min: 1, max: 1_000_000 });

interface Fact {
  readonly day: number;
  readonly type: string;
  readonly value: number;
  readonly psp?: string;
  readonly account?: 'funds' | 'fees';
}

/** A ledger with one payment, its facts on their days. */
function dated(facts: readonly Fact[], bankLines: readonly BankLine[] = []): LedgerDate[] {
  const entries = facts.map((fact, index): LedgerEntry =>
    ledgerEntry({
      ledgerId: '302321',
      account: fact.account ?? 'funds',
      ledgerDate: addDays(start, fact.day),
      type: fact.type,
      amount: amount(fact.value),
      currency: 'NOK',
      pspReference: fact.psp ?? `p${index}`,
      reference: 'order-1',
      salesUnit: 'api:1',
      time: `2026-01-01T10:00:${String(index).padStart(2, '0')}Z`,
    }),
  );
  const all = [...new Set([...entries.map((entry) => entry.ledgerDate), ...bankLines.map((line) => line.date)])];
  return all.sort().map((date) => ({
    ledgerId: '302321',
    date,
    currency: 'NOK',
    accounts: { funds: { closed: true }, fees: { closed: true } },
    entries: entries.filter((entry) => entry.ledgerDate === date),
    bankLines: bankLines.filter((line) => line.date === date),
  }));
}

function left(dates: readonly BookedDate[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const line of dates.flatMap((date) => date.vouchers).flatMap((voucher) => linesOf(voucher, 'explicit'))) {
    const place = [line.account, ...Object.values(line.dimensions ?? {})].join(' ');
    sums[place] = (sums[place] ?? 0) + line.amount;
  }
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0));
}

/** The books twice: remembering what was seen, and looking it up. They are the same. */
async function bothWays(dates: readonly LedgerDate[], policy: PolicyInput): Promise<readonly BookedDate[]> {
  const lookUp: BookOptions = {
    originals: (references) =>
      dates
        .flatMap((date) => date.entries)
        .filter(({ pspReference, reference }) =>
          [pspReference, reference].some((name) => name !== null && references.includes(name)),
        ),
  };
  const remembering = await booked(dates, policy);
  expect(await booked(dates, policy, lookUp)).toEqual(remembering);
  expect(remembering.flatMap((date) => date.findings).filter(({ severity }) => severity !== 'info')).toEqual([]);
  return remembering;
}

describe('across any change of any policy', () => {
  test('a sale and its refund, whole or in parts that come to it, leave nothing but their rounding', async () => {
    await fc.assert(
      fc.asyncProperty(changes, days(4), fc.tuple(value, value, value), async (policy, on, parts) => {
        const [sold = 0, ...back] = on;
        const facts = [
          { day: sold, type: 'capture', value: parts[0] + parts[1] + parts[2] },
          ...parts.map((part, index) => ({ day: back[index] ?? sold, type: 'refund', value: -part })),
        ];
        const rest = left(await bothWays(dated(facts), policy));
        expect(Object.values(rest).reduce((sum, one) => sum + one, 0)).toBe(0);
        expect(Object.values(rest).every((one) => Math.abs(one) <= 2)).toBe(true);
        const whole = dated([
          facts[0] as Fact,
          { day: back[0] ?? 0, type: 'refund', value: -(facts[0] as Fact).value },
        ]);
        expect(left(await bothWays(whole, policy))).toEqual({});
      }),
      runs(300),
    );
  });

  test('a payment captured in two parts and refunded whole leaves nothing, or a finding and suspense', async () => {
    await fc.assert(
      fc.asyncProperty(changes, days(3), value, value, async (policy, on, one, other) => {
        const [first = 0, second = 0, back = 0] = on;
        const books = await booked(
          dated([
            { day: first, type: 'capture', value: one },
            { day: second, type: 'capture', value: other },
            { day: back, type: 'refund', value: -one - other },
          ]),
          policy,
        );
        const isClear = books.every((date) => date.findings.every(({ code }) => code !== 'original-unclear'));
        const rest = left(books);
        const isNothing = Object.values(rest).every((sum) => Math.abs(sum) <= 1);
        expect(isClear ? isNothing : rest['2999']).toBe(isClear ? true : one + other);
      }),
      runs(300),
    );
  });

  test('a dispute that is held and returned, once or twice, leaves the sale alone but for its rounding', async () => {
    await fc.assert(
      fc.asyncProperty(changes, days(5), value, async (policy, on, sale) => {
        const fact = (index: number, type: string, own: number): Fact => ({
          day: on[index] ?? 0,
          type,
          value: own,
          psp: 'p1',
        });
        const sold = [fact(0, 'capture', sale)];
        const cycle = (index: number): Fact[] => [
          fact(index, 'retained-disputed-capture', -sale),
          fact(index + 1, 'returned-disputed-capture', sale),
        ];
        const books = left(await bothWays(dated([...sold, ...cycle(1), ...cycle(3)]), policy));
        const alone = left(await booked(dated(sold), policy));
        // VAT is computed per line: two disputes on one line of a day may be an øre beside the two of two days.
        const rest = [...new Set([...Object.keys(books), ...Object.keys(alone)])].map(
          (place) => (books[place] ?? 0) - (alone[place] ?? 0),
        );
        expect(rest.reduce((sum, one) => sum + one, 0)).toBe(0);
        expect(rest.every((one) => Math.abs(one) <= 1)).toBe(true);
      }),
      runs(300),
    );
  });

  test('a payout that arrives is on the bank once, one that is aborted is nowhere', async () => {
    await fc.assert(
      fc.asyncProperty(changes, days(2), value, fc.boolean(), async (policy, on, paid, isNamed) => {
        const [first = 0, second = 0] = on;
        const psp = '302321-2000001';
        const scheduled: Fact = { day: first, type: 'payout-scheduled', value: -paid, psp };
        const line: BankLine = {
          id: 'b1',
          ledgerId: '302321',
          date: addDays(start, second),
          amount: amount(paid),
          currency: 'NOK',
          text: null,
          payoutReference: isNamed ? psp : null,
        };
        const arrived = left(await bothWays(dated([scheduled], [line]), policy));
        const { '1920': own = 0, '1921': other = 0, ...rest } = arrived;
        expect([own + other, rest]).toEqual([paid, { '1579': -paid }]);
        const aborted: Fact = { day: second, type: 'payout-aborted', value: paid, psp: isNamed ? psp : 'x' };
        const books = await booked(dated([scheduled, aborted]), policy);
        expect(left(books)).toEqual({});
      }),
      runs(300),
    );
  });

  test('fees that are invoiced or retained are a cost once, and nothing is owed for them', async () => {
    const settling = fc.constantFrom('invoiced', 'retained');
    await fc.assert(
      fc.asyncProperty(
        changes,
        days(6),
        fc.array(value, { minLength: 4, maxLength: 4 }),
        settling,
        async (policy, on, fees, way) => {
          const charged = (index: number): Fact => ({
            day: on[index] ?? 0,
            type: 'capture-fee',
            value: -(fees[index] ?? 0),
            account: 'fees',
          });
          const settled = (index: number, own: number): Fact[] =>
            way === 'invoiced'
              ? [{ day: on[index] ?? 0, type: 'fees-invoiced', value: own, account: 'fees' }]
              : [
                  { day: on[index] ?? 0, type: 'fees-retained', value: own, account: 'fees', psp: `r${index}` },
                  { day: on[index] ?? 0, type: 'fees-retained', value: -own, psp: `r${index}` },
                ];
          const [one = 0, two = 0, three = 0, four = 0] = fees;
          const facts = [
            charged(0),
            charged(1),
            ...settled(2, one),
            charged(2),
            charged(3),
            ...settled(5, two + three + four),
          ];
          const { '7770': own = 0, '7771': other = 0, ...rest } = left(await bothWays(dated(facts), policy));
          const cost = one + two + three + four;
          expect(own + other + (rest['7770 10'] ?? 0) + (rest['7771 10'] ?? 0)).toBe(cost);
          expect(rest['2960'] ?? 0).toBe(0);
          expect(way === 'invoiced' ? rest['2400'] : rest['1579']).toBe(-cost);
        },
      ),
      runs(300),
    );
  });
});
