import {
  addDays,
  amount,
  book,
  definePolicy,
  lastDayOfMonth,
  ledgerEntry,
  plainDate,
  weaveFacts,
  type EntryFacts,
  type LedgerDate,
  type PlainDate,
  type PolicyInput,
  type Voucher,
} from '@bilag/core';
import type { RecordedInvoice } from '@bilag/engine';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FeeWays, type FeeReading } from '../src/invoices/fee-ways.ts';
import { invoiceDocuments } from '../src/invoices/invoice-documents.ts';

/* A fee is one cost and one debt, however its invoice reaches us: told by the ledger, written down by a person, or both. */

const start = plainDate('2026-01-01');
const days = 120;

function invoiceOf(month: string, date: PlainDate, total: number, record: number): RecordedInvoice {
  const value = amount(total);
  const none = amount(0);
  return {
    kind: 'invoice',
    number: `F-${record}`,
    ledgerId: '302321',
    date,
    month,
    currency: 'NOK',
    net: value,
    vat: none,
    total: value,
    fees: { 'capture-fee': { net: value, vat: none } },
    settlement: 'gross',
    record,
    recordedAt: '',
    takenBackAt: null,
  };
}

const entry = (on: PlainDate, type: string, value: number, of: string): EntryFacts => ({
  ledgerId: '302321',
  account: 'fees',
  ledgerDate: on,
  type,
  amount: amount(value),
  currency: 'NOK',
  pspReference: `${of}-${on}`,
  reference: null,
  salesUnit: null,
  time: null,
});

const months = ['2026-01', '2026-02', '2026-03'].map((month) => plainDate(`${month}-01`));
const twist = fc.record({
  fee: fc.integer({ min: 1, max: 500 }),
  /** When the ledger tells the invoice, and what date stands on it: days after the month. */
  told: fc.integer({ min: 0, max: 6 }),
  written: fc.integer({ min: 0, max: 9 }),
  isRecorded: fc.boolean(),
});
const reading = fc.constantFrom<FeeReading>('own-account', 'accrued', 'not-read');
const policies: fc.Arbitrary<PolicyInput> = fc
  .tuple(
    ...([1, 2] as const).map(() => fc.constantFrom('accrue' as const, 'on-invoice' as const)),
    fc.integer({ min: 5, max: 110 }),
  )
  .map(([first, second, day]) => ({
    versions: [
      { from: start, market: 'NO', sales: { sale: '25' }, fees: { invoiced: first as 'accrue' } },
      {
        from: addDays(start, day as number),
        market: 'NO',
        sales: { sale: '25' },
        fees: { invoiced: second as 'accrue' },
      },
    ],
  }));

function totals(vouchers: readonly Voucher[], account: string): number {
  const lines = vouchers.flatMap((voucher) => voucher.lines);
  return lines.filter((line) => line.account === account).reduce((total, line) => total + line.amount, 0);
}

test('the entry that tells an invoice and the document of it are never both booked, whenever the fees account is read', async () => {
  const cases = fc.tuple(
    reading,
    reading,
    fc.integer({ min: 0, max: days }),
    fc.array(twist, { minLength: 3, maxLength: 3 }),
  );
  await fc.assert(
    fc.asyncProperty(cases, policies, async ([before, after, switched, twists], input) => {
      const change = addDays(start, switched);
      const readingOf = (date: PlainDate): FeeReading => (date < change ? before : after);
      const entries: EntryFacts[] = [];
      const invoices: RecordedInvoice[] = [];
      const demanded: {
        readonly total: number;
        readonly isTold: boolean;
        readonly isRecorded: boolean;
        readonly isOwn: boolean;
      }[] = [];
      for (const [index, { fee, told, written, isRecorded }] of twists.entries()) {
        const first = months[index] ?? start;
        const [tellingDate, date] = [addDays(lastDayOfMonth(first), told), addDays(lastDayOfMonth(first), written)];
        // Equal amounts in neighbouring months are the hardest.
        const total = 10 * (fee % 3) + 10;
        if (readingOf(first) !== 'not-read') entries.push(entry(first, 'capture-fee', -total, `c${index}`));
        const isTold = readingOf(tellingDate) === 'own-account';
        if (isTold) entries.push(entry(tellingDate, 'fees-invoiced', total, `i${index}`));
        if (isRecorded) invoices.push(invoiceOf(first.slice(0, 7), date, total, index + 1));
        demanded.push({ total, isTold, isRecorded, isOwn: readingOf(date) === 'own-account' });
      }
      const dates = Array.from({ length: days }, (_, day): LedgerDate => {
        const date = addDays(start, day);
        const is = readingOf(date);
        const accrued = is === 'accrued' ? { accrued: true } : {};
        return {
          ledgerId: '302321',
          date,
          currency: 'NOK',
          accounts: { funds: { closed: true }, ...(is === 'not-read' ? {} : { fees: { closed: true, ...accrued } }) },
          entries: [
            ...entries.filter(({ ledgerDate }) => ledgerDate === date),
            // So that a date on which only funds are read is known for one.
            { ...entry(date, 'capture', 100, 's'), account: 'funds' as const },
          ].map(ledgerEntry),
        };
      });
      const ways = new FeeWays();
      for (const date of dates) ways.take(date);
      const { documents, findings } = invoiceDocuments(invoices, ways, () => undefined);
      expect(findings).toEqual([]);
      const booked = await Array.fromAsync(book(weaveFacts(dates, { documents }), definePolicy(input)));
      const vouchers = booked.flatMap((each) => each.vouchers);
      const owed = demanded.filter(({ isTold, isRecorded, isOwn }) => isTold || (isRecorded && !isOwn));
      expect(totals(vouchers, '2400') + owed.reduce((total, each) => total + each.total, 0)).toBe(0);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['nobody says', undefined, [], 'invoice-settlement-unknown'],
  ['the config says gross', 'gross', [], undefined],
  ['the funds have paid: a statement', undefined, ['fees-retained'], undefined],
  ['the config says gross, and the funds have paid', 'gross', ['fees-retained'], 'invoice-settlement-differs'],
] as const)('an invoice from before invoices said how they are settled: %s', (_, configured, types, code) => {
  const { settlement: _said, ...invoice } = invoiceOf('2026-01', plainDate('2026-01-31'), 500, 1);
  const ways = new FeeWays();
  for (const date of [start, plainDate('2026-02-05')]) {
    const entries = types.map((type) => ledgerEntry({ ...entry(date, type, -100, 'r'), account: 'funds' }));
    const capture = ledgerEntry({ ...entry(date, 'capture', 100, 's'), account: 'funds' });
    ways.take({
      ledgerId: '302321',
      date,
      currency: 'NOK',
      accounts: { funds: { closed: true } },
      entries: [...entries, capture],
    });
  }
  const made = invoiceDocuments([invoice], ways, () => configured);
  expect(made.findings.map((finding) => finding.code)).toEqual(code === undefined ? [] : [code]);
  expect(made.documents).toHaveLength(configured === 'gross' && code === undefined ? 1 : 0);
});
