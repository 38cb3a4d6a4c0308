import { plainDate } from '@bilag/core';
import { demoMerchants, startVippsSimulator } from '@bilag/simulator-vipps';
import { startFikenSimulator } from '@bilag/simulator-fiken';
import { bilagAccounts, startTripletexSimulator } from '@bilag/simulator-tripletex';
import { afterAll, describe, expect, test } from 'vitest';
import { demoCompanies, demoNow } from '../src/demo/demo-companies.ts';
import { clearBenches, createBench, type Ran } from './bench.ts';
import { keysOfTargets, targetsOf, tripletexCompany, VirtualTime } from './delivery-bench.ts';

afterAll(clearBenches);

/** Where what Vipps owes stands in each. */
const clearing = { tripletex: '1579', fiken: '1920:10002' } as const;

describe('the café’s generated quarter', () => {
  // Fiken can be asked for what was made since a day alone, and here all is made on one: each look reads all of it, so that
  // half a quarter, whose lists are more than a page, costs a quarter of a whole one.
  test.for([
    ['tripletex', '2026-09-30', 80],
    ['fiken', '2026-08-15', 40],
  ] as const)(
    'is posted to %s through %s, verifies clean, and survives being undone and posted again',
    async ([name, last, least]) => {
      await using stage = await openQuarter(last);
      const { run, vouchersIn, balanceIn, vipps } = stage;
      expect(await run('fetch', '--to', last)).toMatchObject({ code: 0, messages: '' });
      expect(await run('connect', name)).toMatchObject({ code: 0, messages: '' });

      const applied = JSON.parse((await run('apply', name, '--json')).out) as Applied;
      const [{ plan, outcomes, end }] = applied.companies;
      expect({ end, blocked: plan.counts.blocked }).toEqual({ end: 'done', blocked: 0 });
      expect(outcomes.length).toBeGreaterThan(least);
      expect(new Set(outcomes.map(({ state }) => state))).toEqual(new Set(['posted']));
      expect(outcomes.map(({ date }) => date)).toEqual(outcomes.map(({ date }) => date).toSorted());
      expect(vouchersIn(name)).toBe(outcomes.length);
      // To the øre what the simulator meant to happen while it made the trade up.
      expect(balanceIn(name, clearing[name])).toBe(vipps.expected('302401').funds.closing);
      await expectClean(await run('verify', name, '--json'), outcomes.length);

      const undone = await run('undo', name, '--run', applied.companies[0].run, '--yes', '--json');
      expect(undone).toMatchObject({ code: 0, messages: '' });
      expect(balanceIn(name, clearing[name])).toBe(0);
      expect(balanceIn(name, '3000')).toBe(0);

      // What was undone is held until it is released.
      expect(await run('apply', name)).toMatchObject({ messages: '' });
      expect(balanceIn(name, clearing[name])).toBe(0);
      expect((await run('release', name, '--from', '2026-01-01', '--to', '2026-12-31')).code).toBe(0);

      const again = JSON.parse((await run('apply', name, '--json')).out) as Applied;
      expect(again.companies[0]).toMatchObject({ end: 'done', plan: { counts: { new: outcomes.length } } });
      expect(balanceIn(name, clearing[name])).toBe(vipps.expected('302401').funds.closing);
      await expectClean(await run('verify', name, '--json'), outcomes.length);

      const third = JSON.parse((await run('apply', name, '--json')).out) as Applied;
      expect(third.companies[0]).toMatchObject({ end: 'nothing', outcomes: [] });
      expect(vouchersIn(name)).toBe(3 * outcomes.length);
    },
  );
});

interface Applied {
  readonly companies: readonly [
    {
      readonly run: string;
      readonly end: string;
      readonly plan: { readonly counts: { readonly new: number; readonly blocked: number } };
      readonly outcomes: readonly { readonly state: string; readonly date: string }[];
    },
  ];
}

async function expectClean({ code, out }: Ran, checked: number): Promise<void> {
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ companies: [{ checked, isClean: true, findings: [] }] });
}

async function openQuarter(last: string) {
  const time = new VirtualTime(demoNow);
  const organisationNumber = '987654314';
  const merchants = demoMerchants(plainDate(last));
  const vipps = await startVippsSimulator({ merchants, now: time.now });
  const tripletex = await startTripletexSimulator({
    now: time.now,
    companies: [{ id: tripletexCompany, organisationNumber, accounts: bilagAccounts }],
  });
  const fiken = await startFikenSimulator({
    now: () => time.ms,
    sleep: time.sleep,
    workMs: 0,
    companies: [{ slug: 'kafe-eksempel-as', name: 'Kaffebaren Eksempel AS', organizationNumber: organisationNumber }],
  });
  const cafe = demoCompanies(vipps.url).find(({ company }) => company.id === 'kaffebaren');
  const keys = vipps.credentials.merchants.find(({ merchantSerialNumber }) => merchantSerialNumber === '123401');
  const bench = createBench();
  bench.env = {
    ...keysOfTargets(tripletex, fiken),
    KAFFEBAREN_CLIENT_ID: keys?.clientId ?? '',
    KAFFEBAREN_CLIENT_SECRET: keys?.clientSecret ?? '',
    KAFFEBAREN_SUBSCRIPTION_KEY: keys?.subscriptionKey ?? '',
    KAFFEBAREN_MERCHANT_SERIAL_NUMBER: '123401',
  };
  bench.write('bilag.config.json', { ...cafe?.company, targets: targetsOf(tripletex, fiken) });
  return {
    vipps,
    run: (...argv: readonly string[]): Promise<Ran> => bench.runIn({ now: time.now, sleep: time.sleep }, ...argv),
    vouchersIn: (name: 'tripletex' | 'fiken'): number =>
      name === 'fiken' ? fiken.company().books.transactions.length : tripletex.backDoor.company().vouchers().length,
    balanceIn: (name: 'tripletex' | 'fiken', account: string): number =>
      name === 'fiken' ? fiken.company().balance(account) : (tripletex.backDoor.company().balances()[account] ?? 0),
    async [Symbol.asyncDispose]() {
      await vipps.close();
      await tripletex.close();
      await fiken.close();
    },
  };
}
