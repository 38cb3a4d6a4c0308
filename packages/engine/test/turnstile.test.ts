import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createTurnstile } from '../src/index.ts';
import { printed, killHard, startProgram, temporaryFolder } from './run-program.ts';
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
    expect(starts).toEqual([0, 250, 500, 750, 750]);
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
