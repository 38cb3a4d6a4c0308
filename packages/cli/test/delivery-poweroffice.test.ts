import { startPowerOfficeSimulator } from '@bilag/simulator-poweroffice';
import { afterAll, expect, test } from 'vitest';
import { cafeConfig, clearBenches, createBench, keysOf, startSimulator } from './bench.ts';
import { plainPolicy, VirtualTime } from './delivery-bench.ts';

afterAll(clearBenches);

test('a week of the café goes to PowerOffice Go, is checked there, and is taken back', async () => {
  const time = new VirtualTime();
  await using vipps = await startSimulator();
  await using go = await startPowerOfficeSimulator({ now: time.now });
  const bench = createBench();
  const { applicationKey, subscriptionKey, clientKeys } = go.credentials;
  bench.env = {
    ...keysOf(vipps),
    POWEROFFICE_APPLICATION_KEY: applicationKey,
    POWEROFFICE_SUBSCRIPTION_KEY: subscriptionKey,
    POWEROFFICE_CLIENT_KEY: clientKeys[1] ?? '',
  };
  const target = { adapter: '@bilag/poweroffice', config: { host: go.url, credentials: 'env:POWEROFFICE' } };
  bench.write('bilag.config.json', cafeConfig(vipps.url, { policy: plainPolicy, targets: { poweroffice: target } }));
  const run = async (...argv: readonly string[]): Promise<string> => {
    const { code, out, messages } = await bench.runIn({ now: time.now, sleep: time.sleep }, ...argv);
    expect([argv.join(' '), code, messages]).toEqual([argv.join(' '), 0, '']);
    return out;
  };
  const client = go.backDoor.client();

  await run('fetch', '--to', '2026-07-07');
  expect(await run('connect', 'poweroffice')).toContain('ready: bilag plan poweroffice');
  await run('plan', 'poweroffice');
  expect(client.vouchers()).toEqual([]);

  // The first is booked, and its reply lost.
  go.faults.arm({ kind: 'cut', strikes: 'after', on: 'post' });
  await run('apply', 'poweroffice');
  const references = client.vouchers().map(({ externalImportReference }) => externalImportReference);
  expect(references.length).toBeGreaterThan(4);
  expect(new Set(references).size).toBe(references.length);
  expect(client.vouchers().every(({ documentation }) => documentation !== null)).toBe(true);
  const booked = client.balances();
  expect(booked['3000']).toBeLessThan(0);
  expect(booked['2700']).toBeLessThan(0);

  await run('verify', 'poweroffice');
  await run('apply', 'poweroffice');
  expect(client.vouchers()).toHaveLength(references.length);

  await run('undo', 'poweroffice', '--from', '2026-07-01', '--to', '2026-07-07', '--yes');
  expect(client.vouchers()).toHaveLength(2 * references.length);
  expect(new Set(Object.values(client.balances()))).toEqual(new Set([0]));
  expect(go.failures).toEqual([]);
});
