import { openPostgres } from '@bilag/postgres';
import { afterAll, describe, expect, test } from 'vitest';
import { startPostgresServer } from '../../postgres/test/postgres-server.ts';
import { clearBenches, type Ran } from './bench.ts';
import { openDeliveryBench } from './delivery-bench.ts';

const server = await startPostgresServer('-c fsync=off');
afterAll(() => {
  server?.[Symbol.dispose]();
  clearBenches();
});
const database = { BILAG_DATABASE: server?.connectionString ?? '' };

describe.skipIf(server === undefined)('a company that is kept in PostgreSQL', () => {
  test('is fetched, booked, posted, verified and taken back as one that is kept in files', async () => {
    await using stage = await openDeliveryBench({ tripletex: { now: () => new Date(), rateLimit: null } });
    stage.configure({ store: 'database' });
    const { bench } = stage;
    const now = (): Date => new Date();
    const run = async (...argv: readonly string[]): Promise<Ran> =>
      bench.runIn({ now, env: { ...bench.env, ...database } }, ...argv);

    const withoutDatabase = await stage.run('fetch');
    expect(withoutDatabase).toMatchObject({ code: 2, messages: expect.stringContaining('BILAG_DATABASE') as string });
    expect(await run('fetch', '--to', '2026-07-07')).toMatchObject({ code: 2 });
    expect((await run('store', 'migrate', '--dry-run')).out).toMatch(/0001-delivery.sql: would be run/);
    expect((await run('store', 'migrate')).code).toBe(0);
    expect((await run('store', 'migrate')).out).toContain('up to date');

    const unknown = await run('book');
    expect(unknown).toMatchObject({
      code: 2,
      messages: expect.stringContaining('run bilag fetch or bilag import first') as string,
    });
    expect(await run('fetch', '--to', '2026-07-07')).toMatchObject({ code: 0 });
    expect((await run('apply', 'tripletex')).messages).toContain('run bilag connect tripletex first');
    expect(await run('connect', 'tripletex')).toMatchObject({ code: 0 });
    await begin();
    expect(await run('apply', 'tripletex')).toMatchObject({ code: 0 });
    expect(stage.tripletex.backDoor.company().vouchers()).toHaveLength(6);
    expect(await run('apply', 'tripletex')).toMatchObject({ code: 0 });
    expect(stage.tripletex.backDoor.company().vouchers()).toHaveLength(6);
    expect(await run('verify', 'tripletex')).toMatchObject({ code: 0 });
    expect((await run('status', 'tripletex')).out).toContain('PostgreSQL 127.0.0.1');
    expect(await run('undo', 'tripletex', '--from', '2026-07-01', '--to', '2026-07-31', '--yes')).toMatchObject({
      code: 0,
    });
    expect(stage.tripletex.backDoor.company().vouchers()).toHaveLength(12);
  });
});

test('a company that is kept in files asks no database, whichever is named', async () => {
  await using stage = await openDeliveryBench();
  const env = { ...stage.bench.env, BILAG_DATABASE: 'postgres://bilag@127.0.0.1:1/bilag' };
  expect(await stage.bench.runIn({ env }, 'fetch', '--to', '2026-07-07')).toMatchObject({ code: 0 });
});

/** As if it had posted before: a log that never has waits before its first voucher. */
async function begin(): Promise<void> {
  const postgres = await openPostgres({ connectionString: database.BILAG_DATABASE });
  const request = { holder: 'the test', now: 0, leaseMs: 60_000, requestTimeoutMs: 0 };
  const lease = await postgres.deliveries.takeLease('kafe', request);
  await postgres.deliveries.markWhole(lease);
  await postgres.deliveries.releaseLease(lease);
  await postgres.close();
}
