// oxlint-disable vitest/no-standalone-expect -- testOnSmallDisk is a test
import { copyFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { apply, openDeliveryLog } from '../src/index.ts';
import { storeLaws } from '../src/store-laws.ts';
import type { StorePlace } from '../src/store-laws/store-law.ts';
import { startFakeRun } from './fake-run.ts';
import { runOnSmallDisk, temporaryFolder, testOnSmallDisk } from './run-program.ts';
import { bookedDates, sampleVouchers } from './sample-vouchers.ts';
import { storeSaboteurs } from './store-saboteurs.ts';

function newPlace(): StorePlace {
  const path = join(temporaryFolder(), 'delivery.sqlite');
  return { open: () => openDeliveryLog(path) };
}

describe('the SQLite log keeps the laws of stores', () => {
  // A law throws when it is broken.
  // oxlint-disable-next-line vitest/expect-expect
  test.for([...storeLaws])('$id: $sentence', (law) => law.prove(newPlace));
});

describe('a store that breaks a law is found out', () => {
  test('every law has a store that breaks it', () => {
    expect([...new Set(storeSaboteurs.map(({ breaks }) => breaks))].sort()).toEqual(
      storeLaws.map(({ id }) => id).sort(),
    );
  });

  test.for([...storeSaboteurs])('$breaks: $mistake', async ({ breaks, mistaken }) => {
    const law = storeLaws.find(({ id }) => id === breaks);
    const place = (): StorePlace => {
      const { open } = newPlace();
      return { open: async () => mistaken(await open()) };
    };
    await expect(law?.prove(place)).rejects.toMatchObject({
      name: expect.stringMatching(/^(?:StoreLawBroken|BilagError)$/),
    });
  });
});

describe('a log that is not as it was left', () => {
  test('opened to be read alone it is read, and takes nothing', async () => {
    const path = join(temporaryFolder(), 'delivery.sqlite');
    await (await openDeliveryLog(path)).close();
    const log = await openDeliveryLog(path, { create: false, onlyReads: true });
    expect(await log.rows('kaffebaren')).toEqual([]);
    const request = { holder: 'a reader', now: 0, leaseMs: 1, requestTimeoutMs: 1 };
    await expect(log.takeLease('kaffebaren', request)).rejects.toMatchObject({ kind: 'forbidden' });
    await log.close();
  });

  test('is not made where none should be', async () => {
    const path = join(temporaryFolder(), 'delivery.sqlite');
    await expect(openDeliveryLog(path, { create: false })).rejects.toMatchObject({ kind: 'not-found' });
  });

  test.each<[string, (path: string) => void]>([
    ['cut short', (path) => truncateSync(path, Math.floor(statSync(path).size / 2))],
    ['emptied', (path) => truncateSync(path, 0)],
    ['overwritten', (path) => writeFileSync(path, 'x'.repeat(50_000))],
  ])('%s, it is refused with what to do', async (_, damage) => {
    await using run = await startFakeRun();
    const dates = bookedDates(sampleVouchers(30));
    await apply(await run.planOf(dates), run.context);
    await run.store.close();
    const path = join(temporaryFolder(), 'copy.sqlite');
    copyFileSync(run.store.where, path);
    damage(path);
    const refusal = await openDeliveryLog(path).catch((error: unknown) => error as Error);
    expect(refusal).toMatchObject({ kind: 'rejected' });
    expect(String(refusal)).toMatch(/the delivery log is damaged.*rebuild it from the target/);
  });

  test('one of an earlier version keeps what a person has to do about a voucher', async () => {
    await using run = await startFakeRun();
    await apply(await run.planOf(bookedDates(sampleVouchers(1))), run.context);
    await run.store.close();
    const raw = new DatabaseSync(run.store.where);
    raw.exec(
      `UPDATE delivery SET problem = '{"kind":"blocked","what":"locked","where":"March","now":"open the month"}'`,
    );
    raw.exec('PRAGMA user_version = 5');
    raw.close();
    const log = await openDeliveryLog(run.store.where);
    const rows = await log.rows(run.context.companyId);
    await log.close();
    expect(rows.map((row) => row.delivery.problem)).toEqual([
      { kind: 'blocked', what: 'locked', where: 'March', action: 'open the month' },
    ]);
  });

  test('a database of something else is left alone, and one of a newer version too', async () => {
    const path = join(temporaryFolder(), 'other.sqlite');
    const database = new DatabaseSync(path);
    database.exec('CREATE TABLE other (x INTEGER) STRICT');
    database.close();
    await expect(openDeliveryLog(path)).rejects.toMatchObject({ kind: 'config' });
    const newer = join(temporaryFolder(), 'newer.sqlite');
    await (await openDeliveryLog(newer)).close();
    const raw = new DatabaseSync(newer);
    raw.exec('PRAGMA user_version = 99');
    raw.close();
    await expect(openDeliveryLog(newer)).rejects.toMatchObject({ kind: 'unsupported' });
  });
});

describe('a log on a full disk', () => {
  testOnSmallDisk('keeps all that was saved, and the message says what to do', async () => {
    const told = JSON.parse(await runOnSmallDisk(600, 'save-until-full')) as Record<string, unknown>;
    expect(told).toMatchObject({ message: expect.stringMatching(/the disk is full/), isKept: true });
  });
});
