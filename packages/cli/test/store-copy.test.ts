import { openDeliveryLog } from '@bilag/engine';
import { openPostgres } from '@bilag/postgres';
import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { newDatabase, startPostgresServer } from '../../postgres/test/postgres-server.ts';
import { clearBenches, type Ran } from './bench.ts';
import { openDeliveryBench, type DeliveryBench } from './delivery-bench.ts';

const server = await startPostgresServer('-c fsync=off');
afterAll(() => {
  server?.[Symbol.dispose]();
  clearBenches();
});

type Run = (...argv: readonly string[]) => Promise<Ran>;

interface Stage extends AsyncDisposable {
  readonly stage: DeliveryBench;
  readonly run: Run;
  /** A database of its own, with its tables. */
  readonly database: string;
}

/** A company that is kept in files, and has posted a week to Tripletex. */
async function openStage(): Promise<Stage> {
  const stage = await openDeliveryBench({ tripletex: { now: () => new Date(), rateLimit: null } });
  const database = await newDatabase(server?.connectionString ?? '');
  const env = { ...stage.bench.env, BILAG_DATABASE: database };
  const run: Run = (...argv) => stage.runIn({ now: () => new Date(), env }, ...argv);
  for (const argv of [
    ['store', 'migrate'],
    ['connect', 'tripletex'],
    ['apply', 'tripletex'],
  ]) {
    expect(await run(...argv)).toMatchObject({ code: 0 });
  }
  return { stage, run, database, [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose]() };
}

describe.skipIf(server === undefined)('a company moves from files to a database, and back', () => {
  test('nothing is posted twice, and nothing from where it was', async () => {
    await using opened = await openStage();
    const { stage, run } = opened;
    const posted = (): number => stage.tripletex.backDoor.company().vouchers().length;
    const before = posted();
    expect(before).toBeGreaterThan(3);

    const copied = await run('store', 'copy', '--to', 'database', '--json');
    expect(copied).toMatchObject({ code: 0, messages: '' });
    expect(JSON.parse(copied.out)).toMatchObject({
      companies: [{ company: 'kafe', outcome: 'copied', readings: 14, pages: 14, rows: before, runs: 1 }],
    });
    const fromFiles = await run('apply', 'tripletex');
    expect(fromFiles.code).not.toBe(0);
    expect(fromFiles.messages).toContain('nothing was sent');
    expect((await run('store', 'copy', '--to', 'database')).messages).toContain('deliveries went on in another log');

    stage.configure({ store: 'database' });
    expect(await run('apply', 'tripletex')).toMatchObject({ code: 0 });
    expect(posted()).toBe(before);
    expect((await run('store', 'copy', '--to', 'database')).out).toContain('is kept there already');
    const undo = ['undo', 'tripletex', '--from', '2026-07-05', '--to', '2026-07-07', '--yes'];
    expect(await run(...undo)).toMatchObject({ code: 0 });
    const after = posted();
    expect(after).toBeGreaterThan(before);
    expect(await run('verify', 'tripletex')).toMatchObject({ code: 0 });

    const back = await run('store', 'copy', '--to', 'files');
    expect(back).toMatchObject({ code: 0 });
    expect(back.out).toContain(`${after} vouchers and reversals`);
    expect((await run('apply', 'tripletex')).messages).toContain('nothing was sent');
    stage.configure({ store: 'files' });
    expect(await run('apply', 'tripletex')).toMatchObject({ code: 0 });
    expect(await run('verify', 'tripletex')).toMatchObject({ code: 0 });
    expect(posted()).toBe(after);
  });

  test('a copy that was cut off is begun again, and what is there and not here is never mixed with it', async () => {
    await using opened = await openStage();
    const { stage, run, database } = opened;
    const postgres = await openPostgres({ connectionString: database });
    try {
      // A part of the log, as a copy leaves it that is killed.
      const log = await openDeliveryLog(stage.bench.path('delivery/kafe.sqlite'));
      const rows = await log.rows('kafe');
      await log.close();
      const request = { holder: 'the test', now: Date.now(), leaseMs: 60_000, requestTimeoutMs: 0 };
      const lease = await postgres.deliveries.takeLease('kafe', request);
      await postgres.deliveries.save(lease, rows.slice(0, 2));
      const [first] = rows;
      if (first === undefined) throw new Error('it has posted');
      const newer = { ...first, updatedAt: first.updatedAt + 1 };
      await postgres.deliveries.save(lease, [newer]);
      await postgres.deliveries.releaseLease(lease);
      const refused = await run('store', 'copy', '--to', 'database');
      expect(refused.messages).toContain(`${first.reference} is newer there`);
      expect(await run('apply', 'tripletex')).toMatchObject({ code: 0 });

      const again = await postgres.deliveries.takeLease('kafe', { ...request, now: Date.now() });
      await postgres.deliveries.save(again, [first]);
      await postgres.deliveries.releaseLease(again);
      expect(await run('store', 'copy', '--to', 'database')).toMatchObject({ code: 0 });
      expect(await postgres.deliveries.rows('kafe')).toHaveLength(rows.length);
    } finally {
      await postgres.close();
    }
  });

  test('a damaged page and a place that is not named are refused, and nothing changes', async () => {
    await using opened = await openStage();
    const { stage, run } = opened;
    expect((await run('store', 'copy')).messages).toContain('--to database or --to files');
    const [page = ''] = globSync(join(stage.bench.folder, '**/pages/*/*.gz'));
    writeFileSync(page, 'damaged');
    expect((await run('store', 'copy', '--to', 'database')).messages).toContain('damaged');
  });
});
