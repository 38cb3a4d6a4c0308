import { readdirSync } from 'node:fs';
import { plainDate } from '@bilag/core';
import { generateMerchant, startVippsSimulator, uneventful } from '@bilag/simulator-vipps';
import { afterAll, describe, expect, test } from 'vitest';
import { cafe, cafeConfig, clearBenches, Collector, createBench, keysOf, shop } from './bench.ts';
import { openDeliveryBench, plainPolicy, targetsOf, type DeliveryBench } from './delivery-bench.ts';

afterAll(clearBenches);

/** The café with its books in Tripletex, a shop without any, and one whose config is wrong. */
async function openOffice(): Promise<DeliveryBench> {
  const stage = await openDeliveryBench();
  const source = { kind: 'vipps', keys: 'accounting-partner', credentials: 'env:PARTNER', baseUrl: stage.vipps.url };
  stage.bench.env = { ...stage.bench.env, ...keysOf(stage.vipps) };
  const targets = targetsOf(stage.tripletex, stage.fiken);
  configure(stage, source, [
    { id: 'kafe', policy: plainPolicy, targets },
    { id: 'butikk', name: 'Butikk Eksempel AS', organisationNumber: '987654330', policy: plainPolicy },
  ]);
  expect(await stage.run('connect', 'tripletex', '--company', 'kafe')).toMatchObject({ code: 0 });
  return stage;
}

function configure(stage: DeliveryBench, source: object, companies: readonly object[]): void {
  const one = cafeConfig(stage.vipps.url) as object;
  stage.bench.write(
    'bilag.config.json',
    companies.map((company) => ({ ...one, ...company, source })),
  );
}

function partnerAt(url: string): object {
  return { kind: 'vipps', keys: 'accounting-partner', credentials: 'env:PARTNER', baseUrl: url };
}

describe('bilag night', () => {
  test('posts what is new, skips who has no such target, and says so in one line', async () => {
    await using stage = await openOffice();
    const first = await stage.run('night', 'tripletex');
    expect(first).toMatchObject({ code: 0, messages: '' });
    expect(first.out).toMatch(
      /^night of 2026-07-08T1\d:\d\dZ, target tripletex\n1 company done, 1 without the target; \d+ dates? fetched, 6 vouchers posted\n/,
    );
    const { out, code } = await stage.run('night', 'tripletex', '--json');
    expect(code).toBe(0);
    const { companies, night } = JSON.parse(out) as { companies: object[]; night: Record<string, unknown> };
    expect(companies).toMatchObject([{ companyId: 'kafe', asksFor: 'nothing', posted: 0 }]);
    expect(night).toMatchObject({ skipped: 1, posted: 0, counts: { nothing: 1 }, wrong: [], brokenOff: null });
    expect(readdirSync(stage.bench.folder)).toContain('office.sqlite');
  });

  test('tells in one table who needs a person and why, wrong companies too, and posts for the others', async () => {
    await using stage = await openOffice();
    const targets = targetsOf(stage.tripletex, stage.fiken);
    configure(stage, partnerAt(stage.vipps.url), [
      { id: 'odd', organisationNumber: 'none', policy: plainPolicy, targets },
      { id: 'butikk', name: 'Butikk Eksempel AS', organisationNumber: '987654330', policy: plainPolicy, targets },
      { id: 'kafe', policy: plainPolicy, targets },
    ]);
    const { code, out, messages } = await stage.run('night', 'tripletex');
    expect(code).toBe(3);
    expect(out).toContain('1 company done, 1 for a person');
    expect(out).toMatch(
      /for a person:\nCompany +Why +Where +Now\nbutikk +the target is not connected yet: .* run bilag connect tripletex first/,
    );
    expect(messages).toContain('write the digits of the organisation number');
    expect(stage.tripletex.backDoor.company().vouchers()).toHaveLength(6);
  });

  test('shows on a terminal what it is at, and in a pipe nothing but the result', async () => {
    await using stage = await openOffice();
    const terminal = Object.assign(new Collector(), { isTTY: true });
    expect((await stage.runIn({ stderr: terminal }, 'night', 'tripletex')).code).toBe(0);
    expect(terminal.text).toContain('night: 0 done; kafe');
  });

  test('says so when no company has the target, as when its name is spelt otherwise', async () => {
    await using stage = await openOffice();
    const { code, out, messages } = await stage.run('night', 'tripletx');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(messages).toContain('none of the 2 companies of the config has a target "tripletx"');
  });

  test('refuses a number of companies that is none', async () => {
    await using stage = await openOffice();
    expect(await stage.run('night', 'tripletex', '--at-once', '0')).toMatchObject({ code: 2, out: '' });
  });
});

describe('bilag discover', () => {
  test('tells what changed, keeps the night from delivering what a person must confirm, and lets it go on after that', async () => {
    await using stage = await openOffice();
    const first = await stage.run('discover');
    expect(first).toMatchObject({ code: 0, messages: '' });
    expect(first.out).toContain('2 ledgers seen; 2 changes since the last look');
    const elsewhere = generateMerchant({
      seed: 'kafé',
      market: 'NO',
      ledgerId: cafe.ledgerId,
      from: plainDate('2026-07-01'),
      to: plainDate('2026-07-07'),
      owner: { name: 'Kafé Eksempel AS', organisationNumber: '987654321' },
      salesUnits: [{ handle: 'api:123455', name: 'Kafé', trade: 'cafe' }],
      capturesPerDay: 8,
      features: uneventful,
      bankAccount: '12345678903',
    });
    await using vipps = await startVippsSimulator({ merchants: [elsewhere], now: stage.time.now });
    const targets = targetsOf(stage.tripletex, stage.fiken);
    configure(stage, partnerAt(vipps.url), [{ id: 'kafe', policy: plainPolicy, targets }]);
    const changed = await stage.run('discover');
    expect(changed.code).toBe(3);
    expect(changed.out).toMatch(/302400 +payout-account +payouts of ledger 302400 go to BBAN:NO 12345678903 now/);
    expect(changed.out).toMatch(new RegExp(`${shop.ledgerId} +gone +ledger ${shop.ledgerId} is not seen any more`));
    const stopped = await stage.run('night', 'tripletex');
    expect(stopped.code).toBe(3);
    expect(stopped.out).toContain('bilag discover --confirm 302400');
    expect(stage.tripletex.backDoor.company().vouchers()).toHaveLength(0);
    const confirmed = await stage.run('discover', '--confirm', '302400', '--by', 'Kari');
    expect(confirmed).toMatchObject({ code: 0, messages: '' });
    expect(confirmed.out).toContain('confirmed by Kari');
    expect((await stage.run('night', 'tripletex')).code).toBe(0);
    expect(stage.tripletex.backDoor.company().vouchers()).toHaveLength(6);
  });

  test('refuses to confirm what nobody waits for, and tells keys that cannot be asked', async () => {
    await using stage = await openOffice();
    expect(await stage.run('discover', '--confirm', '302400')).toMatchObject({ code: 2, out: '' });
    stage.bench.env = {};
    const { code, messages } = await stage.run('discover');
    expect(code).toBe(2);
    expect(messages).toContain('PARTNER_CLIENT_ID');
  });
});

describe('bilag status', () => {
  test('says how far each ledger is, and how it is read', async () => {
    await using stage = await openOffice();
    await stage.run('fetch', '--company', 'kafe');
    const { out } = await stage.run('status', '--company', 'kafe');
    expect(out).toContain(
      'ledger 302400, closed through: funds 2026-07-07, fees 2026-07-07; 1 date is open: each of them is asked for every time\n',
    );
  });

  test('says why a feed is followed', async () => {
    const clock = { now: new Date('2026-07-16T06:00:00Z') };
    const monthly = generateMerchant({
      seed: 'monthly',
      market: 'NO',
      ledgerId: '302403',
      from: plainDate('2026-07-01'),
      to: plainDate('2026-07-31'),
      owner: { name: 'Kafé Eksempel AS', organisationNumber: '987654321' },
      payouts: 'monthly',
      capturesPerDay: 3,
      features: uneventful,
    });
    await using vipps = await startVippsSimulator({ merchants: [monthly], now: () => clock.now });
    const bench = createBench();
    bench.env = keysOf(vipps);
    bench.write('bilag.config.json', { ...cafeConfig(vipps.url), source: partnerAt(vipps.url) });
    for (let night = 0; night < 2; night += 1) expect((await bench.runIn(clockOf(clock), 'fetch')).code).toBe(0);
    const { out } = await bench.run('status', '--json');
    expect(JSON.parse(out)).toMatchObject({ companies: [{ ledgers: [{ readBy: 'feed', openDates: 16 }] }] });
    expect((await bench.run('status')).out).toContain(
      '16 dates are open: the feed is followed, because many dates were open',
    );
  });
});

function clockOf(clock: { readonly now: Date }): { now: () => Date } {
  return { now: () => clock.now };
}
