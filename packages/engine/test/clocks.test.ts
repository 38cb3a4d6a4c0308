import { describe, expect, test } from 'vitest';
import { apply, openDeliveryLog, systemClock, type DeliveryWait } from '../src/index.ts';
import { startFakeRun, type FakeRun } from './fake-run.ts';
import { bookedDates, sampleVouchers } from './sample-vouchers.ts';

const day = 86_400_000;
const isWrite = ({ method }: { readonly method: string }): boolean => method === 'POST';

/** A process whose clock is ahead sends the first of three vouchers, and dies before the target shows it. */
async function dieAhead(run: FakeRun, aheadMs: number): Promise<void> {
  const plan = await run.planOf(bookedDates(sampleVouchers(3)));
  const clock = { ...run.clock, now: () => run.clock.now() + aheadMs };
  const died = new Error('died');
  const onStep = (name: string): void => {
    // Everything after it is as if the process were gone, and its lease with it.
    if (name.startsWith('before save posted')) throw died;
  };
  const store = new Proxy(run.store, {
    get: (held, name) => {
      if (name === 'releaseLease') return async () => undefined;
      const value: unknown = Reflect.get(held, name);
      return typeof value === 'function' ? (value.bind(held) as unknown) : value;
    },
  });
  await apply(plan, { ...run.context, store, clock, onStep }).catch((error: unknown) => {
    if (error !== died) throw error;
  });
  expect(run.books.vouchers).toHaveLength(1);
  const lease = await run.store.leaseOf('kaffebaren');
  expect(lease?.expiresAt).toBeGreaterThan(run.clock.now() + aheadMs);
}

describe('a process that died with a clock that was ahead', () => {
  test('locks nobody out: it is named, a person ends its lease, and its voucher is looked up', async () => {
    await using run = await startFakeRun();
    run.books.searchDelayMs = 50_000;
    await dieAhead(run, 30 * day);
    const plan = await run.planOf(bookedDates(sampleVouchers(3)));
    const refusal = await apply(plan, run.context).catch((error: unknown) => error as Error);
    expect(refusal).toMatchObject({ kind: 'conflict' });
    expect(String(refusal)).toMatch(/from the future.*one of the two clocks is wrong.*--end-lease/);
    const lease = await run.store.leaseOf('kaffebaren');
    await run.store.endLease(lease!, run.clock.now());
    await expect(apply(plan, run.context)).rejects.toMatchObject({ kind: 'busy' });
    run.clock.pass(60_000);
    const begun = run.clock.now();
    const { end, findings } = await apply(await run.planOf(bookedDates(sampleVouchers(3))), run.context);
    expect(end).toBe('done');
    expect(findings).toMatchObject([{ code: 'clock-differs' }]);
    expect(run.books.vouchers).toHaveLength(3);
    expect(run.clock.now() - begun).toBeLessThan(day);
  });
});

describe('a process whose clock is ahead of the one that died', () => {
  test('sends nothing again before it has itself looked for as long as the target may take', async () => {
    await using run = await startFakeRun();
    run.books.searchDelayMs = 50_000;
    const plan = await run.planOf(bookedDates(sampleVouchers(3)));
    // The first is written, and the reply is lost; the target shows it late.
    run.server.faults.arm({ kind: 'cut', strikes: 'after', match: isWrite });
    let sends = 0;
    const onStep = (name: string): void => {
      if (name.startsWith('after save unknown-outcome') && (sends += 1) === 1) throw new Error('died');
    };
    await apply(plan, { ...run.context, onStep }).catch(() => undefined);
    expect(run.books.vouchers).toHaveLength(1);
    const clock = { ...run.clock, now: () => run.clock.now() + day / 8 };
    const { end } = await apply(await run.planOf(bookedDates(sampleVouchers(3))), { ...run.context, clock });
    expect(end).toBe('done');
    expect(run.books.vouchers).toHaveLength(3);
  });
});

describe('another process that delivers', () => {
  test('is waited for as long as that is asked for, and no longer', async () => {
    await using run = await startFakeRun();
    const { store, clock } = run;
    const asked = { holder: 'process 17', now: clock.now(), leaseMs: 60_000, requestTimeoutMs: 60_000 };
    await store.takeLease('kaffebaren', asked);
    const plan = await run.planOf(bookedDates(sampleVouchers(2)));
    const refusal = await apply(plan, run.context).catch((error: unknown) => error as Error);
    expect(String(refusal)).toMatch(/process 17 is delivering.*ends by itself at .*, in 120 seconds/);
    await expect(apply(plan, { ...run.context, waitForLeaseMs: 30_000 })).rejects.toMatchObject({ kind: 'busy' });
    const waits: DeliveryWait[] = [];
    const onWait = (wait: DeliveryWait): void => void waits.push(wait);
    const result = await apply(plan, { ...run.context, waitForLeaseMs: 600_000, onWait });
    expect(result).toMatchObject({ end: 'done' });
    expect(waits[0]).toEqual({ until: asked.now + 120_000, why: expect.stringContaining('process 17') });
  });

  test('that is stopped ends the wait', async () => {
    await using run = await startFakeRun();
    const other = await openDeliveryLog(run.store.where);
    const now = run.clock.now();
    await other.takeLease('kaffebaren', { holder: 'x', now, leaseMs: 60_000, requestTimeoutMs: 60_000 });
    await other.close();
    const plan = await run.planOf(bookedDates(sampleVouchers(1)));
    const signal = AbortSignal.abort(new Error('stopped'));
    const clock = { ...run.clock, signal, sleep: async () => signal.throwIfAborted() };
    await expect(apply(plan, { ...run.context, clock, waitForLeaseMs: 600_000 })).rejects.toThrow('stopped');
  });
});

test('a run that failed has ended', async () => {
  await using run = await startFakeRun();
  await apply(await run.planOf(bookedDates(sampleVouchers(1))), run.context);
  run.books.vouchers.push({ ...run.books.vouchers[0]!, id: '99' });
  const plan = await run.planOf(bookedDates(sampleVouchers(2)));
  await expect(apply(plan, run.context)).rejects.toMatchObject({ kind: 'conflict' });
  expect((await run.store.runs('kaffebaren')).map(({ endedAt }) => endedAt === null)).toEqual([false, false]);
});

test('the clock of a run goes on evenly when the clock on the wall is set', () => {
  const wall = Date.now;
  const clock = systemClock();
  try {
    const before = clock.now();
    Date.now = () => wall() + 3 * 3_600_000;
    expect(clock.now() - before).toBeLessThan(3_600_000);
  } finally {
    Date.now = wall;
  }
});
