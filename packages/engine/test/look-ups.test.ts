import { describe, expect, test } from 'vitest';
import { apply, type DeliveryContext, type DeliveryResult } from '../src/index.ts';
import type { FakeVoucher } from './fake-books.ts';
import { startFakeRun, type FakeRun } from './fake-run.ts';
import { bookedDates, sampleVoucher, sampleVouchers } from './sample-vouchers.ts';

async function post(run: FakeRun, count: number, change: Partial<DeliveryContext> = {}): Promise<DeliveryResult> {
  return apply(await run.planOf(bookedDates(sampleVouchers(count))), { ...run.context, ...change });
}

/** Does something after the first voucher is posted. */
function afterFirst(work: () => void): Pick<DeliveryContext, 'onStep'> {
  let isDone = false;
  return {
    onStep: (name) => {
      if (isDone || !name.startsWith('after save posted')) return;
      isDone = true;
      work();
    },
  };
}

/** A voucher that another writer brings in under the reference of one of ours. */
function bringIn({ books }: FakeRun, index: number, change: Partial<FakeVoucher> = {}): void {
  const { key: reference, date, currency, lines } = sampleVoucher({ index });
  const posted = {
    id: `other ${index}`,
    reference,
    date,
    currency,
    state: 'live',
    document: 'journal',
    seenAt: 0,
  } as const;
  const held = lines.map(({ account, amount }) => ({ account, amount }));
  books.vouchers.push({ ...posted, lines: held, ...change });
}

/** How many questions of each kind the target was asked. */
function questions({ server }: FakeRun): { readonly lists: number; readonly looks: number } {
  const asked = server.requests.filter(({ method, path }) => method === 'GET' && path === '/vouchers');
  const looks = asked.filter(({ search }) => search.includes('reference=')).length;
  return { looks, lists: asked.length - looks };
}

describe('looking before and after many vouchers are sent', () => {
  test.each([30, 120])('asks for dates, and for none of %i vouchers by itself', async (count) => {
    await using run = await startFakeRun();
    expect(await post(run, count)).toMatchObject({ end: 'done' });
    const { lists, looks } = questions(run);
    expect(looks).toBe(0);
    // One before the first, one after every fifty, and what is left at the end.
    expect(lists).toBeLessThanOrEqual(3 + Math.floor(count / 50));
  });

  test('looks again for those to come when what it saw is older than a minute', async () => {
    await using run = await startFakeRun();
    await post(run, 1);
    const { outcomes } = await post(
      run,
      4,
      afterFirst(() => {
        bringIn(run, 2);
        run.clock.pass(61_000);
      }),
    );
    expect(outcomes.map(({ did }) => did)).toEqual(['posted', 'found', 'posted']);
    expect(run.books.live(sampleVoucher({ index: 2 }).key)).toHaveLength(1);
  });

  test('looks for what stands there in any state by itself', async () => {
    await using run = await startFakeRun();
    await post(run, 1);
    bringIn(run, 2, { state: 'reversed' });
    const { outcomes } = await post(run, 4);
    expect(outcomes.map(({ state }) => state)).toEqual(['posted', 'conflict', 'posted']);
    expect(questions(run).looks).toBe(1);
  });

  test('looks by itself for what was sent before, however fresh the list is', async () => {
    await using run = await startFakeRun();
    await post(run, 1);
    run.server.faults.arm({ kind: 'cut', strikes: 'after', match: ({ method }) => method === 'POST' });
    const { outcomes } = await post(run, 4);
    expect(outcomes.map(({ did, state }) => `${did} ${state}`)).toEqual([
      'found posted',
      'posted posted',
      'posted posted',
    ]);
    expect(questions(run).looks).toBe(1);
  });

  test('finds what stands there twice afterwards, says it of the voucher and stops the company', async () => {
    await using run = await startFakeRun();
    await post(run, 1);
    const result = await post(
      run,
      4,
      afterFirst(() => bringIn(run, 1)),
    );
    expect(result.end).toBe('person');
    expect(result.stoppedBy?.what).toContain('2 times');
    expect(result.outcomes.map(({ state }) => state)).toEqual(['conflict', 'posted', 'posted']);
    await expect(post(run, 6)).rejects.toMatchObject({ kind: 'conflict' });
  });

  test('leaves posted what was answered for when the target cannot be asked afterwards', async () => {
    await using run = await startFakeRun();
    await post(run, 1);
    const broken = afterFirst(() =>
      run.server.faults.arm({ kind: 'status', status: 503, times: Infinity, match: ({ method }) => method === 'GET' }),
    );
    expect((await post(run, 3, broken)).outcomes.map(({ state }) => state)).toEqual(['posted', 'posted']);
  });

  test('looks for each by itself where the target has no list', async () => {
    await using run = await startFakeRun();
    const { list: _, ...service } = run.context.service;
    expect(await post(run, 3, { service })).toMatchObject({ end: 'done' });
    expect(questions(run)).toEqual({ looks: 6, lists: 0 });
  });
});
