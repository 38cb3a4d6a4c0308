import type { Adoption } from '@bilag/company';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cafeConfig, clearBenches, contentsOf, safTConfig } from './bench.ts';
import { openDeliveryBench, type DeliveryBench } from './delivery-bench.ts';

const version = { from: '2026-07-01', market: 'NO', sales: { sale: '25' }, lines: 'summary' } as const;
const targets = { 'saf-t': { adapter: '@bilag/saf-t', config: safTConfig } };

let stage: DeliveryBench;
/** The café's first days, as our own adapter writes them: 1 to 4 July, and nothing on Sunday the 5th. */
let books: string;

beforeAll(async () => {
  stage = await openDeliveryBench();
  books = await exported('books', '2026-07-01', '2026-07-05');
}, 120_000);
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  clearBenches();
});

async function exported(
  folder: string,
  from: string,
  to: string,
  policy: object = { versions: [version] },
): Promise<string> {
  stage.bench.write('bilag.config.json', cafeConfig(stage.vipps.url, { policy: policy as never, targets }));
  const range = ['--from', from, '--to', to, '--out', folder];
  expect(await stage.run('export', '--target', 'saf-t', ...range)).toMatchObject({ code: 0 });
  const [name = ''] = readdirSync(stage.bench.path(folder));
  return readFileSync(stage.bench.path(folder, name), 'utf8');
}

async function adopt(
  xml: string,
  policy: object = { versions: [version] },
): Promise<{ readonly code: number; readonly told: Adoption }> {
  stage.bench.write('existing.xml', xml);
  stage.bench.write('bilag.config.json', cafeConfig(stage.vipps.url, { policy: policy as never, targets }));
  const { code, out, messages } = await stage.run('adopt', 'existing.xml', '--json');
  expect(messages).toBe('');
  return { code, told: (JSON.parse(out) as { readonly companies: readonly [Adoption] }).companies[0] };
}

/** The line of a payout on the clearing account. */
function payoutLine(number: number): RegExp {
  const rest = `<AccountID>1579</AccountID>\\s*<Description>Utbetaling 200000${number}</Description>(?:(?!</Line>)[^])*</Line>`;
  return new RegExp(`<Line>\\s*<RecordID>\\d+</RecordID>\\s*${rest}`);
}

function oreOf(line: string): number {
  return Math.round(Number(/<Amount>([\d.]+)</.exec(line)?.[1]) * 100);
}

const vouchersOf = (xml: string): readonly string[] =>
  [...xml.matchAll(/<TransactionID>(.*?)</g)].map(([, id = '']) => id);

describe('books in a SAF-T file', () => {
  test('that our own adapter wrote are recognised to the øre, and nothing is written', async () => {
    stage.bench.write('existing.xml', books);
    const before = contentsOf(stage.bench.folder);
    const { code, told } = await adopt(books);
    expect({ code, differences: told.differences }).toEqual({ code: 0, differences: [] });
    expect(told.days).toHaveLength(8);
    expect(told.days.every(({ isBooked, ledger, books: theirs }) => isBooked && ledger === theirs)).toBe(true);
    expect(told.cutOver).toEqual({
      from: '2026-07-05',
      openings: { '302400': { funds: 0, fees: 0, inTransit: 0 } },
    });
    const after = contentsOf(stage.bench.folder);
    expect(Object.keys(after)).toEqual(Object.keys(before));
  });

  test('however and whenever the policy would post them itself', async () => {
    const versions = [{ ...version, grouping: 'payout', lines: 'entry' }];
    const { code, told } = await adopt(books, { versions, lockedThrough: '2026-07-06' });
    expect({ code, differences: told.differences }).toEqual({ code: 0, differences: [] });
  });

  test('where the policy leaves the sales to the system whose books these are', async () => {
    const sales = { revenue: 'already-booked', sale: null, refunds: 'already-booked' };
    const { code, told } = await adopt(books, { versions: [{ ...version, sales }] });
    expect({ code, differences: told.differences }).toEqual({ code: 0, differences: [] });
    expect(told.days).toHaveLength(8);
  });

  test('a payout booked twice, one missing and one with another amount are found, each with its date and amounts', async () => {
    const [twice = '', missing = '', other = ''] = [1, 2, 3].map((number) => payoutLine(number).exec(books)?.[0]);
    const planted = books
      .replace(twice, twice + twice)
      .replace(missing, '')
      .replace(other, other.replace(/<Amount>.*?</, '<Amount>1000.00<'));
    const { code, told } = await adopt(planted);
    expect(code).toBe(1);
    const [first, second, third] = [twice, missing, other].map((line) => -oreOf(line));
    expect(told.differences).toMatchObject([
      { kind: 'doubled', account: '1579', date: '2026-07-01', ledger: 0, books: first },
      { kind: 'missing', account: '1579', date: '2026-07-02', ledger: second, books: 0 },
      { kind: 'other-amount', account: '1579', date: '2026-07-03', ledger: third, books: -100_000 },
    ]);
    const { out } = await stage.run('adopt', 'existing.xml');
    expect(out).toMatch(/2026-07-01 +1579 +booked twice .*302400-20260701/);
    expect(out).toMatch(/2026-07-02 +1579 +not booked/);
    expect(out).toMatch(/2026-07-03 +1579 +other amount .*-1 000\.00/);
    expect(out).toContain('"from": "2026-07-05"');
  });

  test('the proposed cut-over books on: every voucher of the week once, with the openings proved', async () => {
    const short = await exported('short', '2026-07-01', '2026-07-02');
    const whole = await exported('whole', '2026-07-01', '2026-07-07');
    const { told } = await adopt(short);
    if ('why' in told.cutOver) throw new Error(told.cutOver.why);
    const { from, openings } = told.cutOver;
    expect(from).toBe('2026-07-03');
    const later = await exported('later', from, '2026-07-07', { versions: [{ ...version, from }], openings });
    expect([...vouchersOf(short), ...vouchersOf(later)]).toEqual(vouchersOf(whole));
    expect(await stage.run('book')).toMatchObject({ code: 0 });
  });

  test('books that reach further than the ledger get no cut-over', async () => {
    const { code, told } = await adopt(books.replaceAll('2026-07-04', '2026-07-20'));
    expect(code).toBe(1);
    expect(told.to).toBe('2026-07-07');
    expect(told.cutOver).toMatchObject({ why: expect.stringContaining('reach to 2026-07-20') as string });
  });
});

describe('is refused:', () => {
  test.for([
    ['the file of another company', (xml: string) => xml.replaceAll('987654321', '987654330'), 'of company 987654330'],
    ['a file in another currency', (xml: string) => xml.replace('>NOK<', '>EUR<'), 'in EUR, not in NOK'],
    ['half a file', (xml: string) => xml.slice(0, -200), 'not well-formed'],
    ['a file of another kind', () => '<other/>', 'not a Norwegian SAF-T Financial file'],
  ] as const)('%s', async ([, change, said]) => {
    stage.bench.write('wrong.xml', change(books));
    const { code, out, messages } = await stage.run('adopt', 'wrong.xml');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(messages).toContain(said);
  });

  test('neither a file nor a target, both, and a file that no adapter reads', async () => {
    expect(await stage.run('adopt')).toMatchObject({ code: 2 });
    expect(await stage.run('adopt', 'existing.xml', '--target', 'tripletex')).toMatchObject({ code: 2 });
    const { code, messages } = await stage.run('adopt', 'existing.pdf');
    expect(code).not.toBe(0);
    expect(messages).toContain('no adapter reads the books in');
  });
});

test('a target is read by its own list: what Bilag posted is recognised, what a person deleted is missing', async () => {
  stage.configure();
  await stage.run('connect', 'tripletex');
  await stage.run('apply', 'tripletex');
  expect(await stage.run('adopt', '--target', 'tripletex')).toMatchObject({ code: 0 });
  const held = stage.tripletex.backDoor.company();
  held.delete(held.holding('302400-20260703')[0]?.id ?? 0);
  const { code, out } = await stage.run('adopt', '--target', 'tripletex');
  expect(code).toBe(1);
  expect(out).toMatch(/2026-07-03 +1579 +not booked/);
}, 60_000);
