import { expect, test } from 'vitest';
import { ahead } from '../src/fetch/ahead.ts';

/** Answers that come the later the earlier they were asked for, and how many were under way at once. */
function slowest(count: number) {
  const seen = { underWay: 0, most: 0, begun: 0 };
  const ask = async (item: number): Promise<string> => {
    seen.begun += 1;
    seen.underWay += 1;
    seen.most = Math.max(seen.most, seen.underWay);
    for (let step = item; step < count; step += 1) await Promise.resolve();
    seen.underWay -= 1;
    if (item === 3) throw new Error('the third could not be had');
    return `answer ${item}`;
  };
  return { ask, seen };
}

const items = Array.from({ length: 20 }, (_, item) => item);

test('answers are handed on in the order of what was asked for, however late they come, failures in their place', async () => {
  const { ask, seen } = slowest(20);
  const told: string[] = [];
  for await (const { item, answer } of ahead(items, ask)) {
    told.push(await answer.catch((error: Error) => `${item}: ${error.message}`));
  }
  const oneByOne = items.map((item) => (item === 3 ? '3: the third could not be had' : `answer ${item}`));
  expect(told).toEqual(oneByOne);
  expect(seen.most).toBeGreaterThan(1);
  expect(seen.most).toBeLessThanOrEqual(8);
});

test('whoever stops early waits for what was begun, and begins nothing more', async () => {
  const { ask, seen } = slowest(20);
  for await (const { item } of ahead(items, ask)) if (item === 2) break;
  expect(seen.underWay).toBe(0);
  expect(seen.begun).toBeLessThanOrEqual(11);
});
