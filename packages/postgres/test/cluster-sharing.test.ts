import { afterAll, describe, expect, test } from 'vitest';
import type { CheckSize } from './checks/check.ts';
import { oneBig, oneRateLimit } from './checks/sharing.ts';
import { idleTransaction, upgradeQueue } from './checks/upkeep.ts';
import { startPostgresServer } from './postgres-server.ts';

// Nothing here asks what a crash leaves.
const server = await startPostgresServer('-c fsync=off');
afterAll(() => server?.[Symbol.dispose]());

/** A sample; `bench/checks.ts` runs the same at full size. */
const sizeOf = (changes: Partial<CheckSize> = {}): CheckSize => ({
  server: server ?? expect.fail('there is no server'),
  companies: 6,
  workers: 2,
  strikes: 0,
  secondsBetween: 0,
  seed: 7,
  isHurried: true,
  longestSeconds: 200,
  ...changes,
});

const allDone = { isDone: true, doubled: 0, lost: 0, asked: 0, dead: 0 };

describe.skipIf(server === undefined)('workers that share a database', { timeout: 300_000 }, () => {
  test('are done with the small companies before a large one, which goes on in slices', async () => {
    const { figures, ...verdict } = await oneBig(sizeOf(), { dates: 30, entriesPerDay: 5 });
    expect(verdict).toMatchObject(allDone);
    expect(figures['lastMs']).toBeLessThan(figures['bigMs'] ?? 0);
  });

  test('stay under one rate limit with eight processes', async () => {
    const { arrived, seconds } = await oneRateLimit(sizeOf(), { processes: 8, turns: 5, perSecond: 20 });
    expect(arrived).toBe(40);
    // Forty begin no faster than twenty a second, whatever the machine does.
    expect(seconds).toBeGreaterThanOrEqual(39 / 20 - 0.1);
  });

  test('do the night while somebody leaves a transaction open', async () => {
    expect(await idleTransaction(sizeOf())).toMatchObject({ ...allDone, vouchers: 6 });
  });

  test('go on with the jobs of an older version of the queue’s library, also with those that were under way', async () => {
    const verdict = await upgradeQueue(sizeOf());
    expect(verdict).toMatchObject({ ...allDone, vouchers: 6, figures: { inFlight: 2 } });
    expect(verdict.versions[1]).toBeGreaterThan(verdict.versions[0] ?? 0);
  });
});
