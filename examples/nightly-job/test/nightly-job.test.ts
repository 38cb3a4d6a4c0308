import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainDate } from '@bilag/core';
import { openDeliveryLog } from '@bilag/engine';
import { startFikenSimulator } from '@bilag/simulator-fiken';
import { startTripletexSimulator } from '@bilag/simulator-tripletex';
import { generateMerchant, startVippsSimulator, uneventful, type VippsSimulator } from '@bilag/simulator-vipps';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram, type ProgramRun } from '../../../test/run-program.ts';

const organisationNumber = '987654321';
const merchant = generateMerchant({
  seed: 'nightly',
  market: 'NO',
  ledgerId: '302400',
  from: plainDate('2026-07-01'),
  to: plainDate('2026-07-02'),
  owner: { name: 'Kafé Eksempel AS', organisationNumber },
  salesUnits: [{ handle: 'api:123455', name: 'Kafé', trade: 'cafe' }],
  capturesPerDay: 4,
  features: uneventful,
});

/** A target as the tests see it. */
interface Target {
  readonly env: Readonly<Record<string, string>>;
  readonly requests: readonly unknown[];
  /** Its vouchers, and whether each has its payments attached. */
  vouchers(): readonly boolean[];
  /** What stands on the clearing account. */
  clearing(): number | undefined;
  close(): Promise<void>;
}

async function startTripletex(): Promise<Target> {
  const accounts = [{ number: '2960', name: 'Påløpte gebyrer' }];
  const target = await startTripletexSimulator({ companies: [{ id: 12, organisationNumber, accounts }] });
  const books = target.backDoor.company();
  return {
    env: {
      TRIPLETEX_HOST: target.url,
      TRIPLETEX_COMPANY_ID: '12',
      TRIPLETEX_CONSUMER_TOKEN: target.credentials.consumerToken,
      TRIPLETEX_EMPLOYEE_TOKEN: target.credentials.employeeTokens[12] ?? '',
    },
    requests: target.requests,
    vouchers: () => books.vouchers().map(({ attachment }) => attachment?.uploads.length === 1),
    clearing: () => books.balances()['1579'],
    close: async () => target.close(),
  };
}

async function startFiken(): Promise<Target> {
  const target = await startFikenSimulator({
    companies: [{ slug: 'bilag-test-as', name: 'Bilag Test AS', organizationNumber: organisationNumber }],
  });
  return {
    env: {
      FIKEN_BASE_URL: target.baseUrl,
      FIKEN_COMPANY: 'bilag-test-as',
      FIKEN_TOKEN: target.credentials.token,
    },
    requests: target.requests,
    vouchers: () => {
      const { transactions, sales } = target.company().books;
      const attached = sales.every(({ files }) => files.length === 1);
      return transactions.map(() => attached);
    },
    clearing: () => target.company().balance('1920:10002'),
    close: async () => target.close(),
  };
}

let vipps: VippsSimulator;
beforeAll(async () => {
  vipps = await startVippsSimulator({ merchants: [merchant], now: () => new Date('2026-07-08T10:00:00Z') });
});
afterAll(() => vipps.close());

describe.each([
  ['tripletex', startTripletex, 1],
  ['fiken', startFiken, 2],
] as const)('a job that posts to %s every night', (name, start, perDate) => {
  const folder = mkdtempSync(join(tmpdir(), `bilag-nightly-job-${name}-`));
  let target: Target;
  beforeAll(async () => {
    await beginLog(folder);
    target = await start();
  });
  afterAll(() => target.close());

  function night(last: string, changes: Record<string, string> = {}): Promise<ProgramRun> {
    const [keys] = vipps.credentials.merchants;
    const env = {
      CUT_OVER: '2026-07-01',
      ORGANISATION_NUMBER: organisationNumber,
      VIPPS_BASE_URL: vipps.url,
      VIPPS_CLIENT_ID: keys?.clientId ?? '',
      VIPPS_CLIENT_SECRET: keys?.clientSecret ?? '',
      VIPPS_SUBSCRIPTION_KEY: keys?.subscriptionKey ?? '',
      VIPPS_MERCHANT_SERIAL_NUMBER: keys?.merchantSerialNumber ?? '',
      ...target.env,
      ...changes,
    };
    return runProgram(new URL('../src/main.ts', import.meta.url), [name, folder, last], { env });
  }

  test('posts each date once, with the payments attached', async () => {
    const first = await night('2026-07-01');
    expect(first).toMatchObject({ errors: '', code: 0 });
    expect(first.output).toContain('ledger 302400: 1 dates fetched');
    expect(first.output).toContain(`plan: {"new":${perDate},"unchanged":0`);
    expect(first.output).toContain(`done; ${perDate} vouchers read back`);
    expect(target.vouchers()).toEqual(Array(perDate).fill(true));

    const second = await night('2026-07-02');
    expect(second).toMatchObject({ errors: '', code: 0 });
    expect(second.output).toContain('ledger 302400: 1 dates fetched');
    expect(second.output).toContain(`plan: {"new":${perDate},"unchanged":${perDate}`);

    const third = await night('2026-07-02');
    expect(third).toMatchObject({ errors: '', code: 0 });
    expect(third.output).toContain(`nothing; ${2 * perDate} vouchers read back`);
    expect(target.vouchers()).toEqual(Array(2 * perDate).fill(true));
  });

  test('what stands on the clearing account is what Vipps owes', async () => {
    await night('2026-07-02');
    expect(target.clearing()).toBe(vipps.expected('302400').funds.closing);
  });

  test('a setting that cannot be read stops it before anything is sent', async () => {
    const before = target.requests.length;
    const { code, errors } = await night('2026-07-02', { CUT_OVER: 'soon' });
    expect(code).toBe(3);
    expect(errors).toContain('policy.versions.0.from');
    expect(target.requests.length).toBe(before);
  });
});

/** As if it had posted before: the first night of a log waits for as long as the target may not show what others wrote. */
async function beginLog(folder: string): Promise<void> {
  const log = await openDeliveryLog(join(folder, 'delivery/merchant.sqlite'), {
    memory: join(folder, 'archive/merchant'),
  });
  const request = { holder: 'test', now: 0, leaseMs: 1_000, requestTimeoutMs: 1_000 };
  const lease = await log.takeLease('merchant', request);
  await log.markWhole(lease);
  await log.releaseLease(lease);
  await log.close();
}
