import { backoffMs, defaultRetry, retryAfterMs } from '../src/replies/retry.ts';
import { describe, expect, test } from 'vitest';

describe('pauses', () => {
  test('a pause doubles up to its bound', () => {
    expect([1, 2, 3, 4, 20].map((attempt) => backoffMs(attempt, defaultRetry, 1))).toEqual([
      500, 1000, 2000, 4000, 30_000,
    ]);
  });

  test.each([
    ['0', 0],
    [' 15 ', 15_000],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 10_000],
    ['Wed, 21 Oct 2015 07:27:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['2015', 2_015_000],
    [undefined, undefined],
  ])('Retry-After %j is %j ms', (header, expected) => {
    expect(retryAfterMs(header, Date.UTC(2015, 9, 21, 7, 27, 50))).toBe(expected);
  });
});
