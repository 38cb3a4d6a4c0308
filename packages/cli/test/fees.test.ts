import { generateMerchant } from '@bilag/simulator-vipps';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clearBenches, type Bench, type Ran } from './bench.ts';
import { booksOf, fetched, now, toldBy, trade, written } from './fees-bench.ts';

afterAll(clearBenches);

describe('the fees of a café with gross settlement', () => {
  let bench: Bench;
  let captureFees: number;

  const run = async (...argv: readonly string[]): Promise<Ran> => bench.runIn({ now }, 'fees', ...argv);
  const record = async (invoice: object): Promise<Ran> => {
    bench.write('invoice.json', invoice);
    return run('invoice', 'invoice.json', '--company', 'kafe');
  };
  const compared = async (month: string): Promise<{ readonly code: number } & Compared> => {
    const { code, out } = await run('--period', month, '--json');
    return { code, ...(JSON.parse(out) as { readonly companies: readonly [Compared] }).companies[0] };
  };
  /** Every test begins without invoices. */
  const takeBackAll = async (): Promise<void> => {
    for (const month of ['2026-07', '2026-08'])
      for (const invoice of (await compared(month)).invoices)
        expect(await run('invoice', '--take-back', String(invoice.record))).toMatchObject({ code: 0 });
  };

  beforeAll(async () => {
    const made = await fetched(trade);
    bench = made.bench;
    captureFees = -toldBy(made.merchant, '2026-07', 'capture-fee');
  });

  test('agree with the invoice of the month, kind by kind, and fees payable end where it says', async () => {
    await takeBackAll();
    const before = await run('--period', '2026-07');
    expect(before).toMatchObject({ code: 1, out: expect.stringContaining('no invoice is recorded') as string });
    const july = written('F-1', { 'capture-fee': [captureFees, 0], 'service-fee': [9900, 0] });
    expect(await record(july)).toMatchObject({ code: 0 });
    const { code, agrees, findings, ledgers } = await compared('2026-07');
    expect({ code, agrees, findings }).toEqual({ code: 0, agrees: true, findings: [] });
    expect(ledgers).toMatchObject([
      {
        ledgerId: '302400',
        kinds: [
          { kind: 'capture-fee', ledger: captureFees, invoiced: captureFees, difference: 0 },
          { kind: 'service-fee', ledger: 9900, invoiced: 9900, difference: 0 },
        ],
        payable: { opening: 0, charged: captureFees + 9900, retained: 0, closing: 0, closingByInvoices: 0 },
      },
    ]);
    expect((await run('--period', '2026-07')).out).toContain('agrees to 0.00');
  });

  test('take VAT as it is printed, and never work it out', async () => {
    await takeBackAll();
    // 0.03 of VAT on 99.00 is no rate of any country.
    const july = written('F-1', { 'capture-fee': [captureFees - 1, 1], 'service-fee': [9897, 3] });
    expect(await record(july)).toMatchObject({ code: 0 });
    const { code, invoices } = await compared('2026-07');
    expect(code).toBe(0);
    expect(invoices).toMatchObject([{ net: captureFees + 9896, vat: 4, total: captureFees + 9900 }]);
  });

  test('name the kind that was invoiced wrongly, and the date that has just that much', async () => {
    await takeBackAll();
    await record(written('F-1', { 'capture-fee': [captureFees, 0], 'service-fee': [0, 0] }));
    const { code, findings } = await compared('2026-07');
    expect(code).toBe(1);
    expect(findings).toMatchObject([
      {
        code: 'fees-differ',
        amount: 9900,
        message: expect.stringMatching(/^service-fee: .*2026-07-01 has just that/) as string,
      },
      { code: 'fees-payable-differ', amount: -9900 },
    ]);
  });

  test('differ by one øre where one øre is wrong', async () => {
    await takeBackAll();
    await record(written('F-1', { 'capture-fee': [captureFees + 1, 0], 'service-fee': [9900, 0] }));
    const { code, findings } = await compared('2026-07');
    expect(code).toBe(1);
    expect(findings).toMatchObject([
      { code: 'fees-differ', amount: -1, where: expect.stringContaining('invoice F-1') as string },
      { code: 'fees-payable-differ', amount: 1 },
    ]);
  });

  test('agree with a credit note beside the invoice, and not without it', async () => {
    await takeBackAll();
    const merchant = generateMerchant(trade);
    const inAugust = (type: string): number => toldBy(merchant, '2026-08', type);
    const credited = inAugust('correction');
    expect(credited).toBeGreaterThan(0);
    const august = { date: '2026-08-31', month: '2026-08' };
    const fees = { 'capture-fee': [-inAugust('capture-fee'), 0], 'service-fee': [9900, 0] } as const;
    await record(written('F-2', fees, august));
    const without = await compared('2026-08');
    expect(without.code).toBe(1);
    expect(without.findings).toMatchObject([
      { code: 'fees-differ', amount: -credited },
      { code: 'fees-payable-differ' },
    ]);
    const note = written('K-1', { correction: [credited, 0] }, { ...august, kind: 'credit-note' });
    expect(await record(note)).toMatchObject({ code: 0 });
    expect(await compared('2026-08')).toMatchObject({ code: 0, findings: [] });
  });

  test('take a number once, and again when it was taken back', async () => {
    await takeBackAll();
    const july = written('F-9', { 'capture-fee': [captureFees, 0], 'service-fee': [9900, 0] });
    const first = await record(july);
    const again = await record(july);
    expect(again).toMatchObject({ code: 3, messages: expect.stringContaining('nothing was recorded') as string });
    expect((await compared('2026-07')).invoices).toHaveLength(1);
    const [, number = ''] = /record (\d+)/.exec(first.out) ?? [];
    await run('invoice', '--take-back', number);
    expect(await record(july)).toMatchObject({ code: 0 });
  });

  test('book nothing by an invoice: the fees account tells it, and the books say so', async () => {
    await takeBackAll();
    const before = await booksOf(bench);
    const fees = { 'capture-fee': [captureFees, 0], 'service-fee': [9900, 0] } as const;
    await record(written('F-1', fees, { settlement: 'gross' }));
    const { findings, ...books } = await booksOf(bench);
    const told = findings.filter(({ code }) => code === 'invoice-in-fees');
    expect(told).toMatchObject([{ date: '2026-07-31', references: ['F-1'] }]);
    expect({ ...books, findings: findings.filter((finding) => !told.includes(finding)) }).toEqual(before);
  });

  test('of a month that was not read whole agree with nothing', async () => {
    const { code, findings } = await compared('2026-09');
    expect(code).toBe(1);
    expect(findings).toMatchObject([{ code: 'fees-month-not-read', date: '2026-09-01' }]);
  });

  test.for([
    ['a total that is another', { total: '1.00' }, 'do not come to total 1.00'],
    ['VAT that its lines do not have', { vat: '1.00', total: '11.00' }, 'the VAT of fees'],
    ['lines that are less than the net amount', { net: '11.00', total: '11.00' }, 'the net amounts of fees'],
    ['an amount with a comma', { net: '10,00' }, 'net: '],
    ['a sign', { net: '-10.00', total: '-10.00' }, 'total is negative'],
    ['a date that is none', { date: '2026-02-30' }, 'date: write a date'],
    ['a month that is none', { month: '2026-13' }, 'month: write a month'],
    ['what settles fees as a fee', { fees: { 'fees-invoiced': { net: '10.00', vat: '0.00' } } }, 'settles fees'],
    ['a field that nobody knows', { sum: '10.00' }, 'sum'],
    ['no number', { number: ' ' }, 'number: '],
    [
      'a number that no target takes',
      { number: `F-${'1'.repeat(34)}` },
      'number: write the number of the document alone',
    ],
    ['a number of two lines', { number: 'F-1\nF-2' }, 'number: write it on one line'],
  ] as const)('an invoice with %s is refused, and nothing is recorded', async ([, changes, why]) => {
    await takeBackAll();
    const { code, messages } = await record(written('F-1', { 'capture-fee': [1000, 0] }, changes));
    expect(code).toBe(1);
    expect(messages).toContain(why);
    expect((await compared('2026-07')).invoices).toEqual([]);
  });

  test.for([
    [[], 'no month is named'],
    [['--period', '2026'], 'no month is named'],
    [['invoice'], 'name either a file or a record'],
    [['invoice', '--take-back', 'x'], 'not the number of a record'],
    [['invoice', 'nowhere.json'], 'there is no such file'],
  ] as const)('%j is answered with what to do', async ([argv, why]) => {
    const { code, messages } = await run(...argv);
    expect(code).toBe(2);
    expect(messages).toContain(why);
  });
});

test('with net settlement, the kinds are compared and the funds have paid', async () => {
  const { bench, merchant } = await fetched({ ...trade, settlement: 'net' });
  const fees = { 'capture-fee': [-toldBy(merchant, '2026-07', 'capture-fee'), 0], 'service-fee': [9900, 0] } as const;
  bench.write('invoice.json', written('F-1', fees));
  await bench.runIn({ now }, 'fees', 'invoice', 'invoice.json');
  const { code, out } = await bench.runIn({ now }, 'fees', '--period', '2026-07', '--json');
  expect(code).toBe(0);
  expect(out).toContain('"closingByInvoices":null');
});

test('an invoice for another ledger is held against that one, and settles nothing of ours', async () => {
  const { bench, merchant } = await fetched(trade);
  const fees = { 'capture-fee': [-toldBy(merchant, '2026-07', 'capture-fee'), 0], 'service-fee': [9900, 0] } as const;
  bench.write('invoice.json', written('F-1', fees, { ledger: '302401' }));
  await bench.runIn({ now }, 'fees', 'invoice', 'invoice.json');
  const { code, out } = await bench.runIn({ now }, 'fees', '--period', '2026-07');
  expect(code).toBe(1);
  expect(out).toContain('ledger 302400, 2026-07, no invoice is recorded');
  expect(out).toContain('ledger 302401, 2026-07, invoice F-1');
});

test('where version 1 tells a fee beside each sale, the invoice settles what is owed, and is booked once', async () => {
  const { bench, merchant } = await fetched(trade, { api: { v1: { amounts: 'major-decimals', settlement: 'gross' } } });
  const chargedIn = (month: string): number =>
    [...merchant.v1Dates()]
      .filter(({ date }) => date.startsWith(month))
      .flatMap(({ rows }) => rows)
      .reduce((total, row) => total + row.fee, 0);
  const charged = chargedIn('2026-07');
  expect(charged).toBeGreaterThan(0);
  const run = async (...argv: readonly string[]): Promise<Ran> => bench.runIn({ now }, ...argv);
  const owed = async (): Promise<readonly number[]> => {
    const { trialBalance } = await booksOf(bench);
    return ['2960', '2400', '7770'].map(
      (number) => trialBalance.find(({ account }) => account === number)?.closing ?? 0,
    );
  };
  const all = charged + chargedIn('2026-08');
  expect(await owed()).toEqual([-all, 0, all]);
  bench.write('invoice.json', written('F-1', { 'capture-fee': [charged, 0] }));
  await run('fees', 'invoice', 'invoice.json');
  const { code, out } = await run('fees', '--period', '2026-07', '--json');
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('"closingByInvoices":null') as string });
  expect(await owed()).toEqual([charged - all, -charged, all]);
  const booked = await booksOf(bench);
  const invoices = booked.vouchers.filter(({ key }) => key.includes('.D'));
  expect(invoices).toMatchObject([{ date: '2026-07-31', facts: [`invoice/302400/F-1/2026-07-31/${charged}/0`] }]);

  const explained = await run('explain', 'F-1');
  expect(explained.out).toMatch(/invoice F-1 of 2026-07-31 for 2026-07, ledger 302400: .*record 1 of 2026-09-02/);
  expect(explained.out).toContain(`booked in voucher ${invoices[0]?.key}`);
  expect((await run('explain', invoices[0]?.key ?? '')).out).toContain('─ invoice F-1 of 2026-07-31');

  // In August what July left is 0.00, and the credit note takes back.
  bench.write(
    'note.json',
    written('K-1', { 'capture-fee': [100, 0] }, { kind: 'credit-note', month: '2026-08', date: '2026-08-10' }),
  );
  await run('fees', 'invoice', 'note.json');
  expect(await owed()).toEqual([charged - all - 100, 100 - charged, all]);
  const august = (await run('fees', '--period', '2026-08', '--json')).out;
  expect(august).toContain(`"opening":0,"charged":${all - charged},"retained":0,"invoiced":-100,`);

  // Taken back it is gone, and recorded anew it is the same voucher.
  await run('fees', 'invoice', '--take-back', '1');
  await run('fees', 'invoice', '--take-back', '2');
  expect(await owed()).toEqual([-all, 0, all]);
  bench.write('invoice.json', written('f-1', { 'capture-fee': [charged, 0] }));
  await run('fees', 'invoice', 'invoice.json');
  const anew = (await booksOf(bench)).vouchers.filter(({ key }) => key.includes('.D'));
  expect(anew.map(({ key }) => key)).toEqual(invoices.map(({ key }) => key));
});

test('where only funds are read, an invoice says whether it is to be paid; nobody says: nothing is recorded', async () => {
  const { bench } = await fetched(trade, { fees: false });
  const run = async (...argv: readonly string[]): Promise<Ran> => bench.runIn({ now }, ...argv);
  const record = async (number: string, changes: object): Promise<Ran> => {
    bench.write('invoice.json', written(number, { 'capture-fee': [1000, 0] }, changes));
    return run('fees', 'invoice', 'invoice.json');
  };
  const before = await booksOf(bench);
  const refused = await record('F-1', {});
  expect(refused).toMatchObject({ code: 2, messages: expect.stringContaining('would double the cost') as string });
  expect(await booksOf(bench)).toEqual(before);
  expect((await record('F-1', { settlement: 'later' })).messages).toContain('settlement: write "gross"');
  expect(await record('F-1', { settlement: 'gross' })).toMatchObject({ code: 0 });
  const { vouchers, findings } = await booksOf(bench);
  expect(findings).toEqual(before.findings);
  const [invoice] = vouchers.filter(({ key }) => key.includes('.D'));
  expect(invoice?.lines.map(({ account, amount }) => [account, amount])).toEqual([
    ['2400', -1000],
    ['7770', 1000],
  ]);
  expect((await run('fees', '--period', '2026-07')).out).toContain('total 10.00, to be paid');
  // A statement books nothing; that the funds have paid no fees is said.
  expect(await record('F-2', { settlement: 'net' })).toMatchObject({ code: 0 });
  const after = await booksOf(bench);
  expect(after.vouchers).toEqual(vouchers);
  expect(after.findings).toMatchObject([
    ...before.findings,
    { code: 'invoice-settlement-differs', severity: 'warning' },
  ]);
});

test('where the funds have paid the fees, an invoice is a statement, and one to be paid stops the date', async () => {
  const { bench } = await fetched({ ...trade, settlement: 'net' }, { fees: false });
  const config = JSON.parse(readFileSync(bench.path('bilag.config.json'), 'utf8')) as object;
  bench.write('bilag.config.json', { ...config, feeSettlement: { '302400': 'net' } });
  const before = await booksOf(bench);
  bench.write('invoice.json', written('F-1', { 'capture-fee': [1000, 0] }));
  expect(await bench.runIn({ now }, 'fees', 'invoice', 'invoice.json')).toMatchObject({ code: 0 });
  expect(await booksOf(bench)).toEqual(before);
  bench.write('invoice.json', written('F-2', { 'capture-fee': [1000, 0] }, { settlement: 'gross' }));
  await bench.runIn({ now }, 'fees', 'invoice', 'invoice.json');
  const { vouchers, findings } = await booksOf(bench);
  expect(vouchers.filter(({ key }) => key.includes('.D'))).toEqual([]);
  expect(findings).toContainEqual(
    expect.objectContaining({ code: 'invoice-settlement-differs', severity: 'error', date: '2026-07-31' }),
  );
});

test('where only funds are read, no fee is known by its kind, and nothing agrees', async () => {
  const { bench } = await fetched({ ...trade, settlement: 'net' }, { fees: false });
  const { code, out } = await bench.runIn({ now }, 'fees', '--period', '2026-07');
  expect(code).toBe(1);
  expect(out).toContain('only the funds of this ledger are read');
});

interface Compared {
  readonly agrees: boolean;
  readonly ledgers: readonly object[];
  readonly invoices: readonly { readonly record: number }[];
  readonly findings: readonly object[];
}
