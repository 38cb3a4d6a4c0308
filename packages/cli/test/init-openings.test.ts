import { readFileSync, readdirSync } from 'node:fs';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainDate } from '@bilag/core';
import { generateMerchant, uneventful, type Merchant, type VippsSimulator } from '@bilag/simulator-vipps';
import { cafe, clearBenches, createBench, keysOf, startSimulator, type Bench, type Ran } from './bench.ts';

/** Was there long before: the provider owes it 1250.00 from June, and it owes 35.50 of fees. */
const old: Merchant = generateMerchant({
  seed: 'old',
  market: 'NO',
  ledgerId: '302400',
  from: plainDate('2026-07-01'),
  to: plainDate('2026-07-07'),
  owner: { name: 'Kafé Eksempel AS', organisationNumber: '987654321' },
  salesUnits: [{ handle: 'api:123455', name: 'Kafé', trade: 'cafe' }],
  openings: { funds: 125_000, fees: -3550 },
  settlement: 'gross',
  capturesPerDay: 4,
  features: uneventful,
});

let simulator: VippsSimulator;
let fresh: VippsSimulator;

beforeAll(async () => {
  simulator = await startSimulator({ merchants: [old] });
  fresh = await startSimulator({ merchants: [cafe] });
});

afterAll(async () => {
  await simulator.close();
  await fresh.close();
  clearBenches();
});

const keysFor = (running: VippsSimulator): Record<string, string> => {
  return { ...keysOf(running), VIPPS_BASE_URL: running.url };
};

/** Answers everything up to the openings, and then as given. */
async function initWith(bench: Bench, cutOver: string, ...answers: readonly string[]): Promise<Ran> {
  const before = ['Kafé AS', '987654321', '', '', '', '', '', '', '25', '', cutOver, 'csv'];
  const stdin = Object.assign(Readable.from([...before, ...answers].map((answer) => `${answer}\n`)), { isTTY: true });
  return bench.runIn({ stdin }, 'init', '--config', 'c.json');
}

function openingsIn(bench: Bench): unknown {
  return (JSON.parse(readFileSync(bench.path('c.json'), 'utf8')) as { policy: { openings?: unknown } }).policy.openings;
}

describe('bilag init proposes the openings', () => {
  test('as the Report API tells them, and Enter takes them', async () => {
    const bench = createBench();
    bench.env = keysFor(simulator);
    const { code, messages } = await initWith(bench, '2026-07-01', '');
    expect(messages).toContain(
      'Ledger 302400 before its first entry since 2026-07-01, by the Report API: funds 1250.00, fees -35.50. Payouts in transit are not in it.',
    );
    expect(messages).toContain('[302400=1250.00,-35.50]');
    expect(code).toBe(0);
    expect(openingsIn(bench)).toEqual({ '302400': { funds: 125_000, fees: -3550, inTransit: 0 } });
    expect(readdirSync(bench.folder)).toEqual(['c.json']);
    expect((await bench.run('fetch', '--config', 'c.json', '--until', '2026-07-07')).code).toBe(0);
    expect((await bench.run('book', '--config', 'c.json')).out).not.toContain('opening-differs');
  });

  test('and writes none when they are declined, or what is answered instead', async () => {
    const bench = createBench();
    bench.env = keysFor(simulator);
    await initWith(bench, '2026-07-01', 'nei');
    expect(openingsIn(bench)).toBeUndefined();
    const other = createBench();
    other.env = keysFor(simulator);
    await initWith(other, '2026-07-01', '302400=1250.00,-35.50,10.00', '');
    expect(openingsIn(other)).toEqual({ '302400': { funds: 125_000, fees: -3550, inTransit: 1000 } });
  });

  test('out of what was fetched already, without keys', async () => {
    const bench = createBench();
    bench.env = keysFor(simulator);
    await initWith(bench, '2026-07-01', 'no');
    await bench.run('fetch', '--config', 'c.json', '--until', '2026-07-03');
    bench.env = {};
    const stdin = Object.assign(Readable.from(['\n']), { isTTY: true });
    const given = ['--name', 'Kafé AS', '--organisation-number', '987654321', '--market', 'NO', '--id', 'kafe'];
    given.push('--currency', 'NOK', '--keys', 'merchant', '--credentials', 'env:VIPPS', '--revenue', 'sales');
    given.push('--sale', '25', '--payouts', 'direct', '--cut-over', '2026-07-01', '--targets', 'csv');
    const { code, messages } = await bench.runIn({ stdin }, 'init', '--config', 'c.json', '--force', ...given);
    expect(messages).toContain('as fetched before: funds 1250.00, fees -35.50');
    expect(code).toBe(0);
    expect(openingsIn(bench)).toEqual({ '302400': { funds: 125_000, fees: -3550, inTransit: 0 } });
  });

  test('and none for a ledger that begins with nothing', async () => {
    const bench = createBench();
    bench.env = keysFor(fresh);
    const { messages } = await initWith(bench, '2026-07-01', '');
    expect(messages).toContain('funds 0.00, fees');
    expect(messages).toContain('(empty when done)');
    expect(openingsIn(bench)).toBeUndefined();
  });

  test.each([
    ['there are no keys', () => ({}), '2026-07-01', 'are not set. To have them from the ledger: bilag fetch'],
    [
      'the provider refuses the keys',
      () => ({ ...keysFor(simulator), VIPPS_CLIENT_SECRET: 'wrong' }),
      '2026-07-01',
      "The ledger's balances were not read: ",
    ],
    ['the cut-over is yet to come', () => keysFor(simulator), '2026-09-01', 'No ledger tells its balances before'],
  ])('says how to get them where %s, and asks all the same', async (_, env, cutOver, said) => {
    const bench = createBench();
    bench.env = env();
    const { code, messages } = await initWith(bench, cutOver, '302400=1.00', '');
    expect(messages).toContain(said);
    expect(messages).toContain('then bilag book names each');
    expect(code).toBe(0);
    expect(openingsIn(bench)).toMatchObject({ '302400': { funds: 100 } });
  });
});
