import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isClosed, plainDate, type LedgerDate } from '@bilag/core';
import { openArchive } from '@bilag/engine';
import { generateMerchant, startVippsSimulator, type VippsSimulator } from '@bilag/simulator-vipps';
import { vipps } from '@bilag/vipps';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { openCompany, type OpenCompany } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'bilag-follow-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const day = 86_400_000;
const cutOver = plainDate('2026-06-15');

/** Paid out on the first of each month: until then every date of the month is open. */
const monthly = generateMerchant({
  seed: 'monthly',
  market: 'NO',
  ledgerId: '302400',
  from: cutOver,
  to: plainDate('2026-07-15'),
  owner: { name: 'Kafé Eksempel AS', organisationNumber: '987654321' },
  payouts: 'monthly',
  capturesPerDay: 3,
  features: { quietDates: 2000 },
});

/** A provider whose clock a test sets, and companies with archives of their own that read it. */
class World implements AsyncDisposable {
  readonly simulator: VippsSimulator;
  readonly #clock: { ms: number };
  #count = 0;

  private constructor(simulator: VippsSimulator, clock: { ms: number }) {
    this.simulator = simulator;
    this.#clock = clock;
  }

  static async open(pageSize = 7): Promise<World> {
    const clock = { ms: Date.parse('2026-06-16T06:00:00Z') };
    const now = (): Date => new Date(clock.ms);
    return new World(await startVippsSimulator({ merchants: [monthly], now, pageSize }), clock);
  }

  pass(ms: number): void {
    this.#clock.ms += ms;
  }

  async company(
    signal?: AbortSignal,
    archive = `archive-${(this.#count += 1)}-${this.#clock.ms}`,
  ): Promise<OpenCompany> {
    const { clientId, clientSecret } = this.simulator.credentials.partner;
    return openCompany(
      {
        id: 'kafe',
        name: 'Kafé Eksempel AS',
        organisationNumber: '987654321',
        country: 'NO',
        currency: 'NOK',
        source: { kind: 'vipps', keys: 'accounting-partner', credentials: 'env:P', baseUrl: this.simulator.url },
        policy: { versions: [{ from: cutOver, market: 'NO', sales: { sale: '25' } }] },
        archive,
      },
      {
        folder,
        sources: [vipps],
        env: { P_CLIENT_ID: clientId, P_CLIENT_SECRET: clientSecret },
        now: () => new Date(this.#clock.ms),
        ...(signal === undefined ? {} : { signal }),
      },
    );
  }

  /** A night, the way a company goes on with its own archive; gives what the archive says after it. */
  async night(archive: string, signal?: AbortSignal): Promise<readonly string[]> {
    await using open = await this.company(signal, archive);
    const [ledger] = await open.fetch();
    if (ledger?.failures[0] !== undefined) throw ledger.failures[0].error;
    return await datesOf(open);
  }

  /** What somebody sees who asks for every date now, for the first time. */
  async byDate(): Promise<readonly string[]> {
    await using open = await this.company();
    await open.fetch();
    return await datesOf(open);
  }

  requests(kind: 'feed' | 'dates'): number {
    return this.simulator.requests.filter(({ path }) => path.includes(`/${kind}`)).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.simulator.close();
  }
}

async function datesOf(open: OpenCompany): Promise<readonly string[]> {
  const { last, until } = await open.dates();
  const dates = last === undefined ? [] : await Array.fromAsync(until(last));
  return dates.map(shown);
}

function shown(date: LedgerDate): string {
  const { accounts, entries } = date;
  const state = [isClosed(date), accounts.funds.closed, accounts.fees?.closed].join(' ');
  return `${date.date} ${state} ${entries
    .map(({ id }) => id)
    .toSorted()
    .join(' ')}`;
}

describe('a ledger that is open for long', () => {
  test('is followed by its feed, and says night after night what asking for every date says', async () => {
    await using world = await World.open();
    const archive = 'night-after-night';
    world.pass(8 * day);
    await world.night(archive);
    // From the middle of a month into the next one.
    for (let night = 0; night < 11; night += 1) {
      expect(await world.night(archive)).toEqual(await world.byDate());
      world.pass(day);
    }
    expect(world.requests('feed')).toBeGreaterThan(20);
  });

  test('costs a night what the night brings, not all that is open', async () => {
    await using world = await World.open(1000);
    const archive = 'what-a-night-costs';
    world.pass(10 * day);
    await world.night(archive);
    await world.night(archive);
    const before = world.requests('dates');
    world.pass(day);
    await world.night(archive);
    // The earliest open date and the new one, funds and fees of each.
    expect(world.requests('dates') - before).toBe(4);
  });

  test('can be stopped and cut anywhere, at any time of day, and is the same after that', async () => {
    const night = fc.record({
      hours: fc.integer({ min: 3, max: 150 }),
      goesWrong: fc.constantFrom('nothing', 'cut', 'stopped'),
      after: fc.integer({ min: 0, max: 6 }),
    });
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(night, { minLength: 2, maxLength: 4 }), async (nights) => {
        await using world = await World.open();
        const archive = `anywhere-${(runs += 1)}`;
        world.pass(9 * day);
        await world.night(archive);
        for (const { hours, goesWrong, after } of nights) {
          world.pass((hours * day) / 24);
          if (goesWrong !== 'nothing') await badNight(world, archive, goesWrong, after);
          expect(await world.night(archive)).toEqual(await world.byDate());
        }
      }),
      { numRuns: Number(process.env['BILAG_PROPERTY_RUNS'] ?? 5) },
    );
  });

  test('keeps where the feed goes on together with what it brought', async () => {
    await using world = await World.open();
    const archive = 'together';
    world.pass(9 * day);
    await world.night(archive);
    await badNight(world, archive, 'stopped', 2);
    const store = await openArchive(join(folder, archive));
    const place = JSON.parse((await store.cursor('feed of funds of 302400')) ?? '{}') as { dates: string[] };
    const pages = await Array.fromAsync(store.pages({ topic: 'funds' }));
    await store.close();
    const ofFeed = new Set(pages.flatMap(({ request, date }) => (request.includes('/feed') ? [date] : [])));
    expect(place.dates.toSorted()).toEqual([...ofFeed].toSorted());
    expect(ofFeed.size).toBeGreaterThan(0);
  });
});

/** A night in which the connection breaks or somebody stops the program, when so many pages of the feed have come. */
async function badNight(world: World, archive: string, how: 'cut' | 'stopped', after: number): Promise<void> {
  const stop = new AbortController();
  world.simulator.faults.arm(
    how === 'cut'
      ? { kind: 'malformed', on: 'feed', skip: after }
      : {
          kind: 'answer',
          on: 'feed',
          skip: after,
          answer: async (request, handle) => {
            stop.abort(new Error('stopped'));
            return handle(request);
          },
        },
  );
  await world.night(archive, stop.signal).catch(() => undefined);
  await world.simulator.faults.disarmAll();
}
