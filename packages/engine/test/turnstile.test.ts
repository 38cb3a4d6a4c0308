// oxlint-disable vitest/no-standalone-expect -- testOnSmallDisk is a test
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { createTurnstile } from '../src/index.ts';
import { printed, killHard, runOnSmallDisk, startProgram, temporaryFolder, testOnSmallDisk } from './run-program.ts';
import { takeExclusiveLock } from '../src/storage/exclusive-lock.ts';

function virtualClock(): { now: () => number; sleep: (ms: number) => Promise<void>; signal: AbortSignal } {
  let time = 0;
  return { now: () => time, sleep: async (ms) => void (time += ms), signal: new AbortController().signal };
}

describe('turns under a target’s limits', () => {
  test('are spaced evenly, per credential', async () => {
    const clock = virtualClock();
    const turnstile = createTurnstile({ folder: temporaryFolder(), limits: { concurrency: 1, perSecond: 4 }, clock });
    const starts: number[] = [];
    for (let count = 0; count < 4; count += 1) await turnstile.turn('a', async () => starts.push(clock.now()));
    await turnstile.turn('b', async () => starts.push(clock.now()));
    // A tenth wider than four a second.
    expect(starts).toEqual([0, 275, 550, 825, 825]);
    turnstile.close();
  });

  test('are missed by who comes too late for them: no second has more than the target takes', async () => {
    const clock = virtualClock();
    const wakes = Promise.withResolvers<void>();
    const [folder, limits] = [temporaryFolder(), { concurrency: 4, perSecond: 4 }];
    const running = clock.now;
    const one = createTurnstile({ folder, limits, clock, running });
    // A process that wakes up long after its time.
    let sleeps = 0;
    const sleep = async (ms: number): Promise<void> => ((sleeps += 1) === 1 ? wakes.promise : clock.sleep(ms));
    const other = createTurnstile({ folder, limits, clock: { ...clock, sleep }, running });
    const starts: number[] = [];
    const begin = async (): Promise<void> => void starts.push(clock.now());
    await one.turn('a', begin);
    const late = other.turn('a', begin);
    for (let count = 0; count < 6; count += 1) await one.turn('a', begin);
    wakes.resolve();
    await late;
    for (let count = 0; count < 6; count += 1) await one.turn('a', begin);
    const inASecond = starts.map((from) => starts.filter((at) => at >= from && at < from + 1_000).length);
    expect(Math.max(...inASecond)).toBe(4);
    one.close();
    other.close();
  });

  test('say before the first byte whether they are over by now, and then the next has more time', async () => {
    const clock = virtualClock();
    const limits = { concurrency: 1, perSecond: 4 };
    const turnstile = createTurnstile({ folder: temporaryFolder(), limits, clock, running: clock.now });
    const lateBy = (ms: number): Promise<boolean | undefined> =>
      turnstile.turn('a', async (isMissed) => {
        await clock.sleep(ms);
        return isMissed?.();
      });
    expect(await lateBy(100)).toBe(false);
    expect(await lateBy(150)).toBe(true);
    expect(await lateBy(150)).toBe(false);
    turnstile.close();
  });

  test('are not missed because others that wait move a clock that is given', async () => {
    const clock = virtualClock();
    const [folder, limits] = [temporaryFolder(), { concurrency: 2, perSecond: 3 }];
    const turnstile = createTurnstile({ folder, limits, clock, longestWaitMs: 1e9 });
    const begin = async (): Promise<number> => {
      await clock.sleep(60_000);
      return clock.now();
    };
    const ends = await Promise.all(Array.from({ length: 4 }, () => turnstile.turn('a', begin)));
    // Times are whole milliseconds, however many starts a second has.
    expect(ends.every(Number.isInteger)).toBe(true);
    turnstile.close();
  });

  test('are given to so many at a time as the target allows, and back after a failure', async () => {
    const turnstile = createTurnstile({
      folder: temporaryFolder(),
      limits: { concurrency: 2, perSecond: 1000 },
      clock: virtualClock(),
    });
    let [running, most] = [0, 0];
    const work = async (): Promise<void> => {
      most = Math.max(most, (running += 1));
      await new Promise(setImmediate);
      running -= 1;
      throw new Error('the request failed');
    };
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => turnstile.turn('a', work)));
    expect([most, running, results.every(({ status }) => status === 'rejected')]).toEqual([2, 0, true]);
    turnstile.close();
  });

  test('wait as long as the target asked for, whoever heard it, and no longer than ten minutes', async () => {
    const clock = virtualClock();
    const [folder, limits] = [temporaryFolder(), { concurrency: 1, perSecond: 4 }];
    const [one, two] = [1, 2].map(() => createTurnstile({ folder, limits, clock, longestWaitMs: 1e9 }));
    const begins = async (): Promise<unknown> => two?.turn('a', async () => clock.now());
    await one?.pause('a', 7_000);
    await one?.pause('a', 3_000);
    expect(await two?.turn('b', async () => clock.now())).toBe(0);
    expect(await begins()).toBe(7_000);
    await one?.pause('a', 86_400_000);
    expect(await begins()).toBe(607_000);
    one?.close();
    two?.close();
  });

  test('are shared by processes: never two at once, and none too soon', async () => {
    const folder = temporaryFolder();
    const outputs = await Promise.all([1, 2].map(() => printed(startProgram('take-turns', folder, '6'))));
    const turns = outputs.flatMap((output) => JSON.parse(output) as [number, number][]).sort(([a], [b]) => a - b);
    expect(turns).toHaveLength(12);
    const overlaps = turns.filter(([from], index) => from < (turns[index - 1]?.[1] ?? 0));
    expect(overlaps).toEqual([]);
    // Twelve starts, eleven spaces of 50 ms: a lower bound that no slow machine can break.
    expect((turns.at(-1)?.[0] ?? 0) - (turns[0]?.[0] ?? 0)).toBeGreaterThanOrEqual(11 * 50 - 20);
  });

  test('come back at once when the process that has one dies', async () => {
    const folder = temporaryFolder();
    const child = startProgram('hold-turn', folder);
    const [name] = (
      await new Promise<string>((resolve) => child.stdout?.once('data', (data) => resolve(String(data))))
    ).split('\n');
    const path = join(folder, name ?? '');
    expect(takeExclusiveLock(path)).toBeUndefined();
    await killHard(child);
    const lock = takeExclusiveLock(path);
    expect(lock).toBeDefined();
    lock?.release();
  });
});

describe('a folder of turns that cannot be used says so, and nothing is sent', () => {
  const limits = { concurrency: 1, perSecond: 1000 };
  const clock = virtualClock();

  test.each<[string, (folder: string) => void]>([
    ['a database of somebody else', (folder) => foreignDatabase(join(folder, 'turns.sqlite'))],
    ['no database', (folder) => writeFileSync(join(folder, 'turns.sqlite'), 'x'.repeat(5_000))],
    ['a folder in the place of the file', (folder) => mkdirSync(join(folder, 'turns.sqlite'))],
    ['a file in the place of the folder', (folder) => (rmSync(folder, { recursive: true }), writeFileSync(folder, ''))],
  ])('when it is opened: %s', (_, spoil) => {
    const folder = temporaryFolder();
    spoil(folder);
    let refusal: unknown;
    try {
      createTurnstile({ folder, limits, clock });
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ name: 'BilagError', kind: expect.stringMatching(/^(?:config|forbidden)$/) });
    expect(String(refusal)).toMatch(/nothing was sent/i);
  });

  test.each<[string, (folder: string) => void]>([
    ['its table is gone', (folder) => new DatabaseSync(join(folder, 'turns.sqlite')).exec('DROP TABLE pace')],
    ['something else is in its locks', spoilLocks],
  ])('when a turn is asked for: %s', async (_, spoil) => {
    const folder = temporaryFolder();
    const turnstile = createTurnstile({ folder, limits, clock });
    await turnstile.turn('a', async () => 'sent');
    spoil(folder);
    let isSent = false;
    const refusal = await turnstile.turn('a', async () => (isSent = true)).catch((error: unknown) => error as Error);
    expect(refusal).toMatchObject({ name: 'BilagError', kind: 'config' });
    expect(isSent).toBe(false);
    turnstile.close();
  });

  testOnSmallDisk('when the disk is full', async () => {
    const told = JSON.parse(await runOnSmallDisk(300, 'turn-until-full')) as Record<string, unknown>;
    expect(told).toEqual({ kind: 'unavailable', what: 'the disk is full', isSent: false });
  });
});

function foreignDatabase(path: string): void {
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE pace (other TEXT) STRICT');
  database.close();
}

function spoilLocks(folder: string): void {
  const locks = readdirSync(folder).filter((name) => name.endsWith('.lock'));
  for (const name of locks) writeFileSync(join(folder, name), 'x'.repeat(5_000));
}
