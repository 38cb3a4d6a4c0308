import { isBilagError, type Service } from '@bilag/core';
import { expect, test } from 'vitest';
import { apply, undo, type DeliveryContext } from '../src/index.ts';
import { settlesMs, type FakeKind } from './fake-books.ts';
import { startFakeRun, type FakeRun } from './fake-run.ts';
import { bookedDates, sampleDate, sampleVoucher, sampleVouchers } from './sample-vouchers.ts';

const voucher = sampleVoucher({ index: 0 });

/** A process that is stopped where it reads what a write needs, as long as `meanwhile` takes. */
function stoppedBeforeWriting(run: FakeRun, meanwhile: () => Promise<unknown>): DeliveryContext {
  const { service } = run.context;
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    // Long past the lease and the longest request.
    run.clock.pass(3_600_000);
    await meanwhile();
  };
  const stopped: Service = {
    ...service,
    post: async (...given) => {
      await stop();
      return service.post(...given);
    },
    reverse: async (...given) => {
      await stop();
      return service.reverse!(...given);
    },
  };
  return { ...run.context, service: stopped };
}

test('a process that was away while another posted the voucher posts nothing when it comes back', async () => {
  await using run = await startFakeRun();
  const plan = await run.planOf(bookedDates([voucher]));
  const away = stoppedBeforeWriting(run, async () => {
    expect(await apply(plan, run.context)).toMatchObject({ end: 'done' });
  });
  await expect(apply(plan, away)).rejects.toThrow('lease of kaffebaren was lost');
  expect(run.books.live(voucher.key)).toHaveLength(1);
});

test('a process that was away while another reversed the voucher reverses nothing when it comes back', async () => {
  await using run = await startFakeRun();
  await apply(await run.planOf(bookedDates([voucher])), run.context);
  const choice = { from: sampleDate(0), to: sampleDate(0) };
  const away = stoppedBeforeWriting(run, () => undo(choice, run.context, { confirm: () => true }));
  await expect(undo(choice, away, { confirm: () => true })).rejects.toThrow('lease of kaffebaren was lost');
  expect(run.books.vouchers.map(({ state }) => state)).toEqual(['reversed', 'live']);
});

test('a process that dies before its turn to send has come leaves nothing to look for', async () => {
  await using run = await startFakeRun();
  // The adapter was seen to ask.
  await apply(await run.planOf(bookedDates([sampleVoucher({ index: 1 })])), run.context);
  const plan = await run.planOf(bookedDates([voucher]));
  const died = { ...run.context, service: { ...run.context.service, post: () => new Promise<never>(() => undefined) } };
  void apply(plan, died);
  while (!run.steps.includes(`before send ${voucher.key}`)) await new Promise((resolve) => setImmediate(resolve));
  expect(await run.store.rows('kaffebaren', { key: voucher.key })).toEqual([]);
  // The next run posts at once, when the lease of the dead one is over.
  run.clock.pass(3_600_000);
  const [since, result] = [run.clock.now(), await apply(plan, run.context)];
  expect(result).toMatchObject({ end: 'done', outcomes: [{ did: 'posted' }] });
  expect(run.clock.now()).toBe(since);
});

test('the lease lasts at least as long as the request that is sent may take', async () => {
  await using run = await startFakeRun();
  const { service } = run.context;
  const ends: number[] = [];
  const slow: Service = {
    ...service,
    post: (content, reference, beforeWrite) =>
      service.post(content, reference, async () => {
        await beforeWrite?.(300_000);
        ends.push(((await run.store.leaseOf('kaffebaren'))?.expiresAt ?? 0) - run.clock.now());
      }),
  };
  await apply(await run.planOf(bookedDates([voucher])), { ...run.context, service: slow });
  expect(ends).toEqual([300_000]);
});

test('an adapter that writes without asking is stopped after the first voucher', async () => {
  await using run = await startFakeRun();
  const { service } = run.context;
  const unfenced: Service = { ...service, post: (content, reference) => service.post(content, reference) };
  const plan = await run.planOf(bookedDates(sampleVouchers(3)));
  const result = await apply(plan, { ...run.context, service: unfenced });
  expect(result).toMatchObject({ stoppedBy: { kind: 'unsupported' }, end: 'usage' });
  expect(run.books.vouchers).toHaveLength(1);
  expect(await run.store.rows('kaffebaren', { states: ['posted'] })).toHaveLength(1);
});

test.each<FakeKind>(['search', 'none'])(
  'an adapter that writes without asking, and dies in its first voucher, leaves it to be looked for (%s)',
  async (kind) => {
    await using run = await startFakeRun({ kind });
    run.books.searchDelayMs = settlesMs - 1_000;
    const { service } = run.context;
    const unfenced: Service = {
      ...service,
      post: async (content, reference) => {
        await service.post(content, reference);
        return new Promise<never>(() => undefined);
      },
    };
    const dates = bookedDates([voucher]);
    void apply(await run.planOf(dates), { ...run.context, service: unfenced });
    while (run.books.vouchers.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    run.clock.pass(121_000);
    const result = await apply(await run.planOf(dates), run.context);
    expect(result).toMatchObject(
      kind === 'none' ? { outcomes: [{ asksPerson: true }] } : { outcomes: [{ did: 'found' }] },
    );
    expect(run.books.vouchers).toHaveLength(1);
  },
);

test('a process that dies before the first voucher of all was asked for has it posted once the target had its time', async () => {
  await using run = await startFakeRun();
  const context = { ...run.context, rules: {} };
  const dates = bookedDates([voucher]);
  const died = { ...context, service: { ...context.service, post: () => new Promise<never>(() => undefined) } };
  void apply(await run.planOf(dates), died);
  while (!run.steps.includes(`before send ${voucher.key}`)) await new Promise((resolve) => setImmediate(resolve));
  run.clock.pass(3_600_000);
  expect(await apply(await run.planOf(dates), context)).toMatchObject({ end: 'done', outcomes: [{ did: 'posted' }] });
  expect(run.books.vouchers).toHaveLength(1);
});

test('an adapter that tells a lost lease in other words does not go on either', async () => {
  await using run = await startFakeRun();
  const { service } = run.context;
  const misnaming: Service = {
    ...service,
    post: (...given) =>
      service.post(...given).catch(() => {
        throw new TypeError('something went wrong');
      }),
  };
  const plan = await run.planOf(bookedDates([voucher]));
  const away = stoppedBeforeWriting({ ...run, context: { ...run.context, service: misnaming } } as FakeRun, () =>
    apply(plan, run.context),
  );
  const error = await apply(plan, away).catch((thrown: unknown) => thrown);
  expect(isBilagError(error) && error.kind).toBe('busy');
  expect(run.books.live(voucher.key)).toHaveLength(1);
});

test('a target that asks for a pause of a day ends the run now, and lets the company go', async () => {
  await using run = await startFakeRun();
  run.server.faults.arm({ kind: 'status', status: 429, headers: { 'retry-after': '86400' }, times: Infinity });
  const plan = await run.planOf(bookedDates([voucher]));
  await expect(apply(plan, run.context)).rejects.toThrow('busy');
  await run.server.faults.disarmAll();
  const isPost = ({ method }: { readonly method: string }): boolean => method === 'POST';
  run.server.faults.arm({ kind: 'status', status: 429, headers: { 'retry-after': '86400' }, match: isPost });
  const since = run.clock.now();
  expect(await apply(plan, run.context)).toMatchObject({ end: 'retry', stoppedBy: { kind: 'busy' } });
  expect(run.clock.now() - since).toBeLessThan(3_600_000);
  expect(await run.store.leaseOf('kaffebaren')).toBeUndefined();
});

test('a run whose log cannot be written ends, also where a voucher before it waits for the target', async () => {
  await using run = await startFakeRun();
  run.books.searchDelayMs = 50_000;
  const plan = await run.planOf(bookedDates(sampleVouchers(3)));
  // Of the first the reply is lost: it waits, and the second takes its turn.
  run.server.faults.arm({ kind: 'cut', strikes: 'after', match: ({ method }) => method === 'POST' });
  const failed = Promise.withResolvers<void>();
  const sleep = async (ms: number): Promise<void> => {
    if (run.books.vouchers.length > 0) await failed.promise;
    run.clock.pass(ms);
  };
  const onStep = (name: string): void => {
    if (name !== `before save intent ${sampleVoucher({ index: 1 }).key}`) return;
    setTimeout(failed.resolve, 20);
    throw new Error('the disk is full');
  };
  const context = { ...run.context, clock: { ...run.clock, sleep }, onStep };
  await expect(apply(plan, context)).rejects.toThrow('the disk is full');
});
