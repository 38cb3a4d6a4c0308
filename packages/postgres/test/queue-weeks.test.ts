import { existsSync, readFileSync } from 'node:fs';
import type { Company } from '@bilag/company';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { openPostgres } from '../src/index.ts';
import { startPostgresServer } from './postgres-server.ts';
import { openQueueBench } from './queue-bench.ts';

const server = await startPostgresServer();
afterAll(() => server?.[Symbol.dispose]());
const { connectionString = '' } = server ?? {};

/** Dates of the week with sales: each becomes a voucher. */
const tradingDays = 6;

describe.skipIf(server === undefined)('nights that follow each other', () => {
  test('what the night before left in the queue is done in that one, and both nights end', async () => {
    await using bench = await openQueueBench(connectionString, 2);
    expect(await bench.enqueue()).toMatchObject({ queued: 2, before: 0 });
    expect(await bench.enqueue('another')).toMatchObject({ queued: 0, before: 2 });
    const events = await bench.work();
    expect(events.filter(({ is }) => is === 'done')).toHaveLength(2);
    expect(await bench.queue.status()).toMatchObject({ turns: { waiting: 0 }, nights: [] });
    expect(await bench.enqueue()).toMatchObject({ queued: 2, before: 0 });
  });

  test('a list that names a company twice puts it into the queue once', async () => {
    await using bench = await openQueueBench(connectionString, 1);
    const at = Date.now();
    const twice = [1, 2].map((input) => ({ id: 'kafe-0', input }));
    const enqueued = await bench.queue.enqueue(twice, { target: 'books', at, goesOnSince: at });
    expect(enqueued).toMatchObject({ queued: 1, before: 1 });
    expect(await bench.byHand('SELECT input FROM merchant')).toEqual([{ input: '2' }]);
  });

  test('a company among the dead is for a person, and the next night begins without it', async () => {
    await using bench = await openQueueBench(connectionString, 2);
    await bench.byHand('UPDATE queue SET retry_delay = 0, retry_backoff = false');
    let isPoisonous = true;
    const companyOf = (id: string): Company | undefined => {
      if (id === 'kafe-1' && isPoisonous) throw new Error('poison');
      return bench.companies.get(id);
    };
    await bench.enqueue();
    await bench.work(bench.queue, companyOf);
    const [state] = await bench.byHand("SELECT state FROM company_state WHERE company_id = 'kafe-1'");
    expect(JSON.parse(String(state?.['state']))).toMatchObject({
      asksFor: 'person',
      reasons: [{ what: 'its turns failed each time: Error', action: expect.stringContaining('--redrive') as string }],
    });
    expect(await bench.queue.status()).toMatchObject({ dead: [{ companyId: 'kafe-1' }], nights: [] });

    isPoisonous = false;
    expect(await bench.enqueue()).toMatchObject({ queued: 2, before: 0 });
    expect(await bench.queue.status()).toMatchObject({ dead: [], turns: { waiting: 2 } });
    await bench.work(bench.queue, companyOf);
    // What was dead the night before is done with: nobody is told of it any more, or does it again.
    expect(await bench.queue.status()).toMatchObject({ dead: [], nights: [] });
    expect(await bench.queue.redrive()).toBe(0);
    expect([0, 1].map(bench.office.vouchersOf)).toEqual([tradingDays, tradingDays]);
    expect(await bench.byHand('SELECT asks_for FROM company_state')).toEqual([
      { asks_for: 'nothing' },
      { asks_for: 'nothing' },
    ]);
  });

  test('what waits in the queue is there until it is done, however long no worker was', async () => {
    await using bench = await openQueueBench(connectionString, 1);
    await bench.enqueue();
    const month = "interval '30 days'";
    await bench.byHand(`UPDATE job SET created_on = created_on - ${month}, start_after = start_after - ${month},
        keep_until = keep_until - ${month};
      UPDATE queue SET maintain_on = NULL, retained_on = 'epoch'`);
    const isMaintained = async (): Promise<boolean> => {
      const rows = await bench.byHand("SELECT FROM queue WHERE retained_on = 'epoch'");
      return rows.length === 0;
    };
    await vi.waitUntil(isMaintained, { timeout: 30_000, interval: 200 });
    expect(await bench.queue.status()).toMatchObject({ turns: { waiting: 1 }, nights: [{ left: 1 }] });
  });

  test('of thousands of dead companies each is told of, and put back', async () => {
    await using bench = await openQueueBench(connectionString, 1);
    const { night } = await bench.enqueue();
    await bench.byHand(`INSERT INTO job (name, data, singleton_key, source_name)
      SELECT 'company-turn-dead', jsonb_build_object('companyId', 'dead-' || number, 'putOff', 0, 'night', '${JSON.stringify(night)}'::jsonb),
        'books dead-' || number, 'company-turn' FROM generate_series(1, 1500) AS number`);
    expect((await bench.queue.status()).dead).toHaveLength(1_500);
    expect(await bench.queue.redrive('dead-1500')).toBe(1);
    expect(await bench.queue.redrive()).toBe(1_499);
    expect(await bench.queue.status()).toMatchObject({ dead: [], turns: { waiting: 1_501 } });
  });
});

describe.skipIf(server === undefined)('a worker that goes on for weeks', () => {
  test('asks once in each of two nights which ledgers its keys see, however their turns alternate', async () => {
    await using bench = await openQueueBench(connectionString, 4);
    const at = Date.now();
    for (const [night, ids] of [
      ['books', ['kafe-0', 'kafe-1']],
      ['books', ['kafe-2', 'kafe-3']],
    ] as const) {
      const asked = { target: night, at, goesOnSince: at + 1 };
      await bench.queue.enqueue(
        ids.map((id) => ({ id, input: { id } })),
        asked,
      );
    }
    const nights: string[] = [];
    await bench.queue.work({
      companyOf: (id) => {
        nights.push(id < 'kafe-2' ? 'first' : 'second');
        return bench.companies.get(id);
      },
      surroundings: bench.office.surroundings,
      atOnce: 1,
      slice: { dates: 4, vouchers: 3 },
      untilEmpty: true,
    });
    const changes = nights.filter((night, index) => index > 0 && night !== nights[index - 1]);
    expect(changes.length).toBeGreaterThan(2);
    expect(bench.office.vipps.requests.filter(({ path }) => path.endsWith('/ledgers'))).toHaveLength(2);
  });

  test('a turn that takes longer than an hour stays with its worker, which says that it lives', async () => {
    await using bench = await openQueueBench(connectionString, 1);
    await bench.enqueue();
    let calls = 0;
    const events = await bench.work(bench.queue, async (id) => {
      if ((calls += 1) > 1) return bench.companies.get(id);
      await bench.byHand("UPDATE job SET started_on = started_on - interval '1 hour' WHERE state = 'active'");
      // The supervisor has looked for turns that are over their time when it begins to look again.
      for (const _ of [1, 2]) {
        const [before] = await bench.byHand('SELECT max(monitor_claim_on) AS at FROM queue');
        await vi.waitUntil(
          async () => {
            const [now] = await bench.byHand('SELECT max(monitor_claim_on) AS at FROM queue');
            return String(now?.['at']) !== String(before?.['at']);
          },
          { timeout: 30_000, interval: 200 },
        );
      }
      return bench.companies.get(id);
    });
    expect(events.map(({ is }) => is)).toEqual(['done', 'turn']);
    expect(calls).toBe(1);
  });

  test('a company that was put off counts what it did before', async () => {
    await using bench = await openQueueBench(connectionString, 2);
    await bench.enqueue();
    const another = await openPostgres({ connectionString, schema: bench.schema, time: 'given' });
    const now = bench.office.surroundings.now().getTime();
    const request = { holder: 'another', now, leaseMs: 300_000, requestTimeoutMs: 60_000 };
    const lease = await another.deliveries.takeLease('kafe-0', request);
    const hurry = "UPDATE job SET start_after = now() WHERE state = 'created' AND start_after > now()";
    const hurried = setInterval(() => void bench.byHand(hurry), 500);
    let turns = 0;
    const events = await bench.work(bench.queue, async (id) => {
      if (id === 'kafe-0' && (turns += 1) === 2) await another.deliveries.releaseLease(lease);
      return bench.companies.get(id);
    });
    clearInterval(hurried);
    await another.close();
    expect(turns).toBe(2);
    const done = events.flatMap((event) => (event.is === 'done' ? [event.state] : []));
    const fetched = new Map(done.map((state) => [state.companyId, state.fetched]));
    expect(fetched.get('kafe-0')).toBeGreaterThanOrEqual(fetched.get('kafe-1') ?? Infinity);
  });

  // After tcp(5): `tr` 02 is a connection whose other end is asked when it is silent.
  test.skipIf(!existsSync('/proc/net/tcp'))('finds out a database whose machine went away without a word', async () => {
    await using bench = await openQueueBench(connectionString, 1);
    await bench.enqueue();
    await bench.work();
    const port = (server?.port ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const timers = (): readonly unknown[] => {
      const lines = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1);
      const connections = lines.map((line) => line.trim().split(/\s+/));
      const established = connections.filter(([, , to = '', state]) => to.endsWith(`:${port}`) && state === '01');
      return established.map((each) => each[5]?.slice(0, 2));
    };
    expect(timers().length).toBeGreaterThan(2);
    // A moment ago one may have been asked something.
    await expect.poll(() => [...new Set(timers())]).toEqual(['02']);
  });
});
