import { expect, test } from 'vitest';
import { nightLength } from '../src/commands/office/night-length.ts';

test('a hundred thousand companies on one key of 600 calls a minute are more than a night', () => {
  expect(nightLength(100_000, 10)).toMatch(/at 600 calls a minute .* take 28 hours/);
});

test('as many as a night has room for are not worth a word', () => {
  expect(nightLength(28_800, 10)).toBeUndefined();
  expect(nightLength(28_801, 10)).toBeDefined();
});
