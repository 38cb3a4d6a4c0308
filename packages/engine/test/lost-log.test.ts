import { copyFileSync, linkSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createVoucher, plainDate } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import {
  apply,
  openDeliveryLog,
  plan,
  rebuild,
  undo,
  verify,
  type DeliveryContext,
  type DeliveryResult,
  type DeliveryStore,
  type DeliveryWait,
} from '../src/index.ts';
import { settlesMs } from './fake-books.ts';
import { startFakeRun, type FakeRun } from './fake-run.ts';
import { temporaryFolder } from './run-program.ts';
import { bookedDates, sampleVoucher, type Sample } from './sample-vouchers.ts';

const year = { from: plainDate('2026-01-01'), to: plainDate('2026-12-31') };
const companyId = 'kaffebaren';

/** Applies these samples as one who has this log. */
async function post(
  { context }: FakeRun,
  store: DeliveryStore,
  samples: readonly Sample[],
  period = year,
  change: Partial<DeliveryContext> = {},
): Promise<DeliveryResult> {
  const dates = bookedDates(samples.map(sampleVoucher));
  return apply(await plan({ companyId, store, ...period, dates }), { ...context, ...change, store });
}

const three = [{ index: 0 }, { index: 1 }, { index: 2 }];
const four = [...three, { index: 3 }];

function liveReferences({ books }: FakeRun): string[] {
  return books.vouchers
    .filter(({ state, reverses }) => state === 'live' && reverses === undefined)
    .map(({ reference }) => reference);
}

function expectEachOnce(run: FakeRun, count: number): void {
  expect([new Set(liveReferences(run)).size, liveReferences(run).length]).toEqual([count, count]);
}

/** A log that does not know of anything, with nothing beside it that does: another machine, or all is lost. */
function otherLog(): Promise<DeliveryStore> {
  return openDeliveryLog(join(temporaryFolder(), 'delivery.sqlite'));
}

/** Puts another file in the place of the log, or none. */
async function exchanged(run: FakeRun, backup?: string): Promise<DeliveryStore> {
  await run.store.close();
  for (const end of ['', '-wal', '-shm']) rmSync(run.store.where + end, { force: true });
  if (backup !== undefined) copyFileSync(backup, run.store.where);
  return openDeliveryLog(run.store.where);
}

/** A copy as a backup takes one. */
async function backupOf({ store }: FakeRun): Promise<string> {
  const path = join(temporaryFolder(), 'backup.sqlite');
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(store.where);
  database.prepare('VACUUM INTO ?').run(path);
  database.close();
  return path;
}

describe('the first log of a company', () => {
  test('waits before its first voucher, says so, and never again', async () => {
    await using run = await startFakeRun();
    const waits: DeliveryWait[] = [];
    const begun = run.clock.now();
    const onWait = (wait: DeliveryWait): void => void waits.push(wait);
    expect(await post(run, run.store, [{ index: 0 }], year, { onWait })).toMatchObject({ end: 'done' });
    expect(run.clock.now()).toBe(begun + 60_000 + settlesMs);
    expect(waits).toEqual([{ until: begun + 60_000 + settlesMs, why: expect.stringContaining('may not show yet') }]);
    expect(await post(run, run.store, three, year, { onWait })).toMatchObject({ end: 'done' });
    expect([waits.length, run.clock.now()]).toEqual([1, begun + 60_000 + settlesMs]);
  });

  test('does not wait where nothing is to be sent', async () => {
    await using run = await startFakeRun();
    const begun = run.clock.now();
    expect(await post(run, run.store, [])).toMatchObject({ end: 'nothing' });
    expect(run.clock.now()).toBe(begun);
  });

  test('waits also when it was connected long ago: another may have begun in between', async () => {
    await using run = await startFakeRun();
    run.books.searchDelayMs = settlesMs - 1_000;
    const store = await otherLog();
    expect(await post(run, store, [])).toMatchObject({ end: 'nothing' });
    run.clock.pass(86_400_000);
    await post(run, run.store, three);
    await expect(post(run, store, four)).rejects.toMatchObject({ kind: 'conflict' });
    expectEachOnce(run, 3);
    await store.close();
  });

  test('does not wait at a target that refuses a second voucher itself', async () => {
    await using run = await startFakeRun({ kind: 'server-reference' });
    const begun = run.clock.now();
    await post(run, run.store, three);
    expect(run.clock.now()).toBe(begun);
  });
});

describe('a log that is not the one which delivered', () => {
  test.each([0, settlesMs - 1_000])(
    'posts nothing of it, when the target shows it after %i ms',
    async (searchDelayMs) => {
      await using run = await startFakeRun();
      run.books.searchDelayMs = searchDelayMs;
      await post(run, run.store, three);
      const store = await otherLog();
      const refusal = await post(run, store, four).catch((error: unknown) => error as Error);
      expect(refusal).toMatchObject({ kind: 'conflict' });
      expect(String(refusal)).toMatch(/3 vouchers of ours that the log does not know.*302321-20260302 of 2026-03-02/);
      expectEachOnce(run, 3);
      await rebuild(four.map(sampleVoucher), { ...run.context, store });
      expect(await post(run, store, four)).toMatchObject({ end: 'done' });
      expectEachOnce(run, 4);
      await store.close();
    },
  );

  test('posts nothing of it under another grouping, also when one day of sales booked elsewhere is applied', async () => {
    await using run = await startFakeRun();
    const facts = three.flatMap((sample) => sampleVoucher(sample).facts);
    await post(run, run.store, [{ index: 2, key: '302321-P20260304', gross: 300, facts }]);
    const store = await otherLog();
    const day = { from: plainDate('2026-03-02'), to: plainDate('2026-03-02') };
    await expect(post(run, store, three, day, {})).rejects.toMatchObject({ kind: 'conflict' });
    expectEachOnce(run, 1);
    await store.close();
  });

  test('posts nothing of what was moved ahead of today, out of a period that was closed early', async () => {
    await using run = await startFakeRun();
    const moved = [sampleVoucher({ index: 0 })].map((voucher) =>
      createVoucher({ ...voucher, date: plainDate('2026-05-20') }),
    );
    await apply(await run.planOf(bookedDates(moved)), { ...run.context, store: run.store });
    const store = await otherLog();
    for (const key of ['302321-20260302', '302321-20260302.E1'])
      await expect(post(run, store, [{ index: 0, key }])).rejects.toMatchObject({ kind: 'conflict' });
    expectEachOnce(run, 1);
    await store.close();
  });

  test('is told by verify too, also when it knows nothing at all', async () => {
    await using run = await startFakeRun();
    await post(run, run.store, three);
    const store = await otherLog();
    const { findings } = await verify(year, { ...run.context, store });
    expect(findings.map(({ code }) => code)).toEqual(three.map(() => 'voucher-not-in-log'));
    await store.close();
  });

  test('waits in a rebuild for what another posted just before, however long ago it was begun itself', async () => {
    await using run = await startFakeRun();
    run.books.searchDelayMs = settlesMs - 1_000;
    const store = await otherLog();
    await store.releaseLease(
      await store.takeLease(companyId, { holder: 'me', now: run.clock.now(), leaseMs: 1, requestTimeoutMs: 1 }),
    );
    run.clock.pass(3_600_000);
    await post(run, run.store, three);
    const { rows } = await rebuild(four.map(sampleVoucher), { ...run.context, store });
    expect(rows).toHaveLength(3);
    expect(await post(run, store, four)).toMatchObject({ end: 'done' });
    expectEachOnce(run, 4);
    await store.close();
  });

  test('waits before its first voucher also after a rebuild that found nothing', async () => {
    await using run = await startFakeRun();
    run.books.searchDelayMs = settlesMs - 1_000;
    const store = await otherLog();
    expect((await rebuild(three.map(sampleVoucher), { ...run.context, store })).rows).toEqual([]);
    await post(run, run.store, three);
    await expect(post(run, store, three)).rejects.toMatchObject({ kind: 'conflict' });
    expectEachOnce(run, 3);
    await store.close();
  });

  test.each([
    ['after it', (vouchers: unknown[], twin: unknown) => vouchers.push(twin)],
    ['before it', (vouchers: unknown[], twin: unknown) => vouchers.unshift(twin)],
  ])('that went on beside another finds what is there twice, and stops (listed %s)', async (_, put) => {
    await using run = await startFakeRun();
    await post(run, run.store, three);
    const [first] = run.books.vouchers;
    put(run.books.vouchers, { ...first!, id: '99' });
    const refusal = await post(run, run.store, four).catch((error: unknown) => error as Error);
    expect(String(refusal)).toMatch(/more than once \(1, 99\)/);
    expect(run.books.vouchers).toHaveLength(4);
  });
});

describe('what is remembered outside the log', () => {
  test('tells a log that was lost, before anything is asked of the target', async () => {
    await using run = await startFakeRun();
    run.books.searchDelayMs = settlesMs - 1_000;
    await post(run, run.store, three);
    const store = await exchanged(run);
    const refusal = await post(run, store, four).catch((error: unknown) => error as Error);
    expect(refusal).toMatchObject({ kind: 'conflict' });
    expect(String(refusal)).toMatch(/more was delivered than the log knows.*bilag rebuild.*nothing was sent/);
    await expect(undo(year, { ...run.context, store }, { confirm: () => true })).rejects.toMatchObject({
      kind: 'conflict',
    });
    // A rebuild waits by itself until the target shows what was written last.
    const { rows } = await rebuild(four.map(sampleVoucher), { ...run.context, store });
    expect(rows).toHaveLength(3);
    expect(await post(run, store, four)).toMatchObject({ end: 'done' });
    expectEachOnce(run, 4);
    await store.close();
  });

  test('tells an older backup, and the newer one that is put back after all', async () => {
    await using run = await startFakeRun();
    run.books.searchDelayMs = settlesMs - 1_000;
    await post(run, run.store, [{ index: 0 }]);
    const older = await backupOf(run);
    await post(run, run.store, three);
    const newest = await backupOf(run);
    const restored = await exchanged(run, older);
    await expect(post(run, restored, four)).rejects.toMatchObject({ kind: 'conflict' });
    await expect(post(run, restored, four)).rejects.toMatchObject({ kind: 'conflict' });
    expectEachOnce(run, 3);
    await restored.close();
    const again = await exchanged(run, newest);
    expect(await post(run, again, four)).toMatchObject({ end: 'done' });
    expectEachOnce(run, 4);
    await again.close();
  });

  test('tells a backup that was taken in the middle of a run', async () => {
    await using run = await startFakeRun();
    const backups: Promise<string>[] = [];
    const onStep = (name: string): void => {
      if (name === 'after save posted 302321-20260303') backups.push(backupOf(run));
    };
    await post(run, run.store, three, year, { onStep });
    const store = await exchanged(run, await backups[0]);
    // The backup holds the lease of the run.
    run.clock.pass(130_000);
    expect(await store.rows(companyId, { states: ['posted'] })).toHaveLength(2);
    await expect(post(run, store, four)).rejects.toMatchObject({ kind: 'conflict' });
    await rebuild(four.map(sampleVoucher), { ...run.context, store });
    expect(await post(run, store, four)).toMatchObject({ end: 'done' });
    expectEachOnce(run, 4);
    await store.close();
  });

  test('is not taken for whole when it cannot be read', async () => {
    await using run = await startFakeRun();
    await post(run, run.store, three);
    const folder = `${run.store.where}.delivered`;
    writeFileSync(join(folder, readdirSync(folder)[0]!), 'x');
    await expect(post(run, run.store, four)).rejects.toMatchObject({ kind: 'conflict' });
    await rebuild(four.map(sampleVoucher), run.context);
    expect(await post(run, run.store, four)).toMatchObject({ end: 'done' });
    expectEachOnce(run, 4);
  });

  test('stops the run where it cannot be written, and nothing of it is in doubt', async () => {
    await using run = await startFakeRun();
    await post(run, run.store, three);
    const folder = `${run.store.where}.delivered`;
    const onStep = (name: string): void => {
      if (name !== 'before renew lease') return;
      rmSync(folder, { recursive: true });
      writeFileSync(folder, '');
    };
    await expect(post(run, run.store, four, year, { onStep })).rejects.toMatchObject({ kind: 'config' });
    expect(await run.store.rows(companyId, { states: ['intended', 'unknown-outcome'] })).toEqual([]);
    rmSync(folder);
    expect(await post(run, run.store, four)).toMatchObject({ end: 'done' });
    expectEachOnce(run, 4);
  });

  test('belongs to each company by itself', async () => {
    await using run = await startFakeRun();
    await post(run, run.store, three);
    const store = await exchanged(run);
    const lease = await store.takeLease('bokhandelen', { holder: 'x', now: 1, leaseMs: 1, requestTimeoutMs: 1 });
    expect(await store.pastOf('bokhandelen')).toEqual({ is: 'new', since: 1 });
    await store.releaseLease(lease);
    await store.close();
  });
});

describe('a rebuilt log', () => {
  test.each([true, false])(
    'knows revisions and what took them back (the target reverses itself: %s)',
    async (canReverse) => {
      await using run = await startFakeRun({ canReverse });
      await post(run, run.store, [{ index: 0 }, { index: 1 }]);
      const changed = await run.planOf(bookedDates([{ index: 0, gross: 99 }, { index: 1 }].map(sampleVoucher)));
      await apply(changed, run.context, { mostReversals: 1 });
      const store = await otherLog();
      const vouchers = [{ index: 0, gross: 99 }, { index: 1 }, { index: 2 }].map(sampleVoucher);
      const { rows } = await rebuild(vouchers, { ...run.context, store });
      expect(rows.map(({ reference, delivery }) => `${reference} ${delivery.state}`)).toEqual([
        '302321-20260302 reversed',
        '302321-20260302.U1 posted',
        '302321-20260302.R2 posted',
        '302321-20260303 posted',
      ]);
      expect((await verify(year, { ...run.context, store })).findings).toEqual([]);
      expect(await post(run, store, [{ index: 0, gross: 99 }, { index: 1 }, { index: 2 }])).toMatchObject({
        end: 'done',
      });
      await store.close();
    },
  );

  test('notes what was taken back and booked anew after its backup', async () => {
    await using run = await startFakeRun();
    await post(run, run.store, [{ index: 0 }, { index: 1 }]);
    const older = await backupOf(run);
    const samples = [{ index: 0, gross: 99 }, { index: 1 }];
    await apply(await run.planOf(bookedDates(samples.map(sampleVoucher))), run.context, { mostReversals: 1 });
    const store = await exchanged(run, older);
    const { rows } = await rebuild(samples.map(sampleVoucher), { ...run.context, store });
    expect(rows.map(({ reference, delivery }) => `${reference} ${delivery.state}`)).toEqual([
      '302321-20260302 reversed',
      '302321-20260302.U1 posted',
      '302321-20260302.R2 posted',
    ]);
    expect(await post(run, store, samples)).toMatchObject({ end: 'nothing' });
    expect((await rebuild(samples.map(sampleVoucher), { ...run.context, store })).rows).toEqual([]);
    await store.close();
  });
});

describe('the file of a log', () => {
  test('with a second name is refused', async () => {
    await using run = await startFakeRun();
    const other = join(dirname(run.store.where), 'other.sqlite');
    linkSync(run.store.where, other);
    for (const path of [other, run.store.where]) {
      await expect(openDeliveryLog(path)).rejects.toMatchObject({
        kind: 'config',
        what: expect.stringContaining('hard link'),
      });
    }
    rmSync(other);
    await (await openDeliveryLog(run.store.where)).close();
  });

  test('whose making was cut off before its first name was taken away opens', async () => {
    await using run = await startFakeRun();
    linkSync(run.store.where, `${run.store.where}.new-17`);
    await (await openDeliveryLog(run.store.where)).close();
    expect(readdirSync(dirname(run.store.where)).filter((name) => name.includes('.new-'))).toEqual([]);
  });
});
