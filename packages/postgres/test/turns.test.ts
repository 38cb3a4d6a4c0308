import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { createServiceClient, type ServiceClient } from '@bilag/http';
import { migratePostgres, openPostgres, type Postgres } from '../src/index.ts';
import type { PostgresOptions } from '../src/connection.ts';
import type { TurnsOptions } from '../src/turnstile.ts';
import { startPostgresServer } from './postgres-server.ts';

const server = await startPostgresServer();
afterAll(() => server?.[Symbol.dispose]());
const { connectionString = '' } = server ?? {};
let places = 0;

async function newSchema(): Promise<PostgresOptions> {
  const options = { connectionString, schema: `turns_${(places += 1)}` };
  await migratePostgres(options);
  return options;
}

const request = { holder: 'one', now: 0, leaseMs: 60_000, requestTimeoutMs: 30_000 };

describe.skipIf(server === undefined)('turns', () => {
  test('are spaced across all that use a credential, and at most so many at a time', async () => {
    const options = await newSchema();
    await using one = closing(await openPostgres(options));
    await using two = closing(await openPostgres(options));
    const limits = { concurrency: 2, perSecond: 50 };
    const turnstiles = [one, two, one, two].map((postgres) => postgres.turns({ limits, clock: realClock }));
    let [atOnce, most] = [0, 0];
    const startedAt = performance.now();
    const work = async (): Promise<void> => {
      most = Math.max(most, (atOnce += 1));
      await delay(5);
      atOnce -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, (_, index) => turnstiles[index % 4]?.turn('env:KEY', work)));
    expect(most).toBeLessThanOrEqual(2);
    // The twentieth begins 19 spaces after the first: never earlier, whatever the machine does.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(19 * 20 - 1);
  });

  test('are missed by who comes too late for them: no second has more than the target takes', async () => {
    const options = await newSchema();
    await using one = closing(await openPostgres(options));
    await using two = closing(await openPostgres(options));
    const limits = { concurrency: 8, perSecond: 10 };
    // A process that wakes up long after its time, three times.
    let sleeps = 0;
    const sleep = async (ms: number): Promise<void> => void (await delay((sleeps += 1) <= 3 ? ms + 1_000 : ms));
    const starts: number[] = [];
    const begin = async (): Promise<void> => void starts.push(performance.now());
    const many = (postgres: Postgres, clock: TurnsOptions['clock'], count: number): Promise<unknown> => {
      const { turn } = postgres.turns({ limits, clock });
      return Promise.all(Array.from({ length: count }, () => turn('env:KEY', begin)));
    };
    await Promise.all([many(one, realClock, 24), many(two, { ...realClock, sleep }, 3)]);
    const inASecond = starts.map((from) => starts.filter((at) => at >= from && at < from + 1_000).length);
    expect(starts).toHaveLength(27);
    expect(Math.max(...inASecond)).toBeLessThanOrEqual(10);
  });

  test('wait as long as the target asked for, and who would wait too long is told busy', async () => {
    const options = await newSchema();
    await using postgres = closing(await openPostgres(options));
    const limits = { concurrency: 1, perSecond: 1_000 };
    const turnstile = postgres.turns({ limits, clock: realClock, longestWaitMs: 2_000 });
    await turnstile.pause('env:KEY', 60_000);
    await expect(turnstile.turn('env:KEY', async () => 'sent')).rejects.toMatchObject({ kind: 'busy' });
    expect(await turnstile.turn('env:OTHER', async () => 'sent')).toBe('sent');
  });

  test('that were granted while a pause was on its way wait for it, too', async () => {
    const options = await newSchema();
    await using postgres = closing(await openPostgres(options));
    const limits = { concurrency: 2, perSecond: 10 };
    const turnstile = postgres.turns({ limits, clock: realClock, longestWaitMs: 2_000 });
    await turnstile.pause('env:KEY', 0);
    const [first, second] = await withRowsLocked(options, 'pace', async (areWaiting) => {
      const turn = turnstile.turn('env:KEY', async () => 'sent').catch((error: unknown) => error);
      await areWaiting(1);
      const pause = turnstile.pause('env:KEY', 60_000);
      await areWaiting(2);
      return [turn, pause];
    });
    await second;
    expect(await first).toMatchObject({ kind: 'busy' });
  });

  test('whose first byte is still to come are over when another one is told of a pause', async () => {
    const options = await newSchema();
    await using postgres = closing(await openPostgres(options));
    const turnstile = postgres.turns({ limits: { concurrency: 2, perSecond: 1 }, clock: realClock });
    using _ = vi.spyOn(performance, 'now').mockReturnValue(performance.now());
    const isMissed = await turnstile.turn('env:KEY', async (isOver) => {
      const before = isOver?.();
      await turnstile.pause('env:KEY', 60_000);
      return { before, after: isOver?.() };
    });
    expect(isMissed).toEqual({ before: false, after: true });
  });

  test('are not begun in a place that was silent for so long that another took it', async () => {
    const options = await newSchema();
    await using postgres = closing(await openPostgres(options));
    const [now, sleepers] = [performance.now.bind(performance), Array<() => void>()];
    let aheadMs = 0;
    using _ = vi.spyOn(performance, 'now').mockImplementation(() => now() + aheadMs);
    // Both wait twenty seconds for their starts; the second was given its place by itself, for fifteen.
    const sleep = async (ms: number): Promise<void> => {
      if (ms < 10_000) return;
      const both = new Promise<void>((resolve) => sleepers.push(resolve));
      if (sleepers.length === 2) {
        await byHand(options, "UPDATE turn_place SET token = 'other', free_at = now() + '1 hour' WHERE place = 1");
        aheadMs = ms;
        for (const wake of sleepers) wake();
      }
      await both;
    };
    const clock = { ...realClock, sleep };
    const turnstile = postgres.turns({ limits: { concurrency: 2, perSecond: 10 }, clock, longestWaitMs: 25_000 });
    await turnstile.pause('env:KEY', 20_000);
    let begun = 0;
    const other = Promise.withResolvers<void>();
    const turns = [1, 2].map(async () => {
      try {
        await turnstile.turn('env:KEY', async () => ((begun += 1) === 1 ? other.promise : undefined));
      } finally {
        other.resolve();
      }
    });
    const ended = await Promise.allSettled(turns);
    expect(ended.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(begun).toBe(1);
  });

  test('of a target that names no pace come one after the other', async () => {
    const options = await newSchema();
    await using postgres = closing(await openPostgres(options));
    const { turn } = postgres.turns({ limits: { concurrency: 1, perSecond: Infinity }, clock: realClock });
    const order: number[] = [];
    for (const index of [1, 2, 3]) await turn('env:KEY', async () => void order.push(index));
    expect(order).toEqual([1, 2, 3]);
  });

  test('fifty that wait on two connections do not lock each other out', async () => {
    const options = { ...(await newSchema()), connections: 2 };
    await using postgres = closing(await openPostgres(options));
    const turnstile = postgres.turns({ limits: { concurrency: 5, perSecond: 10_000 }, clock: realClock });
    const lease = await postgres.deliveries.takeLease('kafé', request);
    const done = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        turnstile.turn('env:KEY', async () => {
          await postgres.deliveries.renewLease(lease, 0, 60_000);
          await postgres.deliveries.saveRun(lease, {
            companyId: 'kafé',
            id: String(index),
            kind: 'apply',
            startedAt: 1,
            endedAt: null,
          });
          return index;
        }),
      ),
    );
    expect(done).toHaveLength(50);
    expect(await postgres.deliveries.runs('kafé')).toHaveLength(50);
  });

  test('a 429 with Retry-After pauses every worker of the credential', async () => {
    const options = await newSchema();
    const arrivals: number[] = [];
    const target = createServer((_, reply) => {
      arrivals.push(performance.now());
      reply.writeHead(arrivals.length === 1 ? 429 : 200, { 'retry-after': '2' }).end('{}');
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
    await using one = closing(await openPostgres(options));
    await using two = closing(await openPostgres(options));
    const [first, second] = [clientOf(baseUrl, one), clientOf(baseUrl, two)];
    const write = first.write({ method: 'POST', url: '/voucher' }, undefined);
    await expect(write).rejects.toMatchObject({ retryAfterMs: 2_000 });
    expect(await second.read({ url: '/voucher' })).toMatchObject({ status: 200 });
    await Promise.all([first.close(), second.close()]);
    target.closeAllConnections();
    target.close();
    expect((arrivals[1] ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThanOrEqual(1_990);
  });
});

/** Rows of a table are locked until so many statements wait for them, and those that were begun meanwhile go on. */
async function withRowsLocked<Result>(
  { schema }: PostgresOptions,
  table: string,
  work: (areWaiting: (count: number) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString, options: `-c search_path=${schema}` });
  await client.connect();
  try {
    await client.query(`BEGIN; SELECT FROM ${table} FOR UPDATE`);
    const waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    const result = await work(async (count) => {
      while ((await client.query(waiting)).rowCount !== count) await client.query('SELECT pg_stat_clear_snapshot()');
    });
    await client.query('COMMIT');
    return result;
  } finally {
    await client.end();
  }
}

async function byHand({ schema }: PostgresOptions, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString, options: `-c search_path=${schema}` });
  await client.connect();
  await client.query(sql);
  await client.end();
}

/** An adapter's client, in a worker that has these connections. */
function clientOf(baseUrl: string, postgres: Postgres): ServiceClient {
  const { turn, pause } = postgres.turns({ limits: { concurrency: 4, perSecond: 1_000 }, clock: realClock });
  const credentials = { get: async () => ({}) };
  const context = { ...realClock, now: Date.now, random: () => 0, credentials, turn, pause };
  return createServiceClient({ baseUrl, timeoutMs: 5_000, context, credential: 'env:KEY', refusalOf: () => undefined });
}

const realClock = {
  sleep: async (ms: number): Promise<void> => void (await delay(ms)),
  signal: new AbortController().signal,
};

function closing<Opened extends { close(): Promise<void> }>(opened: Opened): Opened & AsyncDisposable {
  return Object.assign(opened, { [Symbol.asyncDispose]: () => opened.close() });
}
