import { createLimiter } from '../src/transport/limiter.ts';
import { describe, expect, test } from 'vitest';
import { virtualTime } from './virtual-time.ts';

describe('the limiter', () => {
  test('no more run at once than allowed, in the order they came', async () => {
    const limiter = createLimiter({ concurrency: 2 });
    const started: number[] = [];
    const finish: (() => void)[] = [];
    const tasks = [1, 2, 3, 4].map((number) =>
      limiter.run(async () => {
        started.push(number);
        await new Promise<void>((resolve) => finish.push(resolve));
      }),
    );
    await settle();
    expect(started).toEqual([1, 2]);
    finish.shift()?.();
    await settle();
    expect(started).toEqual([1, 2, 3]);
    while (finish.length > 0 || started.length < 4) {
      finish.shift()?.();
      await settle();
    }
    await Promise.all(tasks);
    expect(started).toEqual([1, 2, 3, 4]);
  });

  test('starts are spaced so that no second sees more than allowed', async () => {
    const time = virtualTime(0);
    const limiter = createLimiter({ perSecond: 4, concurrency: 1, ...time });
    const starts: number[] = [];
    for (let index = 0; index < 9; index += 1) await limiter.run(async () => starts.push(time.now()));
    expect(starts).toEqual([0, 250, 500, 750, 1000, 1250, 1500, 1750, 2000]);
  });

  test('a task that fails gives its place back', async () => {
    const limiter = createLimiter({ concurrency: 1 });
    await expect(limiter.run(async () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await limiter.run(async () => 'next')).toBe('next');
  });

  test('one that stops while it waits in line leaves the line', async () => {
    const limiter = createLimiter({ concurrency: 1 });
    const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
    const first = limiter.run(async () => finished);
    const stop = new AbortController();
    const second = limiter.run(async () => 'second', stop.signal);
    const third = limiter.run(async () => 'third');
    stop.abort(new Error('stopped by hand'));
    await expect(second).rejects.toThrow('stopped by hand');
    finish();
    await first;
    expect(await third).toBe('third');
  });

  test('a pause holds back everything that has not started', async () => {
    const time = virtualTime(0);
    const limiter = createLimiter(time);
    limiter.pauseUntil(3000);
    await limiter.run(async () => undefined);
    expect(time.now()).toBe(3000);
  });
});

/** Lets everything run that can. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
