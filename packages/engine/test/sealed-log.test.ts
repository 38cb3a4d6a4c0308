import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { uptime } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isBilagError } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import { openDeliveryLog } from '../src/index.ts';
import { Seal } from '../src/storage/seal.ts';
import { rowIn } from '../src/store-laws/sample-rows.ts';
import { killHard, startProgram, temporaryFolder, untilReady } from './run-program.ts';

const companyId = 'kaffebaren';
const pageBytes = 4096;
const day = 86_400_000;

/** A night: some vouchers are posted. */
async function deliver(path: string, from: number, count: number): Promise<void> {
  const log = await openDeliveryLog(path);
  // A process that was killed had it a moment ago.
  const now = Date.now() + 60_000;
  const lease = await log.takeLease(companyId, { holder: 'me', now, leaseMs: 60_000, requestTimeoutMs: 0 });
  const rows = Array.from({ length: count }, (_, place) => rowIn('posted', { companyId, index: from + place }));
  await log.save(lease, rows);
  await log.releaseLease(lease);
  await log.close();
}

/** A log of many pages, closed as a night closes it. */
async function closedLog(): Promise<string> {
  const path = join(temporaryFolder(), 'delivery.sqlite');
  await deliver(path, 0, 150);
  expect(isSealed(path)).toBe(true);
  return path;
}

function isSealed(path: string): boolean {
  return new Seal(path).holds();
}

/** What comes of opening it to write. */
async function verdict(path: string): Promise<string> {
  try {
    await (await openDeliveryLog(path)).close();
    return 'opened';
  } catch (error) {
    if (!isBilagError(error)) throw error;
    return `${error.kind}: ${error.what}`;
  }
}

const refused = expect.stringMatching(/^rejected: the delivery log is damaged/);

function overwrite(path: string, page: number, bytes: Uint8Array): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, page * pageBytes);
  closeSync(file);
}

/** Three pages in the middle lose what they held. */
function damage(path: string): void {
  const middle = Math.floor(statSync(path).size / pageBytes / 2);
  overwrite(path, middle, new Uint8Array(3 * pageBytes));
}

/** The same, by somebody who puts the time of the last change back. */
function damageUnseen(path: string): void {
  const { atime, mtime } = statSync(path);
  damage(path);
  utimesSync(path, atime, mtime);
}

describe.skipIf(process.platform === 'win32')('a log that was closed whole', () => {
  test('is not walked at the next opening, night after night', async () => {
    const path = await closedLog();
    for (let night = 0; night < 5; night += 1) {
      await deliver(path, 150 + night, 1);
      expect(isSealed(path)).toBe(true);
    }
    expect(statSync(`${path}.seal`).mode & 0o777).toBe(0o600);
  });

  test('is not walked either when it was only read, or opened by a link', async () => {
    const path = await closedLog();
    const link = join(temporaryFolder(), 'link.sqlite');
    symlinkSync(path, link);
    for (const onlyReads of [true, false]) {
      await (await openDeliveryLog(link, { onlyReads })).close();
      expect(isSealed(path)).toBe(true);
    }
    await deliver(link, 150, 1);
    expect(isSealed(path)).toBe(true);
  });

  test.each<[string, (path: string) => void]>([
    ['bytes in the middle were changed', damage],
    ['bytes were changed, and the time of the change was put back', damageUnseen],
    ['it was cut short', (path) => truncateSync(path, Math.floor(statSync(path).size / 2))],
    ['it was emptied', (path) => truncateSync(path, 0)],
    [
      'a damaged backup was written over it',
      (path) => {
        const backup = `${path}.backup`;
        copyFileSync(path, backup);
        damageUnseen(backup);
        copyFileSync(backup, path);
      },
    ],
    [
      'a damaged copy took its place',
      (path) => {
        const { atime, mtime } = statSync(path);
        copyFileSync(path, `${path}.copy`);
        damage(`${path}.copy`);
        utimesSync(`${path}.copy`, atime, mtime);
        renameSync(`${path}.copy`, path);
      },
    ],
  ])('and then %s, is refused', async (_, change) => {
    const path = await closedLog();
    change(path);
    const before = readFileSync(path);
    expect(await verdict(path)).toEqual(refused);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('is judged as one without a seal, whichever page is damaged', async () => {
    const sealed = await closedLog();
    const bytes = readFileSync(sealed);
    const plain = join(temporaryFolder(), 'plain.sqlite');
    const verdicts = new Set<string>();
    for (let page = 0; page < bytes.length / pageBytes; page += 1) {
      for (const wrong of [new Uint8Array(8), new Uint8Array(pageBytes).fill(0x41)]) {
        overwrite(sealed, page, wrong);
        copyFileSync(sealed, plain);
        const judged = await verdict(sealed);
        expect([page, judged]).toEqual([page, await verdict(plain)]);
        verdicts.add(judged.split(':')[0] ?? '');
        overwrite(sealed, page, bytes.subarray(page * pageBytes, (page + 1) * pageBytes));
      }
    }
    expect([...verdicts]).toContain('rejected');
  });

  test('is walked where it was damaged while it was open', async () => {
    const path = await closedLog();
    const log = await openDeliveryLog(path);
    damageUnseen(path);
    await log.close();
    expect(await verdict(path)).toEqual(refused);
  });

  test('is walked after a process with it open was killed, and what that wrote is there', async () => {
    const path = await closedLog();
    await killHard(await holding(path, 150));
    expect(existsSync(`${path}-wal`)).toBe(true);
    expect(isSealed(path)).toBe(false);
    const log = await openDeliveryLog(path);
    expect(await log.rows(companyId)).toHaveLength(151);
    await log.close();
    expect(isSealed(path)).toBe(true);
    await killHard(await holding(path, 151));
    damageUnseen(path);
    expect(await verdict(path)).toEqual(refused);
  });

  test('is sealed by the last that closes it, and not before', async () => {
    const path = await closedLog();
    const other = await holding(path, 150);
    await deliver(path, 151, 1);
    expect(isSealed(path)).toBe(false);
    await killHard(other);
    const [first, second] = [await openDeliveryLog(path), await openDeliveryLog(path)];
    await first.close();
    expect(isSealed(path)).toBe(false);
    await second.close();
    expect(isSealed(path)).toBe(true);
  });
});

async function holding(path: string, index: number): Promise<ReturnType<typeof startProgram>> {
  const child = startProgram('hold-log', path, String(index));
  await untilReady(child);
  return child;
}

/** Damage that no time of change tells of: what a disk loses by itself. */
async function lostByDisk(): Promise<string> {
  const path = await closedLog();
  damage(path);
  const seal = new Seal(path);
  seal.holds();
  seal.renew();
  await seal.close(new DatabaseSync(path));
  expect(isSealed(path)).toBe(true);
  return path;
}

interface Kept {
  readonly closedAt: number;
  readonly walkAgainAt: number;
}

function keptOf(path: string): Kept {
  return JSON.parse(readFileSync(`${path}.seal`, 'utf8')) as Kept;
}

function changeSeal(path: string, change: (kept: Kept) => Kept): void {
  writeFileSync(`${path}.seal`, JSON.stringify(change(keptOf(path))));
}

describe.skipIf(process.platform === 'win32')('what a disk has lost by itself', () => {
  test('is refused when it is read, and nothing is written', async () => {
    const path = await lostByDisk();
    const before = readFileSync(path);
    const log = await openDeliveryLog(path);
    await expect(log.rows(companyId)).rejects.toMatchObject({
      kind: 'rejected',
      action: expect.stringContaining('rebuild it from the target'),
    });
    await log.close();
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('is found within four weeks: the seal holds for two of them at least', async () => {
    const path = await lostByDisk();
    changeSeal(path, (kept) => {
      expect(kept.walkAgainAt - kept.closedAt).toBeGreaterThan(13.9 * day);
      expect(kept.walkAgainAt - kept.closedAt).toBeLessThan(28.1 * day);
      return { ...kept, walkAgainAt: Date.now() + 60_000 };
    });
    expect(await verdict(path)).toBe('opened');
    changeSeal(path, (kept) => ({ ...kept, walkAgainAt: Date.now() }));
    expect(await verdict(path)).toEqual(refused);
  });

  test('is found within four weeks also where vouchers are posted every night', async () => {
    const path = await closedLog();
    const { walkAgainAt } = keptOf(path);
    await deliver(path, 150, 1);
    expect(keptOf(path).walkAgainAt).toBe(walkAgainAt);
  });

  test.each<[string, (path: string) => unknown]>([
    ['somebody touched the file', (path) => utimesSync(path, new Date(), new Date())],
    ['SQLite would still put something into it', (path) => writeFileSync(`${path}-wal`, '')],
    ['the seal was torn', (path) => truncateSync(`${path}.seal`, 20)],
    ['the seal is none', (path) => writeFileSync(`${path}.seal`, 'null')],
    ['the seal says nothing', (path) => writeFileSync(`${path}.seal`, '{}')],
    [
      'the machine was started anew',
      (path) => changeSeal(path, (kept) => ({ ...kept, closedAt: Date.now() - uptime() * 1000 - 1 })),
    ],
    ['the clock was set back', (path) => changeSeal(path, (kept) => ({ ...kept, closedAt: Date.now() + day }))],
    [
      'the clock was wrong by years when it was walked',
      (path) => changeSeal(path, (kept) => ({ ...kept, walkAgainAt: kept.walkAgainAt + 1000 * day })),
    ],
    ['another has it open', (path) => holding(path, 150)],
  ])('is found at once where %s', async (_, change) => {
    const path = await lostByDisk();
    const held = await change(path);
    expect(await verdict(path)).toEqual(refused);
    if (held instanceof Object) await killHard(held as ReturnType<typeof startProgram>);
  });

  test('is found at once in a copy of the whole folder', async () => {
    const path = await lostByDisk();
    const copy = join(temporaryFolder(), 'copy');
    cpSync(dirname(path), copy, { recursive: true, preserveTimestamps: true });
    expect(existsSync(join(copy, 'delivery.sqlite.seal'))).toBe(true);
    expect(await verdict(join(copy, 'delivery.sqlite'))).toEqual(refused);
  });

  test('and opened to be read alone, is not sealed by that', async () => {
    const path = await closedLog();
    damage(path);
    await (await openDeliveryLog(path, { create: false, onlyReads: true })).close();
    expect(isSealed(path)).toBe(false);
    expect(await verdict(path)).toEqual(refused);
  });
});
