import type { Company } from '@bilag/company';
import { afterAll, describe, expect, test } from 'vitest';
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
