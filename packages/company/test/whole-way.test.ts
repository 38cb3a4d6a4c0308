import { payoutPattern } from '@bilag/bank';
import {
  addDays,
  amount,
  book,
  definePolicy,
  ledgerEntry,
  linesOf,
  plainDate,
  weaveFacts,
  type LedgerDate,
  type PlainDate,
  type Policy,
  type PolicyInput,
  type Voucher,
} from '@bilag/core';
import { camt053Files, type CamtOptions } from '@bilag/simulator-bank';
import { vippsProfile } from '@bilag/vipps';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectedPayouts } from '../src/bank/expected-payouts.ts';
import { matchedBank, type CompanyBank } from '../src/bank/company-bank.ts';
import type { Company } from '../src/config/company.ts';
import type { CompanyDates } from '../src/dates/company-dates.ts';
import { proveCompany } from '../src/proof/prove-company.ts';

/* From the sale to the line of the bank statement, whatever the policy says and however it changes on the way. */

const start = plainDate('2026-01-01');
const end = addDays(start, 80);
const account = '86011117947';

const version = fc.record({
  market: fc.constant('NO' as const),
  sales: fc.record({ sale: fc.constantFrom('25', '15', '12') }),
  fees: fc.record({ invoiced: fc.constantFrom('accrue', 'on-invoice') } as const),
  disputes: fc.constantFrom('receivable', 'refund'),
  payouts: fc.constantFrom('direct', 'in-transit'),
  accounts: fc.record({ bank: fc.constantFrom('1920', '1921'), fee: fc.constantFrom('7770', '7771') }),
  lines: fc.constantFrom('entry', 'summary'),
  grouping: fc.constantFrom('date', 'entry'),
} as const);

const changes: fc.Arbitrary<PolicyInput> = fc
  .tuple(
    version,
    fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 70 }), version), { maxLength: 3, selector: ([day]) => day }),
  )
  .map(([first, later]) => ({
    versions: [
      { ...first, from: start },
      ...later.toSorted(([a], [b]) => a - b).map(([day, written]) => ({ ...written, from: addDays(start, day) })),
    ],
  }));

const value = fc.integer({ min: 100, max: 1_000_000 });
const days = fc
  .array(fc.integer({ min: 0, max: 70 }), { minLength: 8, maxLength: 8 })
  .map((all) => all.toSorted((a, b) => a - b));
const camt = fc.record({
  version: fc.constantFrom('02', '08'),
  textIn: fc.constantFrom('AddtlTxInf', 'Ustrd', 'two-Ustrd', 'AddtlNtryInf'),
  per: fc.constantFrom('day', 'month'),
} as const);

interface Amounts {
  readonly refunded: number;
  readonly kept: number;
  readonly fee: number;
  readonly payout: number;
}

/** A sale that is refunded, one that is disputed and won, a fee that is invoiced, and a payout: each on its days. */
function ledgerDates({ refunded, kept, fee, payout }: Amounts, at: readonly number[]): LedgerDate[] {
  const facts = [
    ['funds', 'capture', refunded, 'order-1', 's1'],
    ['funds', 'capture', kept, 'order-2', 's2'],
    ['fees', 'capture-fee', -fee, null, 's2'],
    ['funds', 'retained-disputed-capture', -kept, 'order-2', 's2'],
    ['funds', 'refund', -refunded, 'order-1', 's3'],
    ['funds', 'payout-scheduled', -payout, null, '302321-2000045'],
    ['funds', 'returned-disputed-capture', kept, 'order-2', 's2'],
    ['fees', 'fees-invoiced', fee, null, 's4'],
  ] as const;
  const entries = facts.map(([on, type, moved, reference, pspReference], index) =>
    ledgerEntry({
      ledgerId: '302321',
      account: on,
      ledgerDate: addDays(start, at[index] ?? 0),
      type,
      amount: amount(moved),
      currency: 'NOK',
      pspReference,
      reference,
      salesUnit: type === 'capture' ? 'NO:57860' : null,
      time: `2026-01-01T10:00:0${index}Z`,
    }),
  );
  return Array.from({ length: 81 }, (_, day): LedgerDate => {
    const date = addDays(start, day);
    return {
      ledgerId: '302321',
      date,
      currency: 'NOK',
      profile: vippsProfile,
      accounts: { funds: { closed: true }, fees: { closed: true } },
      entries: entries.filter(({ ledgerDate }) => ledgerDate === date),
    };
  });
}

/** The bank, from the file it delivers to the facts that are booked. */
async function bankOf(
  policy: Policy,
  dates: readonly LedgerDate[],
  arrives: PlainDate,
  payout: number,
  options: CamtOptions,
): Promise<CompanyBank> {
  const payments = [
    { on: arrives, amount: amount(payout), text: 'Utb. 2000045 Vippsnr 57860', counterparty: 'Vipps MobilePay AS' },
  ];
  const files = camt053Files(
    { number: account, currency: 'NOK', from: start, to: end, payments, otherRows: 1 },
    options,
  );
  const kept = files.map(({ bytes, name }) => ({ bytes, name, account: null, digest: name, importedAt: '' }));
  const about = { country: 'NO', policy, bankAccounts: { '302321': [account] } } as const;
  const { habits, units, ...expected } = await expectedPayouts(about, streamOf(dates), () => []);
  return matchedBank({ files: kept, decisions: [], pattern: payoutPattern(habits, units), ...expected });
}

async function* streamOf<Item>(items: readonly Item[]): AsyncGenerator<Item, void, undefined> {
  yield* items;
}

function totalOn(vouchers: readonly Voucher[], ...accounts: readonly string[]): number {
  const lines = vouchers.flatMap((voucher) => linesOf(voucher, 'explicit'));
  return lines.filter((line) => accounts.includes(line.account)).reduce((total, line) => total + line.amount, 0);
}

test('a refunded sale leaves nothing, a won dispute the sale, a payout the bank, and a fee one cost; and the proof closes', async () => {
  const amounts = fc.record({ refunded: value, kept: value, fee: value, payout: value });
  await fc.assert(
    fc.asyncProperty(
      changes,
      amounts,
      days,
      fc.integer({ min: 0, max: 5 }),
      camt,
      async (input, sums, at, later, options) => {
        const policy = definePolicy(input);
        const dates = ledgerDates(sums, at);
        const arrives = addDays(start, (at[5] ?? 0) + later);
        const bank = await bankOf(policy, dates, arrives, sums.payout, options);
        expect(bank.findings).toEqual([]);
        expect(bank.facts.map((fact) => fact.amount)).toEqual([sums.payout]);
        const until = (): AsyncIterable<LedgerDate> => weaveFacts(dates, { bankLines: bank.facts });
        const vouchers = (await Array.fromAsync(book(until(), policy))).flatMap((booked) => booked.vouchers);
        const sales = ['3000', '3020', '3030', '3040', '3050', '2700', '2701', '2702', '2703'];
        expect(totalOn(vouchers, ...sales)).toBe(-sums.kept);
        expect(totalOn(vouchers, '1920', '1921')).toBe(sums.payout);
        expect(totalOn(vouchers, policy.versions[0].accounts.inTransit)).toBe(0);
        expect(totalOn(vouchers, '7770', '7771')).toBe(sums.fee);
        expect(totalOn(vouchers, policy.versions[0].accounts.feesPayable)).toBe(0);
        expect(totalOn(vouchers, policy.versions[0].accounts.disputed)).toBe(0);

        const company = {
          id: 'kafe',
          name: 'Kafé',
          organisationNumber: '987654321',
          currency: 'NOK',
          country: 'NO',
          policy,
          targets: {},
          delivery: '/nowhere/kafe.sqlite',
          bankAccounts: {},
        };
        const companyDates = { last: end, until, lookUps: {}, bank: async () => bank };
        const proof = await proveCompany(company as unknown as Company, companyDates as unknown as CompanyDates, {
          period: { from: start, to: end },
          targets: [],
        });
        expect(proof.findings).toEqual([]);
        expect(proof.isProved).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});
