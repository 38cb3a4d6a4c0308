import { plainDate } from '@bilag/core';
import { openArchive } from '@bilag/engine';
import { generateMerchant, uneventful, type Merchant, type VippsSimulator } from '@bilag/simulator-vipps';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDeliveryBench } from './delivery-bench.ts';
import {
  cafe,
  cafeConfig,
  clearBenches,
  Collector,
  createBench,
  keysOf,
  startSimulator,
  type Bench,
  type Ran,
} from './bench.ts';

afterAll(clearBenches);

/** A second ledger of the café’s owner. */
const kiosk: Merchant = generateMerchant({
  seed: 'kiosk',
  market: 'NO',
  ledgerId: '302401',
  from: plainDate('2026-07-01'),
  to: plainDate('2026-07-07'),
  owner: { name: 'Kafé Eksempel AS', organisationNumber: '987654321' },
  salesUnits: [{ handle: 'api:123456', name: 'Kiosk', trade: 'cafe' }],
  capturesPerDay: 4,
  features: uneventful,
});

/** Paid out once a week: its balances are not those of the cut-over again the next morning. */
const weekly: Merchant = generateMerchant({
  seed: 'weekly',
  market: 'NO',
  ledgerId: '302402',
  from: plainDate('2026-07-01'),
  to: plainDate('2026-07-05'),
  owner: { name: 'Kafé Eksempel AS', organisationNumber: '987654321' },
  salesUnits: [{ handle: 'api:123457', name: 'Kafé', trade: 'cafe' }],
  payouts: 'weekly',
  settlement: 'gross',
  capturesPerDay: 4,
  features: uneventful,
});

const week = ['--to', '2026-07-07'] as const;

function sourceAt(simulator: VippsSimulator, more: object = {}): never {
  const source = { kind: 'vipps', keys: 'accounting-partner', credentials: 'env:PARTNER', baseUrl: simulator.url };
  return { source: { ...source, ...more } } as never;
}

function benchAt(simulator: VippsSimulator, more: object = {}): Bench {
  const bench = createBench();
  bench.env = keysOf(simulator);
  bench.write('bilag.config.json', cafeConfig(simulator.url, sourceAt(simulator, more)));
  return bench;
}

interface Told {
  readonly ledgerId: string;
  readonly from: string;
  readonly to: string;
  readonly fetched: number;
  readonly open: readonly string[];
  readonly closedThrough: string | null;
  readonly failures: readonly { readonly date: string | null; readonly error: { readonly kind: string } }[];
}

function ledgersIn({ out }: Ran): readonly Told[] {
  return (JSON.parse(out) as { companies: { ledgers: Told[] }[] }).companies[0]?.ledgers ?? [];
}

/** A Report API on which a person decides which dates are closed, on each topic by itself. */
async function startDecided(): Promise<{ simulator: VippsSimulator; open: Set<string>; failing: Set<string> }> {
  const open = new Set<string>();
  const failing = new Set<string>();
  const simulator = await startSimulator({ merchants: [weekly] });
  const placeOf = (path: string): string => path.split('/').slice(-3).join(' ').replace(' dates', '');
  simulator.faults.arm({
    kind: 'answer',
    on: 'dates',
    times: Number.POSITIVE_INFINITY,
    answer: async (request, handle) => {
      const place = placeOf(request.path);
      if (failing.has(place)) return { status: 400, body: '' };
      const reply = await handle(request);
      const page = JSON.parse(String(reply.body)) as { items: unknown[]; tryLater: boolean };
      // Nothing of an open date has come yet.
      if (open.has(place)) Object.assign(page, { tryLater: true, items: [] });
      return { ...reply, body: JSON.stringify(page) };
    },
  });
  return { simulator, open, failing };
}

async function closedIn(bench: Bench): Promise<readonly string[]> {
  const archive = await openArchive(bench.path('archive', 'kafe'));
  try {
    const dates = await archive.dates({ to: plainDate('2026-07-07') });
    return dates.flatMap(({ topic, date, closed }) => (closed ? [`${topic} ${date}`] : []));
  } finally {
    await archive.close();
  }
}

describe('funds and fees close each at their own time', () => {
  const toFifth = ['--to', '2026-07-05'] as const;
  const dates = ['2026-07-01', '2026-07-02', '2026-07-03', '2026-07-04', '2026-07-05'] as const;
  const places = dates.flatMap((date) => [`funds ${date}`, `fees ${date}`]);

  test('fees that were left out are fetched from the cut-over on once they are asked for', async () => {
    await using simulator = await startSimulator();
    const bench = benchAt(simulator, { fees: false });
    expect((await bench.run('fetch', ...week)).code).toBe(0);
    bench.write('bilag.config.json', cafeConfig(simulator.url, sourceAt(simulator)));
    expect(ledgersIn(await bench.run('fetch', ...week, '--json'))).toMatchObject([
      { from: '2026-07-01', fetched: 7, closedThrough: '2026-07-07' },
    ]);
    expect((await bench.run('book', ...week)).out).toContain('equal on 7 of 7 dates');
  });

  test('a date whose fees are late is asked for until they have come, and no opening is advised meanwhile', async () => {
    const { simulator, open } = await startDecided();
    await using _ = simulator;
    const bench = benchAt(simulator);
    open.add('fees 2026-07-01');
    expect(ledgersIn(await bench.run('fetch', ...toFifth, '--json'))).toMatchObject([
      { open: ['2026-07-01'], closedThrough: null },
    ]);
    const early = await bench.run('book', ...toFifth);
    expect(early.out).not.toContain('set openings');
    expect(early.out).toContain('the dates before may be incomplete');
    open.clear();
    expect(ledgersIn(await bench.run('fetch', ...toFifth, '--json'))).toMatchObject([
      { from: '2026-07-01', fetched: 1, open: [], closedThrough: '2026-07-05' },
    ]);
    expect(await bench.run('book', ...toFifth)).toMatchObject({ code: 0, messages: '' });
  });

  test('whatever closes when, in the end every date of both topics is there, and the books are those of a single fetch', async () => {
    const { simulator, open, failing } = await startDecided();
    await using _ = simulator;
    const fetchLike = fc.record({ fees: fc.boolean(), open: fc.subarray(places), failing: fc.subarray(places) });
    const range = [...toFifth, '--json'] as const;
    const whole = benchAt(simulator);
    await whole.run('fetch', ...range);
    const books = (await whole.run('book', ...range)).out;
    await fc.assert(
      fc.asyncProperty(fc.array(fetchLike, { minLength: 1, maxLength: 4 }), async (nights) => {
        const bench = benchAt(simulator);
        const closed = new Set<string>();
        for (const night of nights) {
          open.clear();
          failing.clear();
          // What was closed once stays closed: the provider promises that.
          for (const place of night.open) if (!closed.has(place)) open.add(place);
          for (const place of night.failing) failing.add(place);
          bench.write('bilag.config.json', cafeConfig(simulator.url, sourceAt(simulator, { fees: night.fees })));
          await bench.run('fetch', ...range);
          for (const place of await closedIn(bench)) closed.add(place);
          const early = await bench.run('book', ...toFifth);
          expect(early.out).not.toContain('set openings');
        }
        open.clear();
        failing.clear();
        bench.write('bilag.config.json', cafeConfig(simulator.url, sourceAt(simulator)));
        expect(await bench.run('fetch', ...range)).toMatchObject({ code: 0, messages: '' });
        expect([...(await closedIn(bench))].sort()).toEqual([...places].sort());
        expect((await bench.run('book', ...range)).out).toBe(books);
      }),
      { numRuns: 10 },
    );
  });
});

describe('a ledger that vanishes from the list', () => {
  let simulator: VippsSimulator;
  let isGone = false;

  beforeAll(async () => {
    simulator = await startSimulator({ merchants: [cafe, kiosk] });
    simulator.faults.arm({
      kind: 'answer',
      on: 'ledgers',
      times: Number.POSITIVE_INFINITY,
      answer: async (request, handle) => {
        const reply = await handle(request);
        const page = JSON.parse(String(reply.body)) as { items: { ledgerId: string }[] };
        if (isGone) page.items = page.items.filter(({ ledgerId }) => ledgerId !== '302401');
        return { ...reply, body: JSON.stringify(page) };
      },
    });
  });
  afterAll(async () => simulator.close());

  /** Both ledgers through the fourth, and the café alone through the seventh. */
  async function withoutKiosk(more: object = {}): Promise<Bench> {
    isGone = false;
    const bench = benchAt(simulator, more);
    expect((await bench.run('fetch', '--to', '2026-07-04')).code).toBe(0);
    isGone = true;
    return bench;
  }

  test.for([{}, { ledgers: ['302400', '302401'] }])('is told, and the other ledger is fetched: %j', async (more) => {
    const bench = await withoutKiosk(more);
    const { code, out, messages } = await bench.run('fetch', ...week);
    expect(code).toBe(3);
    expect(out).toMatch(/302400 +NOK +2026-07-05 to 2026-07-07 +3 /);
    expect(messages).toContain('the keys do not see ledger 302401 any more');
    expect(messages).toContain("source.ended: { '302401': '2026-07-04' }");
  });

  test('that has ended by the config is complete: fetch is content, and its dates are in the books', async () => {
    const bench = await withoutKiosk();
    bench.write(
      'bilag.config.json',
      cafeConfig(simulator.url, sourceAt(simulator, { ended: { '302401': '2026-07-04' } })),
    );
    expect(await bench.run('fetch', ...week)).toMatchObject({ code: 0, messages: '' });
    const { code, out } = await bench.run('book', ...week);
    expect(code).toBe(0);
    expect(out).toContain('302401-20260704');
    expect(out).toMatch(/ledger 302401, .*equal on 4 of 4 dates/);
    expect(out).toMatch(/ledger 302400, .*equal on 7 of 7 dates/);
    const range = ['--from', '2026-07-01', '--until', '2026-07-07'] as const;
    expect(await bench.run('export', '--target', 'journal', ...range, '--out', 'out')).toMatchObject({
      code: 0,
      messages: '',
    });
  });

  test('whose last dates are missing is never taken for complete', async () => {
    const bench = await withoutKiosk();
    bench.write(
      'bilag.config.json',
      cafeConfig(simulator.url, sourceAt(simulator, { ended: { '302401': '2026-07-05' } })),
    );
    const { code, messages } = await bench.run('fetch', ...week);
    expect(code).toBe(3);
    expect(messages).toContain('ledger 302401 ended on 2026-07-05 by the config');
    expect(messages).toContain('its closed dates through 2026-07-04');
  });

  test('an end before entries that are there is an error, and the entries stay in the books', async () => {
    const bench = await withoutKiosk({ ended: { '302401': '2026-07-02' } });
    bench.write('bilag.config.json', cafeConfig(simulator.url, sourceAt(simulator)));
    isGone = false;
    await bench.run('fetch', '--to', '2026-07-04');
    bench.write(
      'bilag.config.json',
      cafeConfig(simulator.url, sourceAt(simulator, { ended: { '302401': '2026-07-02' } })),
    );
    const { code, out } = await bench.run('book', '--to', '2026-07-04');
    expect(code).toBe(1);
    expect(out).toContain('entries-after-end: 2026-07-03 has');
    expect(out).toContain('302401-20260703');
  });

  test('an end that is no date is refused', async () => {
    const bench = benchAt(simulator, { ended: { '302401': 'June' } });
    expect(await bench.run('fetch', ...week)).toMatchObject({
      code: 2,
      messages: expect.stringContaining('write the last ledger date as YYYY-MM-DD') as string,
    });
  });
});

describe('what goes wrong on one ledger keeps no other from its turn', () => {
  async function fetchWith(fault: object, match: (path: string) => boolean): Promise<Ran> {
    await using simulator = await startSimulator({ merchants: [cafe, kiosk] });
    simulator.faults.arm({
      on: 'dates',
      times: Number.POSITIVE_INFINITY,
      ...fault,
      match: ({ path }: { readonly path: string }) => match(path),
    } as never);
    return await benchAt(simulator).run('fetch', ...week, '--json');
  }

  test.for<[string, object, number, string]>([
    ['403', { kind: 'status', status: 403 }, 3, 'forbidden'],
    ['410', { kind: 'status', status: 410 }, 2, 'unsupported'],
    ['a page that is none', { kind: 'status', status: 200, body: '{"items":{}}' }, 1, 'rejected'],
  ])('%s', async ([, fault, code, kind]) => {
    const ran = await fetchWith(fault, (path) => path.includes('/302400/'));
    expect(ran.code).toBe(code);
    const [first, second] = ledgersIn(ran);
    expect(first).toMatchObject({ ledgerId: '302400', fetched: 0, closedThrough: null });
    expect(new Set(first?.failures.map(({ error }) => error.kind))).toEqual(new Set([kind]));
    expect(first?.failures.length).toBeLessThanOrEqual(3);
    expect(second).toMatchObject({ ledgerId: '302401', fetched: 7, failures: [], closedThrough: '2026-07-07' });
    expect(ran.messages).toContain('company kafe, ledger 302400, 2026-07-01: error:');
  });

  test('one bad date keeps no later one from its turn, and is asked for again', async () => {
    const bad = (path: string): boolean => path.endsWith('/302400/fees/dates/2026-07-03');
    const ran = await fetchWith({ kind: 'status', status: 400, body: '' }, bad);
    expect(ran.code).toBe(1);
    expect(ledgersIn(ran)).toMatchObject([
      { ledgerId: '302400', fetched: 6, closedThrough: '2026-07-02', failures: [{ date: '2026-07-03' }] },
      { ledgerId: '302401', fetched: 7, failures: [] },
    ]);
  });

  test('a closed date that the provider changes is a conflict of that date alone', async () => {
    await using simulator = await startSimulator({ merchants: [cafe, kiosk] });
    const bench = benchAt(simulator, { fees: false });
    await bench.run('fetch', '--to', '2026-07-02');
    bench.write('bilag.config.json', cafeConfig(simulator.url, sourceAt(simulator)));
    const changed = (date: string) => ({
      kind: 'broken-chain' as const,
      match: ({ path }: { readonly path: string }) => path.endsWith(`/302400/funds/dates/${date}`),
    });
    simulator.faults.arm(changed('2026-07-01'));
    const ran = await bench.run('fetch', ...week, '--json');
    expect(ran.code).toBe(3);
    expect(ledgersIn(ran)).toMatchObject([
      { ledgerId: '302400', fetched: 6, failures: [{ date: '2026-07-01', error: { kind: 'conflict' } }] },
      { ledgerId: '302401', fetched: 7, failures: [] },
    ]);
  });

  test('a ledger that changes its currency', async () => {
    await using simulator = await startSimulator({ merchants: [cafe, kiosk] });
    const bench = benchAt(simulator);
    await bench.run('fetch', '--to', '2026-07-02');
    simulator.faults.arm({
      kind: 'answer',
      on: 'ledgers',
      answer: async (request, handle) => {
        const reply = await handle(request);
        return { ...reply, body: String(reply.body).replace('NOK', 'EUR') };
      },
    });
    const ran = await bench.run('fetch', ...week, '--json');
    expect(ran.code).toBe(3);
    expect(ledgersIn(ran)).toMatchObject([
      { ledgerId: '302400', fetched: 0, failures: [{ date: null, error: { kind: 'conflict' } }] },
      { ledgerId: '302401', fetched: 5, failures: [] },
    ]);
  });
});

describe('what was posted of a ledger that has ended', () => {
  test.for<[string, object, readonly string[]]>([
    ['said to have ended', { ledgers: ['302400'], ended: { '302500': '2026-07-07' } }, []],
    ['left out of the config', { ledgers: ['302400'] }, ['ledger-left-out']],
  ])('stays as it is: %s', async ([, more, codes]) => {
    await using stage = await openDeliveryBench();
    const { run, configure, vipps } = stage;
    configure(sourceAt(vipps, { ledgers: ['302400', '302500'] }));
    await run('fetch', ...week);
    expect((await run('connect', 'tripletex')).code).toBe(0);
    expect(await run('apply', 'tripletex')).toMatchObject({ code: 0, messages: '' });

    configure(sourceAt(vipps, more));
    const { code, out } = await run('plan', 'tripletex', '--json');
    expect(code).toBe(0);
    const [company] = (JSON.parse(out) as { companies: Planned[] }).companies;
    expect(company).toMatchObject({ counts: { new: 0, changed: 0, missing: 0, blocked: 0 } });
    expect(company?.findings.map((finding) => finding.code)).toEqual(codes);
    expect((await run('verify', 'tripletex')).code).toBe(0);
  });
});

describe('what a person sees meanwhile', () => {
  async function fetchWatched(isTTY: boolean): Promise<Ran> {
    const busy = { kind: 'status', status: 429, headers: { 'retry-after': '1' }, on: 'dates' } as const;
    await using simulator = await startSimulator({ faults: [busy] });
    const stderr = Object.assign(new Collector(), { isTTY, columns: 100 });
    const ran = await benchAt(simulator).runIn({ stderr }, 'fetch', '--to', '2026-07-02');
    return { ...ran, messages: stderr.text };
  }

  test('on a terminal one line: the list, each date before it is asked for, and waits', async () => {
    const { code, messages } = await fetchWatched(true);
    expect(code).toBe(0);
    const shown = messages.split('\r\u001b[2K').filter((line) => line !== '');
    expect(shown).toEqual([
      'fetching kafe: which ledgers there are',
      'fetching kafe, ledger 302400, 2026-07-01',
      'the provider is busy or away: asking again in 1 s',
      'fetching kafe, ledger 302400, 2026-07-02',
    ]);
    expect(messages.endsWith('\r\u001b[2K')).toBe(true);
  });

  test('in a pipe nothing', async () => {
    expect(await fetchWatched(false)).toMatchObject({ code: 0, messages: '' });
  });
});

describe('a date whose chain needs the next date with entries', () => {
  const entry = (ledgerDate: string, entryType: string, before: number, moved: number): object => ({
    pspReference: `${before}`,
    time: `${ledgerDate}T20:00:00.000000Z`,
    ledgerDate,
    entryType,
    reference: 'order',
    currency: 'NOK',
    amount: moved,
    balanceBefore: before,
    balanceAfter: before + moved,
    recipientHandle: 'api:123457',
  });
  // The first date's payout stands after the third date's sale; nobody bought anything between.
  const pages = new Map<string, readonly object[]>([
    ['2026-07-01', [entry('2026-07-01', 'capture', 0, 1000), entry('2026-07-01', 'payout-scheduled', 3000, -1000)]],
    ['2026-07-03', [entry('2026-07-03', 'capture', 1000, 2000), entry('2026-07-03', 'payout-scheduled', 2000, -2000)]],
  ]);

  test('is in the books as soon as that is fetched, also across a day without entries', async () => {
    await using simulator = await startSimulator({ merchants: [weekly] });
    simulator.faults.arm({
      kind: 'answer',
      on: 'dates',
      times: Number.POSITIVE_INFINITY,
      answer: ({ path }) => {
        const items = pages.get(path.split('/').at(-1) ?? '') ?? [];
        return { status: 200, body: JSON.stringify({ items, hasMore: false, tryLater: false }) };
      },
    });
    const bench = benchAt(simulator, { fees: false });
    expect((await bench.run('fetch', '--to', '2026-07-02')).code).toBe(0);
    const day = ['--target', 'journal', '--period', '2026-07-01'] as const;
    expect(await bench.run('export', ...day)).toMatchObject({
      code: 3,
      messages: expect.stringContaining('fetch the next date') as string,
    });
    expect((await bench.run('fetch', '--to', '2026-07-03')).code).toBe(0);
    expect(await bench.run('export', ...day)).toMatchObject({ code: 0, messages: '' });
    expect(await bench.run('book', '--to', '2026-07-01')).toMatchObject({ code: 0, messages: '' });
  });
});

interface Planned {
  readonly findings: readonly { readonly code: string }[];
}
