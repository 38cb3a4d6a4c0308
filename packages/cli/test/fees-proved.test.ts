import type { CompanyInput, Proof } from '@bilag/company';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { clearBenches, type Bench } from './bench.ts';
import { fetched, now, toldBy, trade, written } from './fees-bench.ts';

afterAll(clearBenches);

async function record(bench: Bench, invoice: object): Promise<void> {
  bench.write('invoice.json', invoice);
  expect(await bench.runIn({ now }, 'fees', 'invoice', 'invoice.json')).toMatchObject({ code: 0 });
}

async function proofOf(bench: Bench, period: string): Promise<Proof> {
  const { out } = await bench.runIn({ now }, 'prove', '--period', period, '--without-targets', '--json');
  return (JSON.parse(out) as { readonly companies: readonly [Proof] }).companies[0];
}

/** The table of fees: each figure by its id, with the rows behind what was invoiced. */
function feesOf({ tables, findings }: Proof): {
  readonly figures: Readonly<Record<string, number>>;
  readonly invoiced: readonly object[];
  readonly codes: readonly string[];
} {
  const lines = tables.find(({ about }) => about === 'fees')?.lines ?? [];
  const figures = Object.fromEntries(lines.map(({ id, amount }) => [id.replace('fees-302400-', ''), amount]));
  const codes = findings.map(({ code }) => code).filter((code) => code !== 'bank-not-read');
  return { figures, codes, invoiced: lines.find(({ id }) => id.endsWith('-invoiced'))?.rows ?? [] };
}

describe('the proof of fees owed', () => {
  test('links what the ledger tells as invoiced to the invoices, and ends where they say', async () => {
    const { bench, merchant } = await fetched(trade);
    const capture = -toldBy(merchant, '2026-07', 'capture-fee');
    const before = feesOf(await proofOf(bench, '2026-07'));
    expect(before.figures).not.toHaveProperty('invoices-difference');
    await record(bench, written('F-1', { 'capture-fee': [capture, 0], 'service-fee': [9900, 0] }));
    const { figures, invoiced, codes } = feesOf(await proofOf(bench, '2026-07'));
    expect(codes).toEqual([]);
    expect(figures).toMatchObject({ invoiced: capture + 9900, closing: 0, difference: 0, 'invoices-difference': 0 });
    expect(invoiced).toMatchObject([{ date: '2026-07-31', text: 'invoice F-1', vouchers: ['302400-20260731'] }]);
    // August was not written down: nothing of it is judged.
    expect(feesOf(await proofOf(bench, '2026-08')).codes).toEqual([]);
  });

  test('names a difference: its month, its date, and both amounts', async () => {
    const { bench, merchant } = await fetched(trade);
    const capture = -toldBy(merchant, '2026-07', 'capture-fee');
    await record(bench, written('F-1', { 'capture-fee': [capture + 1, 0], 'service-fee': [9900, 0] }));
    const proof = await proofOf(bench, '2026-07');
    expect(feesOf(proof).figures).toMatchObject({ difference: 0, 'invoices-compared': 1, 'invoices-difference': -1 });
    expect(proof.findings).toContainEqual(
      expect.objectContaining({
        code: 'proof-invoices-differ',
        date: '2026-07-31',
        amount: -1,
        where: 'ledger 302400, 2026-07',
        message: expect.stringMatching(/ on 2026-07-31, and invoice F-1 says /) as string,
      }),
    );
    expect(proof.isProved).toBe(false);
  });

  test('misses a credit note that the ledger tells in a month that has an invoice', async () => {
    const { bench, merchant } = await fetched(trade);
    const inAugust = (type: string): number => toldBy(merchant, '2026-08', type);
    const august = { date: '2026-08-31', month: '2026-08' };
    const fees = { 'capture-fee': [-inAugust('capture-fee'), 0], 'service-fee': [9900, 0] } as const;
    await record(bench, written('F-2', fees, august));
    const without = feesOf(await proofOf(bench, '2026-08'));
    expect(without).toMatchObject({ codes: ['proof-invoices-differ'] });
    expect(without.figures['invoices-difference']).toBe(inAugust('credit-note'));
    await record(
      bench,
      written('K-1', { correction: [inAugust('correction'), 0] }, { ...august, kind: 'credit-note' }),
    );
    expect(feesOf(await proofOf(bench, '2026-08'))).toMatchObject({ codes: [], figures: { 'invoices-difference': 0 } });
  });

  test('takes an invoice of net settlement for a statement', async () => {
    const { bench } = await fetched({ ...trade, settlement: 'net' });
    await record(bench, written('F-1', { 'capture-fee': [1000, 0] }));
    const { codes, figures } = feesOf(await proofOf(bench, '2026-08'));
    expect(codes).toEqual([]);
    expect(figures).toMatchObject({ difference: 0 });
  });

  test('where fees stand beside the sales, invoices settle them, each with its voucher', async () => {
    const { bench, merchant } = await fetched(trade, {
      api: { v1: { amounts: 'major-decimals', settlement: 'gross' } },
    });
    const july = [...merchant.v1Dates()].filter(({ date }) => date.startsWith('2026-07')).flatMap(({ rows }) => rows);
    const charged = july.reduce((total, row) => total + row.fee, 0);
    const open = feesOf(await proofOf(bench, '2026-07'));
    expect(open).toMatchObject({ codes: [], figures: { charged: -charged, closing: -charged, difference: 0 } });
    await record(bench, written('F-1', { 'capture-fee': [charged, 0] }));
    const { codes, figures, invoiced } = feesOf(await proofOf(bench, '2026-07'));
    expect(codes).toEqual([]);
    expect(figures).toMatchObject({ charged: -charged, invoiced: charged, closing: 0, compared: 0, difference: 0 });
    expect(invoiced).toMatchObject([
      { date: '2026-07-31', text: 'invoice F-1', vouchers: [expect.stringContaining('302400-20260731.D') as string] },
    ]);
  });
});

test.each([
  [
    'beside the sales, with the invoice of July',
    { api: { v1: { amounts: 'major-decimals', settlement: 'gross' } } },
    {},
  ],
  ['as a cost when they are invoiced', {}, { fees: { invoiced: 'on-invoice' } }],
] as const)('who takes over books whose fees are %s is told what is owed in them', async (_, source, changes) => {
  const { bench, merchant } = await fetched(trade, source);
  const run = async (...argv: readonly string[]): ReturnType<Bench['run']> => bench.runIn({ now }, ...argv);
  const v1 = [...merchant.v1Dates()].flatMap(({ date, rows }) => rows.map(({ fee }) => ({ date, fee })));
  const chargedIn = (month: string): number =>
    v1.filter(({ date }) => date.startsWith(month)).reduce((total, { fee }) => total + fee, 0);
  const config = JSON.parse(readFileSync(bench.path('bilag.config.json'), 'utf8')) as CompanyInput;
  const versions = config.policy.versions.map((version) => ({ ...version, ...changes }));
  bench.write('bilag.config.json', { ...config, policy: { ...config.policy, versions } });
  const isBeside = 'api' in source;
  if (isBeside) await record(bench, written('F-1', { 'capture-fee': [chargedIn('2026-07'), 0] }));
  const to = isBeside ? '2026-08-31' : '2026-08-30';
  expect(await run('export', '--target', 'saf-t', '--from', '2026-07-01', '--to', to)).toMatchObject({ code: 0 });
  const file = readdirSync(bench.path('output'), { recursive: true })
    .map(String)
    .find((name) => name.endsWith('.xml'));
  const { out } = await run('adopt', `output/${file ?? ''}`, '--json');
  const [{ cutOver }] = (
    JSON.parse(out) as { companies: readonly [{ cutOver: { openings: Record<string, { fees: number }> } }] }
  ).companies;
  const books = [...merchant.dates()].filter(({ date }) => date <= to).flatMap(({ fees }) => fees);
  const told = books.reduce((total, { amount }) => total + amount, 0);
  const owed = isBeside ? -chargedIn('2026-08') : told;
  expect(owed).toBeLessThan(0);
  expect(cutOver.openings['302400']?.fees).toBe(owed);
});
