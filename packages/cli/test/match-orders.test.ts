import type { MatchedOrder, OrderReport } from '@bilag/company';
import { formatAmount, plainDate, type Amount } from '@bilag/core';
import { generateMerchant, uneventful } from '@bilag/simulator-vipps';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cafeConfig, clearBenches, createBench, keysOf, startSimulator, type Bench } from './bench.ts';

afterAll(clearBenches);

/** A web shop with refunds now and then. */
const webShop = generateMerchant({
  seed: 'orders',
  market: 'NO',
  ledgerId: '302400',
  from: plainDate('2026-07-01'),
  to: plainDate('2026-07-07'),
  owner: { name: 'Kafé Eksempel AS', organisationNumber: '987654321' },
  salesUnits: [{ handle: 'api:123455', name: 'Kafé', trade: 'web-shop' }],
  capturesPerDay: 12,
  features: { ...uneventful, refunds: 1500 },
});

interface Sale {
  readonly reference: string;
  readonly psp: string;
  paid: number;
  refunded: number;
}

/** The shop's own orders: what it sold and paid back. */
function salesOf(): Sale[] {
  const sales = new Map<string, Sale>();
  for (const { entryType, reference, pspReference, amount } of [...webShop.dates()].flatMap(({ funds }) => funds)) {
    if (entryType !== 'capture' && entryType !== 'refund') continue;
    const key = reference ?? '';
    const sale = sales.get(key) ?? { reference: key, psp: pspReference ?? '', paid: 0, refunded: 0 };
    sales.set(key, sale);
    if (entryType === 'capture') sale.paid += amount;
    else sale.refunded -= amount;
  }
  return [...sales.values()];
}

const decimal = (minorUnits: number): string => formatAmount(minorUnits as Amount);

const csvOf = (sales: readonly Sale[]): string =>
  `\uFEFFordre;beløp;refundert\r\n${sales
    .map(({ reference, paid, refunded }) => `"${reference}";${decimal(paid)};${decimal(refunded)}\r\n`)
    .join('')}`.replaceAll('.', ',');

let bench: Bench;
beforeAll(async () => {
  bench = createBench();
  await using vipps = await startSimulator({ merchants: [webShop] });
  bench.env = keysOf(vipps);
  bench.write('bilag.config.json', cafeConfig(vipps.url));
  await bench.run('fetch', '--to', '2026-07-07');
});

const norwegian = ['--reference', 'ordre', '--amount', 'beløp', '--refunded', 'refundert'] as const;

type Reported = OrderReport & { readonly differences: readonly (MatchedOrder & { readonly action: string })[] };

async function match(content: string, ...flags: readonly string[]): Promise<Reported & { readonly code: number }> {
  bench.write('orders', content);
  const { code, out, messages } = await bench.run('match', 'orders', 'orders', ...flags, '--json');
  expect(messages).toBe('');
  return { ...(JSON.parse(out) as { readonly companies: readonly [Reported] }).companies[0], code };
}

async function refusal(content: string, ...flags: readonly string[]): Promise<string> {
  bench.write('orders', content);
  const { code, out, messages } = await bench.run('match', 'orders', 'orders', ...flags);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  return messages;
}

describe('the orders of a web shop against its ledger', () => {
  test('all agree to 0.00: sales and refunds, in a CSV of a Norwegian spreadsheet', async () => {
    const sales = salesOf();
    expect(sales.filter(({ refunded }) => refunded > 0).length).toBeGreaterThan(2);
    const { code, totals, differences, agrees, openDates } = await match(csvOf(sales), ...norwegian);
    expect({ code, differences, agrees, openDates }).toEqual({ code: 0, differences: [], agrees: true, openDates: 0 });
    const net = sales.reduce((total, { paid, refunded }) => total + paid - refunded, 0);
    expect(totals.matched).toEqual({ references: sales.length, orders: net, provider: net });
  });

  test('columns that the config names need no flags, and a flag goes before it', async () => {
    const written = JSON.parse(readFileSync(bench.path('bilag.config.json'), 'utf8')) as object;
    const orders = { reference: 'ordre', amount: 'beløp', refunded: 'refundert' };
    bench.write('bilag.config.json', { ...written, orders });
    expect(await match(csvOf(salesOf()))).toMatchObject({ code: 0, agrees: true });
    expect(await refusal(csvOf(salesOf()), '--amount', 'sum')).toContain('there is no column "sum"');
    bench.write('bilag.config.json', { ...written, orders: { reference: '' } });
    expect((await bench.run('match', 'orders', 'orders')).messages).toContain('orders.reference');
    bench.write('bilag.config.json', written);
    expect(await refusal(csvOf(salesOf()))).toContain('under orders in the config');
  });

  test('agree as JSON too: an array, one object a line, øre, refunds as rows, and the provider’s own references', async () => {
    const sales = salesOf();
    const rows = sales.flatMap(({ reference, paid, refunded }) => [
      { reference, amount: paid / 100, note: '{"a brace":' },
      ...(refunded === 0 ? [] : [{ reference, amount: decimal(-refunded) }]),
    ]);
    expect((await match(JSON.stringify(rows, null, 2))).code).toBe(0);
    const unrefunded = sales.filter(({ refunded }) => refunded === 0);
    const lines = unrefunded.map(({ psp, paid }) => JSON.stringify({ id: psp, øre: paid })).join('\n');
    const { totals } = await match(lines, '--reference', 'id', '--amount', 'øre', '--minor-units');
    expect(totals.matched.references).toBe(unrefunded.length);
    expect(totals['missing-at-provider'].references).toBe(0);
  });

  test('one of each kind of difference is found, with its row, its date and what to do', async () => {
    const [changed, forgotten, doubled, unpaidBack, ...rest] = salesOf().toSorted((a, b) => b.refunded - a.refunded);
    if (changed === undefined || forgotten === undefined || doubled === undefined || unpaidBack === undefined)
      throw new TypeError('the shop has too few orders');
    const planted = [
      { ...changed, paid: changed.paid + 1 },
      doubled,
      { ...unpaidBack, refunded: 0 },
      { reference: 'NEVER-PAID', psp: '', paid: 12_300, refunded: 0 },
      ...rest,
      { ...doubled, refunded: 0 },
    ];
    const { code, differences, totals } = await match(csvOf(planted), ...norwegian);
    expect(code).toBe(1);
    expect(unpaidBack.refunded).toBeGreaterThan(0);
    const found = new Map(differences.map((each) => [each.reference, each]));
    expect(Object.fromEntries(differences.map(({ reference, outcome }) => [reference, outcome]))).toEqual({
      [changed.reference]: 'amount-differs',
      [unpaidBack.reference]: 'amount-differs',
      [forgotten.reference]: 'missing-in-orders',
      [doubled.reference]: 'twice-in-orders',
      'NEVER-PAID': 'missing-at-provider',
    });
    expect(found.get(changed.reference)).toMatchObject({
      orders: { paid: changed.paid + 1, firstRow: 2 },
      provider: { paid: changed.paid, firstDate: expect.stringMatching(/^2026-07-0\d$/) as string },
      action: expect.stringContaining('correct') as string,
    });
    expect(found.get(doubled.reference)?.orders).toMatchObject({ firstRow: 3, lastRow: planted.length + 1 });
    expect(totals.matched.references).toBe(rest.length);
  });

  test('are told to a person line by line, with a table that adds up', async () => {
    bench.write('orders', csvOf([...salesOf(), { reference: 'NEVER-PAID', psp: '', paid: 12_300, refunded: 0 }]));
    const { code, out } = await bench.run('match', 'orders', 'orders', ...norwegian);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^NEVER-PAID: missing-at-provider: orders 123\.00 \(row \d+\); provider nothing\n  action: see whether/,
    );
    expect(out).toMatch(/\nmissing-at-provider +1 +123\.00 +0\.00 +123\.00\n/);
    expect(out).toMatch(/\nall +\d+ +[\d .]+ +123\.00\n/);
    expect(out).toContain('NOT every order agrees');
  });

  test('of a part of the week: what stands on another date is said, and is not missing in the orders', async () => {
    const { differences } = await match(csvOf(salesOf()), ...norwegian, '--from', '2026-07-01', '--to', '2026-07-03');
    expect(differences.map(({ outcome }) => outcome)).toContain('missing-at-provider');
    expect(differences.map(({ outcome }) => outcome)).not.toContain('missing-in-orders');
    const missing = differences.filter(({ outcome }) => outcome === 'missing-at-provider');
    expect(missing.some(({ besideRange }) => besideRange === '2026-07-04')).toBe(true);
  });

  test('do not agree while a date of the range is not fetched', async () => {
    const { code, agrees, findings } = await match(csvOf(salesOf()), ...norwegian, '--to', '2026-07-08');
    expect({ code, agrees }).toEqual({ code: 1, agrees: false });
    expect(findings.map(({ code: finding }) => finding)).toContain('date-not-fetched');
  });
});

describe('a file that cannot be read is refused, and nothing is matched', () => {
  test.for([
    ['reference,amount\nA-1,100.00\nA-2,1.234', 'row 3, column "amount"'],
    ['reference,amount\nA-1,"1 000,00"', 'row 2, column "amount"'],
    ['reference,amount\nA-1,', 'there is no amount'],
    ['reference,amount\n ,100.00', 'row 2, column "reference"'],
    ['reference,amount\nA-1,100,00', 'the row has 3 cells, and the titles are 2'],
    ['reference,amount\nA-1,"100.00', 'row 2'],
    ['order,amount\nA-1,100.00', 'there is no column "reference"'],
    ['reference,amount,amount\nA-1,1,2', 'column "amount" is there twice'],
    ['', 'the file is empty'],
    ['[{"reference":"A-1","amount":1},{"reference":"A-2","amount":true}]', 'row 2, column "amount"'],
    ['[{"reference":12345678901234567890,"amount":1}]', 'row 1, column "reference"'],
    ['[{"reference":"A-1","amount":1},{"reference":"A-2"', 'row 3'],
    ['[{"reference":"A-1","amount":1}', 'row 2'],
    ['[{"reference":"A-1","amount":1} {"reference":"A-2","amount":1}]', 'row 2'],
    ['{"orders":[]}', 'there is no column "reference"'],
    ['{"reference":"A-1","amount":1e30}', 'row 1, column "amount"'],
  ] as const)('%s', async ([content, said]) => {
    expect(await refusal(content)).toContain(said);
  });

  test('one that is not there, and one that is not in UTF-8', async () => {
    expect((await bench.run('match', 'orders', 'nowhere.csv')).messages).toContain('the file cannot be read');
    expect((await bench.run('match', 'orders', '.')).messages).toContain('this is not a file');
    writeFileSync(bench.path('latin'), Buffer.from('reference,amount\nbl\u00e5,1.00\n', 'latin1'));
    expect((await bench.run('match', 'orders', 'latin')).messages).toContain('not written in UTF-8');
  });
});
