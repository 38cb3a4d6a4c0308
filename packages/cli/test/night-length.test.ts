import { expect, test } from 'vitest';
import { nightLength } from '../src/commands/office/night-length.ts';

test('a hundred thousand companies on one key of 600 calls a minute are more than a night', () => {
  expect(nightLength(100_000, 10)).toMatch(/at 600 calls a minute .* take 52 hours/);
});

test('as many as a night has room for are not worth a word', () => {
  expect(nightLength(15_401, 10)).toBeUndefined();
  expect(nightLength(15_402, 10)).toBeDefined();
});
