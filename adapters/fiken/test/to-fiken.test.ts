import { amount, containedVat, createVoucher, subtract, type JournalLine, type Voucher } from '@bilag/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AccountMap } from '../src/registers/account-map.ts';
import { netAmounts } from '../src/registers/net-amounts.ts';
import { toFiken } from '../src/to-fiken.ts';
import { checkedConfig, fikenAccounts } from './connections.ts';
import { day, referenceOf, vouchersOf, wholeDay } from './days.ts';

const accounts = new AccountMap(fikenAccounts);
const sent = (voucher: Voucher): ReturnType<typeof toFiken> => toFiken(voucher, referenceOf(voucher), accounts);

describe('what is sent', () => {
  test('a sale carries net and VAT, the reference as its number, and one date', async () => {
    const [sale] = await wholeDay();
    expect(sent(sale as Voucher)).toEqual({
      document: 'sale',
      path: '/sales',
      body: {
        saleNumber: '302321-20260302.S',
        date: '2026-03-02',
        kind: 'cash_sale',
        totalPaid: 102_345,
        currency: 'NOK',
        paymentAccount: '1920:10002',
        paymentDate: '2026-03-02',
        lines: [{ description: 'Salg (2 stk.)', netPrice: 81_876, vat: 20_469, account: '3000', vatType: 'HIGH' }],
      },
    });
  });

  test('a refund, a fee and a payout are lines of one side each, net where they carry a code', async () => {
    const [, journal] = await wholeDay();
    expect(sent(journal as Voucher).body).toEqual({
      description: '[302321-20260302.J] Ledger',
      open: false,
      journalEntries: [
        {
          description: '[302321-20260302.J] Ledger',
          date: '2026-03-02',
          lines: [
            { amount: 98_432, creditAccount: '1920:10002' },
            { amount: 98_432, debitAccount: '1920:10001' },
            { amount: 1_202, creditAccount: '1920:10002' },
            // 12.02 holds 2.40, and 25 % of 9.62 is 2.405: two lines say it without half an øre.
            { amount: 961, debitAccount: '3000', debitVatCode: 3 },
            { amount: 1, debitAccount: '3000', debitVatCode: 3 },
            { amount: 2_711, creditAccount: '1920:10002' },
            { amount: 2_711, debitAccount: '7770' },
          ],
        },
      ],
    });
  });

  test('a text is cut to what Fiken takes, between characters, and the reference stays whole', () => {
    const voucher = journalOf([line('7770', 100), line('1579', -100)], `Gebyr\n${'😀ø'.repeat(200)}`);
    const { body } = sent(voucher) as Extract<ReturnType<typeof toFiken>, { document: 'journal' }>;
    expect(body.description.length).toBeLessThanOrEqual(166);
    expect(body.description).toMatch(/^\[302321-20260302\.J\] Gebyr 😀ø.*[ø😀]$/u);
    expect(body.description.isWellFormed()).toBe(true);
  });

  test('a sales line without a text says what the voucher says, because Fiken takes none without', async () => {
    const [sale] = (await wholeDay()) as [Voucher];
    const lines = sale.lines.map((one) => ({ ...one, text: '\u0007' }));
    const textsOf = (description: string): unknown => {
      const made = sent(createVoucher({ ...sale, lines, description }));
      return made.document === 'sale' ? made.body.lines.map((one) => one.description) : [];
    };
    expect(textsOf('Salg i dag')).toEqual(['Salg i dag']);
    expect(textsOf('')).toEqual(['302321-20260302.S']);
  });

  test('a sale with a discount line is a journal entry, because no sale can say it', async () => {
    const [sale] = await wholeDay();
    const lines = [...(sale as Voucher).lines, { ...line('3000', 125), vat: vatOf(125, 2500) }, line('1579', -125)];
    expect(sent(createVoucher({ ...(sale as Voucher), lines })).document).toBe('journal');
  });
});

describe('what Fiken cannot hold to the øre is refused before anything is sent', () => {
  const refusals: readonly (readonly [string, Partial<JournalLine>, RegExp])[] = [
    ['dimensions', { dimensions: { department: '10' } }, /has dimensions/],
    ['a customer on an account of everybody', { party: { kind: 'customer', id: '10001' } }, /names a customer/],
    ['codes of imports', { vat: { ...vatOf(100, 0), code: '21' } }, /VAT code 21/],
    ['"no VAT" on a cost', { vat: { ...vatOf(100, 0), code: '7' } }, /VAT code 7/],
    [
      'reverse charge',
      { vat: { ...vatOf(100, 0), kind: 'reverse-charge', net: amount(100), amount: amount(25), account: '2700' } },
      /reverse charge/,
    ],
    [
      'three øre at 25 %, which hold one',
      { vat: { ...vatOf(100, 2500), net: amount(2), amount: amount(98) } },
      /0\.02 net/,
    ],
  ];

  test.for(refusals)('%s', ([, change, why]) => {
    const voucher = journalOf([{ ...line('7770', 100), ...change }, line('1579', -100)]);
    expect(() => sent(voucher)).toThrow(
      expect.objectContaining({ kind: 'rejected', message: expect.stringMatching(why) }),
    );
  });

  test('other currencies', () => {
    const voucher = createVoucher({ ...journalOf([line('7770', 100), line('1579', -100)]), currency: 'DKK' });
    expect(() => sent(voucher)).toThrow(/keeps its journal in NOK/);
  });

  test('the plain bank account, and an account that two of the policy would share', () => {
    const bank = journalOf([line('1920', 100), line('1579', -100)]);
    expect(() => toFiken(bank, 'x', new AccountMap({}))).toThrow(/no account 1920/);
    const shared = journalOf([line('2701', 100), line('7770', -100)]);
    expect(() => toFiken(shared, 'x', new AccountMap({ '2700': '2701' }))).toThrow(/that 2700 goes to/);
    expect(() => checkedConfig({ credential: 'x', company: 'y', accounts: { 1: '3000', 2: '3000' } })).toThrow(
      /one account in Fiken/,
    );
  });

  test('an address that is not encrypted', () => {
    expect(() => checkedConfig({ credential: 'x', company: 'y', baseUrl: 'http://fiken.example' })).toThrow(/https/);
  });
});

describe('net amounts', () => {
  test.for([2500, 1500, 1200, 1111])(
    'at %i basis points every gross amount from 10 øre has net amounts that come to its VAT',
    (rate) => {
      fc.assert(
        fc.property(fc.integer({ min: 10, max: 2_000_000_000 }), (gross) => {
          const vat = containedVat(amount(gross), rate);
          const parts = netAmounts(gross - vat, vat, rate) ?? [];
          expect(parts.reduce((total, part) => total + part, 0)).toBe(gross - vat);
          // However halves are rounded.
          for (const half of [0, 1]) {
            const added = parts.map((part) => Math.floor((2 * part * rate + 10_000 - 1 + half) / 20_000));
            expect(added.reduce((total, part) => total + part, 0)).toBe(vat);
          }
        }),
        { numRuns: 500 },
      );
    },
  );

  test('without VAT the amount is itself', () => {
    expect(netAmounts(1234, 0, 0)).toEqual([1234]);
  });

  test('three øre at 25 % have none', () => {
    expect(netAmounts(2, 1, 2500)).toBeUndefined();
  });
});

describe('a day without VAT, and donations', () => {
  test('code 7 is a sale of NONE', async () => {
    const [sale] = await vouchersOf([{ type: 'capture', ore: 5_000 }], { sales: { sale: 'donation' } });
    expect(sent(sale as Voucher).body).toMatchObject({ lines: [{ vatType: 'NONE', netPrice: 5_000, vat: 0 }] });
  });
});

function line(account: string, value: number): JournalLine {
  return { account, amount: amount(value), text: 'Linje', facts: ['fact'] };
}

function vatOf(gross: number, rateBasisPoints: number): NonNullable<JournalLine['vat']> {
  const tax = containedVat(amount(gross), rateBasisPoints);
  return {
    kind: 'contained',
    code: '3',
    account: '2700',
    rateBasisPoints,
    net: subtract(amount(gross), tax),
    amount: tax,
  };
}

function journalOf(lines: readonly JournalLine[], description = 'Vipps MobilePay'): Voucher {
  return createVoucher({
    key: '302321-20260302.J',
    date: day,
    ledgerId: '302321',
    ledgerDate: day,
    series: 'VIPPS',
    document: 'journal',
    description,
    currency: 'NOK',
    lines,
    facts: ['fact'],
  });
}
