import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainDate } from '@bilag/core';
import { openDeliveryLog } from '@bilag/engine';
import { generateMerchant, startVippsSimulator, uneventful, type VippsSimulator } from '@bilag/simulator-vipps';
import { startTripletexSimulator, type TripletexSimulator } from '@bilag/simulator-tripletex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram, type ProgramRun } from '../../../test/run-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'bilag-vipps-to-tripletex-'));
const merchant = generateMerchant({
  seed: 'nightly',
  market: 'NO',
  ledgerId: '302400',
  from: plainDate('2026-07-01'),
  to: plainDate('2026-07-02'),
  owner: { name: 'Kafé Eksempel AS', organisationNumber: '987654321' },
  salesUnits: [{ handle: 'api:123455', name: 'Kafé', trade: 'cafe' }],
  capturesPerDay: 4,
  features: uneventful,
});

let vipps: VippsSimulator;
let target: TripletexSimulator;

beforeAll(async () => {
  await beginLog();
  vipps = await startVippsSimulator({ merchants: [merchant], now: () => new Date('2026-07-08T10:00:00Z') });
  target = await startTripletexSimulator({
    companies: [{ id: 12, accounts: [{ number: '2960', name: 'Påløpte gebyrer' }] }],
  });
});
afterAll(async () => {
  await vipps.close();
  await target.close();
});

/** As if it had posted before: the first night of a log waits for as long as the target may not show what others wrote. */
async function beginLog(): Promise<void> {
  const log = await openDeliveryLog(join(folder, 'delivery.sqlite'));
  const request = { holder: 'test', now: 0, leaseMs: 1_000, requestTimeoutMs: 1_000 };
  const lease = await log.takeLease('merchant', request);
  await log.markWhole(lease);
  await log.releaseLease(lease);
  await log.close();
}

function night(last: string, changes: Record<string, string> = {}): Promise<ProgramRun> {
  const [keys] = vipps.credentials.merchants;
  const env = {
    CUT_OVER: '2026-07-01',
    VIPPS_BASE_URL: vipps.url,
    VIPPS_CLIENT_ID: keys?.clientId ?? '',
    VIPPS_CLIENT_SECRET: keys?.clientSecret ?? '',
    VIPPS_SUBSCRIPTION_KEY: keys?.subscriptionKey ?? '',
    VIPPS_MERCHANT_SERIAL_NUMBER: keys?.merchantSerialNumber ?? '',
    TRIPLETEX_HOST: target.url,
    TRIPLETEX_COMPANY_ID: '12',
    TRIPLETEX_CONSUMER_TOKEN: target.credentials.consumerToken,
    TRIPLETEX_EMPLOYEE_TOKEN: target.credentials.employeeTokens[12] ?? '',
    ...changes,
  };
  return runProgram(new URL('../src/main.ts', import.meta.url), [folder, last], { env });
}

describe('a job that runs every night', () => {
  test('posts each date once, with the payments attached', async () => {
    const first = await night('2026-07-01');
    expect(first).toMatchObject({ errors: '', code: 0 });
    expect(first.output).toContain('ledger 302400: 1 dates fetched');
    expect(first.output).toContain('plan: {"new":1,"unchanged":0');
    expect(first.output).toContain('done; 1 vouchers read back');
    expect(target.backDoor.company().vouchers().length).toBe(1);
    expect(
      target.backDoor
        .company()
        .vouchers()
        .every(({ attachment }) => attachment?.uploads.length === 1),
    ).toBe(true);

    const second = await night('2026-07-02');
    expect(second).toMatchObject({ errors: '', code: 0 });
    expect(second.output).toContain('ledger 302400: 1 dates fetched');
    expect(second.output).toContain('plan: {"new":1,"unchanged":1');
    expect(target.backDoor.company().vouchers().length).toBe(2);

    const third = await night('2026-07-02');
    expect(third).toMatchObject({ errors: '', code: 0 });
    expect(third.output).toContain('nothing; 2 vouchers read back');
    expect(target.backDoor.company().vouchers().length).toBe(2);
  });

  test('what stands on the clearing account is what Vipps owes', async () => {
    await night('2026-07-02');
    expect(target.backDoor.company().balances()['1579']).toBe(vipps.expected('302400').funds.closing);
  });

  test('a setting that cannot be read stops it before anything is sent', async () => {
    const before = target.requests.length;
    const { code, errors } = await night('2026-07-02', { CUT_OVER: 'soon' });
    expect(code).not.toBe(0);
    expect(errors).toContain('soon');
    expect(target.requests.length).toBe(before);
  });
});
