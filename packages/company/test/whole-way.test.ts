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
  type ProviderDocument,
  type Voucher,
} from '@bilag/core';
import type { RecordedInvoice } from '@bilag/engine';
import { camt053Files, type CamtOptions } from '@bilag/simulator-bank';
import { vippsProfile } from '@bilag/vipps';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectedPayouts } from '../src/bank/expected-payouts.ts';
import { matchedBank, type CompanyBank } from '../src/bank/company-bank.ts';
import { FeeWays } from '../src/invoices/fee-ways.ts';
import { invoiceDocuments } from '../src/invoices/invoice-documents.ts';
import { fileStores } from '../src/stores.ts';
import type { Company } from '../src/config/company.ts';
import type { CompanyDates } from '../src/dates/company-dates.ts';
import { proveCompany } from '../src/proof/prove-company.ts';

/* From the sale to the line of the bank statement, whatever the policy says and however it changes on the way. */

const start = plainDate('2026-01-01');
/** The end of a month: what is grouped by payout ends with it. */
const end = plainDate('2026-03-31');
const account = '86011117947';

const unit = fc.record({
  revenue: fc.constantFrom('sales', 'sales', 'receivable', 'already-booked'),
  sale: fc.constantFrom('25', '15', '12'),
  refunds: fc.constant('already-booked'),
  dimensions: fc.constantFrom({}, { department: '10' }),
} as const);
const feeVats = [
  null,
  { kind: 'contained', code: '1', rateBasisPoints: 2500, account: '2710' },
  { kind: 'reverse-charge', code: '86', rateBasisPoints: 2500, account: '2740', deductionAccount: '2711' },
  { kind: 'reverse-charge', code: '87', rateBasisPoints: 2500, account: '2740', deductionAccount: null },
] as const;
const version = fc.record({
  market: fc.constant('NO' as const),
  language: fc.constantFrom('nb', 'en', 'fi'),
  series: fc.constantFrom('VIPPS', 'V'),
  sales: unit,
  salesUnits: fc.constantFrom({}, { 'NO:57860': { sale: '15' } }, { 'NO:57860': { sale: '25', revenue: 'sales' } }),
  invoices: fc.constantFrom({}, {}, { 'order-2': { account: '1500', customer: '10001' } }),
  fees: fc.record({ invoiced: fc.constantFrom('accrue', 'on-invoice'), vat: fc.constantFrom(...feeVats) } as const),
  disputes: fc.constantFrom('receivable', 'refund'),
  payouts: fc.constantFrom('direct', 'in-transit'),
  accounts: fc.record({
    bank: fc.constantFrom('1920', '1921'),
    fee: fc.constantFrom('7770', '7771'),
    disputed: fc.constantFrom('1578', '1577'),
    receivable: fc.constantFrom('1500', '1501'),
    payable: fc.constantFrom('2400', '2401'),
  }),
  lines: fc.constantFrom('entry', 'summary'),
  grouping: fc.constantFrom('date', 'payout', 'entry'),
} as const);

/** How the fee reaches us, and what settles it. */
const ways = ['told', 'retained', 'beside the sale', 'by invoice alone', 'withheld'] as const;
type Way = (typeof ways)[number];

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
    customers: { '10001': { name: 'Ola' } },
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

/** A sale that is refunded, one that is disputed and won, a fee that is settled, and a payout: each on its days. */
function ledgerDates({ refunded, kept, fee, payout }: Amounts, at: readonly number[], way: Way): LedgerDate[] {
  const isRead = way !== 'by invoice alone' && way !== 'withheld';
  const isKept = way === 'retained' || way === 'withheld';
  const facts = [
    ['funds', 'capture', refunded, 'order-1', 's1', at[0]],
    ['funds', 'capture', kept, 'order-2', 's2', at[1]],
    ...(isRead ? [['fees', 'capture-fee', -fee, null, 's2', at[2]] as const] : []),
    ['funds', 'retained-disputed-capture', -kept, 'order-2', 's2', at[3]],
    ['funds', 'refund', -refunded, 'order-1', 's3', at[4]],
    ['funds', 'payout-scheduled', -payout, null, '302321-2000045', at[5]],
    ['funds', 'returned-disputed-capture', kept, 'order-2', 's2', at[6]],
    ...(way === 'told' ? [['fees', 'fees-invoiced', fee, null, 's4', at[7]] as const] : []),
    ...(isKept ? [['funds', 'fees-retained', -fee, null, 's4', at[7]] as const] : []),
    ...(isKept && isRead ? [['fees', 'fees-retained', fee, null, 's4', at[7]] as const] : []),
  ] as const;
  const entries = facts.map(([on, type, moved, reference, pspReference, day = 0], index) =>
    ledgerEntry({
      ledgerId: '302321',
      account: on,
      ledgerDate: addDays(start, day),
      type,
      amount: amount(moved),
      currency: 'NOK',
      pspReference,
      reference,
      salesUnit: reference === null ? null : 'NO:57860',
      time: `2026-01-01T10:00:0${index}Z`,
    }),
  );
  const fees = { closed: true, ...(way === 'beside the sale' ? { accrued: true } : {}) };
  return Array.from({ length: 90 }, (_, day): LedgerDate => {
    const date = addDays(start, day);
    return {
      ledgerId: '302321',
      date,
      currency: 'NOK',
      profile: vippsProfile,
      accounts: { funds: { closed: true }, ...(isRead ? { fees } : {}) },
      entries: entries.filter(({ ledgerDate }) => ledgerDate === date),
    };
  });
}

/** The provider's invoice, as somebody wrote it down: of what funds have paid it is a statement. */
function documentsOf(
  way: Way,
  fee: number,
  date: PlainDate,
  dates: readonly LedgerDate[],
): readonly ProviderDocument[] {
  const total = amount(fee);
  const month =
    (way === 'beside the sale'
      ? dates.find(({ entries }) => entries.some(({ account: on }) => on === 'fees'))?.date
      : date) ?? date;
  const invoice: RecordedInvoice = {
    kind: 'invoice',
    number: 'F-1',
    ledgerId: '302321',
    date,
    month: month.slice(0, 7),
    currency: 'NOK',
    net: total,
    vat: amount(0),
    total,
    fees: {},
    ...(way === 'by invoice alone' ? { settlement: 'gross' } : {}),
    record: 1,
    recordedAt: '',
    takenBackAt: null,
  };
  const feeWays = new FeeWays();
  for (const each of dates) feeWays.take(each);
  const { documents, findings } = invoiceDocuments([invoice], feeWays, () => undefined);
  expect(findings).toEqual([]);
  return documents;
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

const sales = ['3000', '3020', '3030', '3040', '3050', '2700', '2701', '2702', '2703', '1500', '1501'];

test('a refunded sale leaves nothing, a won dispute the sale, a payout the bank, and a fee one cost; and the proof closes', async () => {
  const amounts = fc.record({ refunded: value, kept: value, fee: value, payout: value });
  const bankDays = fc.integer({ min: 0, max: 5 });
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(changes, fc.constantFrom(...ways)),
      amounts,
      days,
      bankDays,
      camt,
      async ([input, way], sums, at, later, options) => {
        const policy = definePolicy(input);
        const dates = ledgerDates(sums, at, way);
        const arrives = addDays(start, (at[5] ?? 0) + later);
        const bank = await bankOf(policy, dates, arrives, sums.payout, options);
        expect(bank.findings).toEqual([]);
        expect(bank.facts.map((fact) => fact.amount)).toEqual([sums.payout]);
        const documents = documentsOf(way, sums.fee, addDays(start, at[7] ?? 0), dates);
        const until = (): AsyncIterable<LedgerDate> => weaveFacts(dates, { bankLines: bank.facts, documents });
        const vouchers = (await Array.fromAsync(book(until(), policy))).flatMap((booked) => booked.vouchers);
        const left = (...accounts: readonly string[]): number => totalOn(vouchers, ...accounts);
        const ours = policy.versions[0].accounts;
        expect(left(...sales)).toBe(isBookedElsewhere(policy, addDays(start, at[1] ?? 0)) ? 0 : -sums.kept);
        expect(left('1920', '1921')).toBe(sums.payout);
        expect(left(ours.inTransit)).toBe(0);
        expect(left('7770', '7771', '2710', '2711', '2740')).toBe(sums.fee);
        expect(left('2400', '2401')).toBe(way === 'retained' || way === 'withheld' ? 0 : -sums.fee);
        expect(left(ours.feesPayable)).toBe(0);
        expect(left('1577', '1578', ours.suspense)).toBe(0);

        const company = {
          id: 'kafe',
          name: 'Kafé',
          organisationNumber: '987654321',
          currency: 'NOK',
          country: 'NO',
          policy,
          targets: {},
          delivery: '/nowhere/kafe.sqlite',
          stores: fileStores,
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

/** Another system books the captures of that day. */
function isBookedElsewhere({ versions }: Policy, date: PlainDate): boolean {
  const { salesUnits, sales: others, invoices } = versions.findLast(({ from }) => from <= date) ?? versions[0];
  const { revenue } = salesUnits['NO:57860'] ?? others;
  return revenue === 'already-booked' && invoices['order-2'] === undefined;
}
