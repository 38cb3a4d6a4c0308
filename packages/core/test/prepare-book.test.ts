import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import {
  accountNaming,
  amount,
  definePolicy,
  plainDate,
  prepareBook,
  type Book,
  type BookedDate,
  type LedgerDate,
  type PolicyInput,
} from '../src/index.ts';
import type { BookSource } from '../src/booking/prepare-book.ts';
import { ledger, policy } from './ledger-text.ts';

const rows = `
  2025-12-30 funds capture          p1 api:1 100.00
  2026-01-02 funds capture          p2 api:1 200.00
  2026-02-03 funds capture          p3 api:1  40.00
  2026-02-04 funds payout-scheduled 302321-2000045 - -340.00
`;

const company = { name: 'Kafé AS', organisationNumber: '999999999', country: 'NO', currency: 'NOK' };

const source = (
  from: string,
  to: string,
  written: PolicyInput = policy({ from: '2025-12-01' }),
  more: Partial<BookSource> = {},
): BookSource => ({
  company,
  period: { from: plainDate(from), to: plainDate(to) },
  policy: definePolicy(written),
  dates: () => ledger(rows),
  ...more,
});

const keysOf = async (book: Book): Promise<string[]> =>
  (await Array.fromAsync(book.vouchers())).map((voucher) => voucher.key);
const openingsOf = (book: Book): Record<string, number> =>
  Object.fromEntries(
    book.accounts.filter((account) => account.opening !== 0).map(({ number, opening }) => [number, opening]),
  );

describe('a book for a file', () => {
  test('has the vouchers of its period, again and again', async () => {
    const book = await prepareBook(source('2026-01-01', '2026-01-31'));
    expect(await keysOf(book)).toEqual(['302321-20260102']);
    expect(await keysOf(book)).toEqual(['302321-20260102']);
  });

  test('lets go of each booked date before the next is read', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const booked: WeakRef<BookedDate>[] = [];
    const held: number[] = [];
    const dates = async function* (): AsyncGenerator<LedgerDate> {
      for (const date of ledger(rows)) {
        // What a weak reference was asked for stays until the end of the turn.
        await setImmediate();
        collectGarbage();
        held.push(booked.filter((reference) => reference.deref() !== undefined).length);
        yield date;
      }
    };
    const onBooked = (date: BookedDate): void => void booked.push(new WeakRef(date));
    await prepareBook(source('2025-12-01', '2026-12-31', undefined, { dates, onBooked }));
    expect(booked.length).toBeGreaterThanOrEqual(4);
    expect(held).toEqual([0, 0, 0, 0]);
  });

  test('opens with what was booked since the cut-over; results start again with the year', async () => {
    expect(openingsOf(await prepareBook(source('2025-12-01', '2025-12-31')))).toEqual({});
    expect(openingsOf(await prepareBook(source('2026-01-01', '2026-12-31')))).toEqual({
      '1579': 10_000,
      '2700': -2000,
    });
    expect(openingsOf(await prepareBook(source('2026-02-01', '2026-12-31')))).toEqual({
      '1579': 30_000,
      '2700': -6000,
      '3000': -16_000,
    });
    const own = { ledgers: { '302321': { accounts: { fee: '7771' } } } };
    const fees = { dates: () => ledger('2025-12-30 funds fees-retained f1 - -1.00') };
    const withOwn = source('2026-01-01', '2026-12-31', policy({ from: '2025-12-01', ...own }), fees);
    expect(openingsOf(await prepareBook(withOwn))).toEqual({ '1579': -100 });
    const deviating = { company: { ...company, fiscalYearStartMonth: 7 } };
    expect(openingsOf(await prepareBook(source('2026-02-01', '2026-12-31', undefined, deviating)))['3000']).toBe(
      -24_000,
    );
  });

  test('opens with the policy at the cut-over', async () => {
    const written = policy(
      { from: '2025-12-01' },
      { openings: { '302321': { funds: 500, fees: -70, inTransit: 30 } } },
    );
    const dates = (): LedgerDate[] => ledger(rows, { openings: { funds: 500 } });
    expect(openingsOf(await prepareBook(source('2025-12-01', '2025-12-31', written, { dates })))).toEqual({
      '1579': 500,
      '2960': -70,
      '1925': 30,
    });
  });

  test('opens without the fees that await their invoice: they are on no account', async () => {
    const written = policy(
      { from: '2025-12-01', fees: { invoiced: 'on-invoice' } },
      { openings: { '302321': { funds: 500, fees: -70 } } },
    );
    const dates = (): LedgerDate[] => ledger(rows, { openings: { funds: 500 } });
    expect(openingsOf(await prepareBook(source('2025-12-01', '2025-12-31', written, { dates })))).toEqual({
      '1579': 500,
    });
  });

  test('names every account, code, dimension and party its vouchers may use', async () => {
    const written = policy(
      {
        from: '2025-12-01',
        salesUnits: { 'api:1': { dimensions: { department: '10' } } },
        invoices: { 'INV-1': { account: '1510', customer: '10042' } },
        fees: { vat: { kind: 'contained', code: '1', rateBasisPoints: 2500, account: '2710' } },
        accountNames: { '1579': 'Oppgjør' },
      },
      {
        supplier: { id: '20001', name: 'Vipps MobilePay AS', registrationNumber: '918713867' },
        customers: { '10042': { name: 'Hytteforeningen' } },
        dimensionNames: { department: { '10': 'Kafé' } },
      },
    );
    const more = `
      2026-02-05 funds capture       p5 api:1 50.00 INV-1
      2026-02-05 funds fees-retained f1 -     -1.25
      2026-02-05 funds credit-note   n1 -     -9.00
    `;
    const book = await prepareBook(source('2026-01-01', '2026-12-31', written, { dates: () => ledger(rows + more) }));
    const accounts = Object.fromEntries(book.accounts.map(({ number, name }) => [number, name]));
    expect(accounts).toMatchObject({
      '1579': 'Oppgjør',
      '3000': 'Salg 25 %',
      '2700': 'Merverdiavgift 25 %',
      '1510': 'Kunder',
      '2710': 'Merverdiavgift',
      '2400': 'Leverandører',
    });
    const used = new Set(
      (await Array.fromAsync(book.vouchers())).flatMap((voucher) =>
        voucher.lines.flatMap((line) => [line.account, line.vat?.account ?? line.account]),
      ),
    );
    expect(new Set(book.accounts.map(({ number }) => number))).toEqual(used);
    expect(
      book.vatCodes
        .filter((code) => ['1', '3'].includes(code.code))
        .map(({ code, kind, rateBasisPoints }) => [code, kind, rateBasisPoints]),
    ).toEqual([
      ['3', 'output', 2500],
      ['1', 'input', 2500],
    ]);
    expect(book.dimensions).toEqual([{ type: 'department', id: '10', name: 'Kafé' }]);
    expect(book.parties).toEqual([
      { kind: 'customer', id: '10042', name: 'Hytteforeningen', account: '1510', opening: 0 },
      {
        kind: 'supplier',
        id: '20001',
        name: 'Vipps MobilePay AS',
        registrationNumber: '918713867',
        account: '2400',
        opening: 0,
      },
    ]);
  });

  test('tells of every date it booked', async () => {
    const seen: BookedDate[] = [];
    await prepareBook(source('2026-01-01', '2026-01-31', undefined, { onBooked: (booked) => seen.push(booked) }));
    expect(seen.map((booked) => booked.date)).toEqual(['2025-12-30', '2026-01-02']);
  });

  test('includes what a month left behind after its last payout', async () => {
    const book = await prepareBook(
      source('2026-01-01', '2026-01-31', policy({ from: '2025-12-01', grouping: 'payout' })),
    );
    expect(await keysOf(book)).toEqual(['302321-M202601']);
  });
});

describe('the edges of a period', () => {
  test('its first and its last date are in it, and it may be one date', async () => {
    const keys = async (from: string, to: string): Promise<string[]> => keysOf(await prepareBook(source(from, to)));
    expect(await keys('2025-12-30', '2026-01-02')).toEqual(['302321-20251230', '302321-20260102']);
    expect(await keys('2026-01-02', '2026-01-02')).toEqual(['302321-20260102']);
    expect(await keys('2026-01-03', '2026-02-02')).toEqual([]);
    const accounts = async (from: string, to: string): Promise<string[]> =>
      (await prepareBook(source(from, to))).accounts.map(({ number }) => number);
    expect(await accounts('2025-12-01', '2025-12-29')).toEqual([]);
    expect(await accounts('2025-12-01', '2025-12-30')).toEqual(['1579', '2700', '3000']);
  });

  test('results of the first day of the year belong to the year', async () => {
    const dates = (): LedgerDate[] =>
      ledger(`
        2025-12-31 funds capture p1 api:1 100.00
        2026-01-01 funds capture p2 api:1 200.00
      `);
    const january = source('2026-01-02', '2026-12-31', policy({ from: '2025-12-01' }), { dates });
    expect(openingsOf(await prepareBook(january))['3000']).toBe(-16_000);
  });

  test('what a customer and the provider are owed at its start stands on them', async () => {
    const written = policy(
      { from: '2025-12-01', invoices: { 'INV-1': { account: '1510', customer: '10042' } } },
      { supplier: { id: '20001', name: 'Vipps MobilePay AS' } },
    );
    const dates = (): LedgerDate[] =>
      ledger(`
        2025-12-30 funds capture     p1 api:1 50.00 INV-1
        2025-12-30 funds credit-note n1 -     -9.00
      `);
    const { parties } = await prepareBook(source('2026-01-01', '2026-12-31', written, { dates }));
    expect(parties).toStrictEqual([
      { kind: 'customer', id: '10042', name: '10042', account: '1510', opening: -5000 },
      { kind: 'supplier', id: '20001', name: 'Vipps MobilePay AS', account: '2400', opening: 900 },
    ]);
    const { parties: unused } = await prepareBook(
      source('2026-01-01', '2026-12-31', written, { dates: () => ledger('2026-01-02 funds top-up t1 - 5.00') }),
    );
    expect(unused.map(({ kind }) => kind)).toEqual(['supplier']);
  });

  test('accounts stand in order, name the codes they take, and are told apart by ledger and rate', async () => {
    const written = policy({
      from: '2025-12-01',
      salesUnits: { 'api:0': { sale: '0' } },
      ledgers: { '302321': { accounts: { clearing: '1571' } } },
      fees: {
        vat: { kind: 'reverse-charge', code: '86', rateBasisPoints: 2500, account: '2709', deductionAccount: '2719' },
      },
    });
    const dates = (): LedgerDate[] =>
      ledger(`
        2026-01-02 funds capture       p1 api:1 100.00
        2026-01-02 funds capture       p2 api:0  50.00
        2026-01-02 funds fees-retained f1 -      -4.00
      `);
    const book = await prepareBook(source('2026-01-01', '2026-12-31', written, { dates }));
    expect(book.accounts.map(({ number, name, role, vatCodes }) => [number, name, role, vatCodes])).toEqual([
      ['1571', 'Betaling, til gode 302321', 'clearing', undefined],
      ['2700', 'Merverdiavgift 25 %', 'vat', undefined],
      ['2709', 'Merverdiavgift', 'vat', undefined],
      ['2719', 'Merverdiavgift', 'vat', undefined],
      ['3000', 'Salg 25 %', 'revenue', ['3']],
      ['3100', 'Salg (fritatt, 0 %)', 'revenue', ['5']],
      ['7770', 'Betalingsgebyrer', 'fee', undefined],
    ]);
    const codes = book.vatCodes.filter(({ code }) => ['3', '5', '52', '86'].includes(code));
    expect(
      codes.map(({ code, rateBasisPoints, kind, description }) => [code, rateBasisPoints, kind, description]),
    ).toEqual([
      ['5', 0, 'output', 'Salg (fritatt, 0 %)'],
      ['3', 2500, 'output', 'Salg 25 %'],
      ['52', 0, 'output', 'Salg (utførsel, 0 %)'],
      ['86', 2500, 'reverse-charge', 'Betalingsgebyrer'],
    ]);
  });
});

describe('what accounts are called', () => {
  const nameOf = accountNaming(
    definePolicy(
      policy({
        vat: { takeaway: { rateBasisPoints: 0, code: '6', account: '3210', vatAccount: null } },
        accountNames: { '1920': 'Driftskonto' },
      }),
    ),
    new Map([['302321', 'Vipps MobilePay']]),
  );

  test('is what the policy says, else its part in the language of the policy', () => {
    expect(['1920', '1579', '2400', '3000', '2703', '3200', '3210'].map((number) => nameOf(number))).toEqual([
      'Driftskonto',
      'Vipps MobilePay, til gode',
      'Leverandører',
      'Salg 25 %',
      'Merverdiavgift 12 %',
      'Salg (unntatt fra mva.)',
      'Salg takeaway',
    ]);
  });

  test('is its part where the policy no longer has the account', () => {
    expect([nameOf('7771', 'fee'), nameOf('3999'), nameOf('2799', 'vat')]).toEqual([
      'Betalingsgebyrer',
      'Salg',
      'Merverdiavgift',
    ]);
  });

  test('is said without a rate where several share the account', () => {
    const finnish = definePolicy({ versions: [{ from: '2026-01-01', market: 'FI', sales: { sale: '25.5' } }] });
    expect(accountNaming(finnish, new Map())('2939')).toBe('Arvonlisävero');
  });
});

describe('a book does not mind', () => {
  test('what happens after its period: open dates, errors, other accounts', async () => {
    const later = `
      2025-12-30 funds capture    p1 api:1 100.00
      2026-01-05 funds correction c1 -      -1.00
      2026-01-06 funds capture    p2 api:1 100.00
    `;
    const dates = (): LedgerDate[] => ledger(later, { open: ['2026-01-06'] });
    const seen: string[] = [];
    const onBooked = ({ date }: BookedDate): void => void seen.push(date);
    const book = await prepareBook(source('2025-12-01', '2025-12-31', undefined, { dates, onBooked }));
    expect(book.accounts.map(({ number }) => number)).toEqual(['1579', '2700', '3000']);
    expect(seen).toEqual(['2025-12-30']);
  });

  test('quiet dates: read every day to its end, it is complete', async () => {
    const [first] = ledger(rows);
    const days = ['2025-12-31', '2026-01-01'].map((day) => ({
      ...(first as LedgerDate),
      date: plainDate(day),
      entries: [],
    }));
    const dates = (): LedgerDate[] => [first as LedgerDate, ...days];
    const book = await prepareBook(source('2025-12-30', '2026-01-01', undefined, { dates, everyDate: true }));
    expect(await keysOf(book)).toEqual(['302321-20251230']);
  });

  test('dates that were not read after its period', async () => {
    const book = await prepareBook(source('2025-12-01', '2025-12-30', undefined, { everyDate: true }));
    expect(await keysOf(book)).toEqual(['302321-20251230']);
  });
});

test('what awaits its payout when the ledger ends is in the file of its month', async () => {
  const ending = rows.replace(/^.*2026-02-04.*$/m, '');
  const grouped = policy({ from: '2025-12-01', grouping: 'payout' });
  const year = await prepareBook(source('2026-01-01', '2026-12-31', grouped, { dates: () => ledger(ending) }));
  expect(await keysOf(year)).toEqual(['302321-M202601', '302321-M202602']);
  const half = await prepareBook(source('2026-01-01', '2026-02-20', grouped, { dates: () => ledger(ending) }));
  expect(await keysOf(half)).toEqual(['302321-M202601']);
});

describe('a book is refused', () => {
  const refusals: [string, () => BookSource, string][] = [
    ['when the period ends before it begins', () => source('2026-02-01', '2026-01-31'), 'ends before it begins'],
    [
      'when it begins before the cut-over',
      () => source('2025-11-01', '2026-01-31'),
      'begins before the cut-over 2025-12-01',
    ],
    [
      'while a date of it is open',
      () => source('2026-01-01', '2026-12-31', undefined, { dates: () => ledger(rows, { open: ['2026-02-03'] }) }),
      'ledger 302321 is still open on 2026-02-03',
    ],
    [
      'when a finding forbids delivery',
      () =>
        source('2025-12-01', '2026-12-31', undefined, {
          dates: () => ledger(rows, { openings: { funds: amount(5) } }),
        }),
      'the policy opens with 0.00',
    ],
    [
      'when a date inside was not read',
      () => source('2025-12-01', '2026-01-31', undefined, { everyDate: true }),
      'ledger 302321 was not read on 2025-12-31',
    ],
    [
      'when it was not read to its end',
      () => source('2025-12-01', '2026-01-31', undefined, { everyDate: true, dates: () => ledger(rows).slice(0, 1) }),
      'ledger 302321 was not read on 2025-12-31',
    ],
  ];
  test('as a mistake in what was asked for, or as blocked by what was read', async () => {
    const errors = await Promise.all(refusals.map(([, written]) => prepareBook(written()).catch((error) => error)));
    const blocked = { kind: 'blocked', where: expect.stringContaining('Kafé AS, ledger 302321, 20') };
    expect(errors).toMatchObject([{ kind: 'config' }, { kind: 'config' }, ...refusals.slice(2).map(() => blocked)]);
    expect(errors.slice(2, 4).map((error) => error.action)).toEqual([
      'end the period before this date, or wait until the provider closes it',
      'set openings["302321"].funds to 5 (minor units), or choose another cut-over',
    ]);
  });

  test.each(refusals)('%s', async (_, written, message) => {
    await expect(prepareBook(written())).rejects.toThrow(message);
  });
});
