import { setTimeout as delay } from 'node:timers/promises';
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

describe.skipIf(server === undefined)('a night in the queue', () => {
  test('is done by several workers, each voucher once; put there twice it is one night', async () => {
    await using bench = await openQueueBench(connectionString, 6);
    const [first, second] = await Promise.all([bench.enqueue(), bench.enqueue()]);
    expect(first.night.id).toBe(second.night.id);
    expect(first.queued + second.queued).toBe(6);
    expect(await bench.queue.status()).toMatchObject({ turns: { waiting: 6, active: 0 }, nights: [{ left: 6 }] });
    const events = (await Promise.all([bench.work(), bench.work(await bench.open())])).flat();
    expect(events.filter(({ is }) => is === 'done')).toHaveLength(6);
    expect([0, 1, 2, 3, 4, 5].map(bench.office.vouchersOf)).toEqual(Array.from({ length: 6 }, () => tradingDays));
    expect(await bench.queue.status()).toEqual({ turns: { waiting: 0, later: 0, active: 0 }, dead: [], nights: [] });
    expect(await bench.byHand('SELECT count(*) FROM company_state')).toEqual([{ count: '6' }]);
  });

  test('a worker that goes on for nights asks in each of them which ledgers its keys see', async () => {
    await using bench = await openQueueBench(connectionString, 2);
    const stop = new AbortController();
    const surroundings = { ...bench.office.surroundings, signal: stop.signal };
    const working = bench.queue.work({ companyOf: (id) => bench.companies.get(id), surroundings });
    const isDone = async (): Promise<boolean> => (await bench.queue.status()).nights.length === 0;
    for (const nights of [1, 2]) {
      await bench.enqueue();
      await vi.waitUntil(isDone, { timeout: 30_000, interval: 50 });
      const lists = bench.office.vipps.requests.filter(({ path }) => path.endsWith('/ledgers'));
      expect(lists).toHaveLength(nights);
      await bench.byHand('UPDATE night SET ended_at = 1');
    }
    stop.abort();
    await working;
  });

  test('a turn whose job another has by now records nothing', async () => {
    await using bench = await openQueueBench(connectionString, 1);
    await bench.enqueue();
    const [id] = [...bench.companies.keys()];
    const events = await bench.work(bench.queue, (asked) => {
      return asked === id ? undefined : bench.companies.get(asked);
    });
    expect(events.map(({ is }) => is)).toEqual(['done', 'turn']);
    // The next night: while its turn is under way, the job goes to another attempt.
    await bench.byHand('UPDATE night SET ended_at = 1');
    await bench.enqueue();
    let overtaken = false;
    const told = bench.work(bench.queue, (asked) => bench.companies.get(asked));
    const overtake = (async (): Promise<void> => {
      while (!overtaken) {
        const rows = await bench.byHand(
          "UPDATE job SET retry_count = retry_count + 1 WHERE name = 'company-turn' AND state = 'active' RETURNING id",
        );
        overtaken = rows.length > 0;
        await delay(5);
      }
      // The attempt that has it now ends it.
      await delay(1_500);
      await bench.byHand("UPDATE job SET state = 'completed' WHERE name = 'company-turn' AND state = 'active'");
    })();
    const [seen] = await Promise.all([told, overtake]);
    expect(seen.map(({ is }) => is)).toContain('overtaken');
    expect(await bench.byHand('SELECT count(*) FROM night_company')).toEqual([{ count: '1' }]);
    expect(bench.office.vouchersOf(0)).toBe(tradingDays);
  });

  test('a company that was put off comes before those that were not begun', async () => {
    await using bench = await openQueueBench(connectionString, 5);
    await bench.enqueue();
    const another = await openPostgres({ connectionString, schema: bench.schema, time: 'given' });
    const now = bench.office.surroundings.now?.().getTime() ?? 0;
    const request = { holder: 'another', now, leaseMs: 300_000, requestTimeoutMs: 60_000 };
    const lease = await another.deliveries.takeLease('kafe-0', request);
    const order: string[] = [];
    const companyOf = async (id: string): Promise<Company | undefined> => {
      order.push(id);
      if (order.at(-2) === 'kafe-0') {
        await another.deliveries.releaseLease(lease);
        await bench.byHand("UPDATE job SET start_after = now() WHERE state = 'created' AND start_after > now()");
      }
      return bench.companies.get(id);
    };
    await bench.work(bench.queue, companyOf, 1);
    await another.close();
    const place = order.indexOf('kafe-0');
    expect(order).toHaveLength(6);
    expect(order.slice(place, place + 3)).toEqual(['kafe-0', expect.not.stringMatching('kafe-0'), 'kafe-0']);
  });

  test('a company that poisons its worker ends among the dead, keeps no other, and is put back by hand', async () => {
    await using bench = await openQueueBench(connectionString, 3);
    await bench.byHand('UPDATE queue SET retry_delay = 0, retry_backoff = false');
    await bench.enqueue();
    let isPoisonous = true;
    const companyOf = (id: string): Company | undefined => {
      if (id === 'kafe-1' && isPoisonous) throw new Error('poison');
      return bench.companies.get(id);
    };
    const events = await bench.work(bench.queue, companyOf);
    expect(events.filter(({ is }) => is === 'done')).toHaveLength(2);
    expect(events.filter(({ is }) => is === 'failed')).toHaveLength(8);
    const { dead, nights } = await bench.queue.status();
    expect(dead).toMatchObject([{ companyId: 'kafe-1', why: 'Error' }]);
    // What only a person can mend keeps no night from its end.
    expect(nights).toEqual([]);
    isPoisonous = false;
    expect(await bench.queue.redrive('kafe-1')).toBe(1);
    expect(await bench.byHand('SELECT company_id FROM night_company')).toEqual([{ company_id: 'kafe-1' }]);
    await bench.work(bench.queue, companyOf);
    expect([0, 1, 2].map(bench.office.vouchersOf)).toEqual([tradingDays, tradingDays, tradingDays]);
    expect(await bench.queue.status()).toMatchObject({ dead: [], nights: [] });
  });
});
