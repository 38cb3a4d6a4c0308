import { afterAll, describe, expect, test } from 'vitest';
import { cutBackends, dieAtWrites, stopServer, stopWorkers } from './checks/crashes.ts';
import type { CheckSize } from './checks/check.ts';
import { startPostgresServer } from './postgres-server.ts';

const server = await startPostgresServer();
afterAll(() => server?.[Symbol.dispose]());

/** A sample; `bench/checks.ts` runs the same at full size. */
const sizeOf = (changes: Partial<CheckSize> = {}): CheckSize => ({
  server: server ?? expect.fail('there is no server'),
  companies: 6,
  workers: 2,
  strikes: 2,
  secondsBetween: 1,
  seed: 7,
  isHurried: true,
  longestSeconds: 200,
  ...changes,
});

const nothingWrong = { isDone: true, doubled: 0, lost: 0, dead: 0 };

describe.skipIf(server === undefined)('no voucher is lost and none is doubled', { timeout: 300_000 }, () => {
  test('when a worker sleeps in the middle of a request for longer than its lease, and goes on', async () => {
    const verdict = await stopWorkers(sizeOf({ strikes: 1 }));
    expect(verdict).toMatchObject({ ...nothingWrong, figures: { stopped: 1 } });
    expect(verdict.figures['overtaken']).toBeGreaterThan(0);
  });

  test('when the server is stopped as by a power cut', async () => {
    // Enough companies that a fast machine is not done with them before the first stop.
    const verdict = await stopServer(sizeOf({ companies: 30 }));
    expect(verdict).toMatchObject(nothingWrong);
    expect(verdict.figures['stops']).toBeGreaterThan(0);
  });

  test('when the server cuts connections off', async () => {
    expect(await cutBackends(sizeOf())).toMatchObject(nothingWrong);
  });

  test('when a worker dies after a durable write, and another follows', async () => {
    // Of a night of some twenty-five writes: in fetching, about the intent, about the receipt.
    const places = [4, 12, 13];
    const verdict = await dieAtWrites(sizeOf({ companies: places.length }), places);
    expect(verdict).toMatchObject({ ...nothingWrong, figures: { tried: places.length } });
    expect(verdict.vouchers + verdict.asked).toBe(verdict.wanted);
  });
});
