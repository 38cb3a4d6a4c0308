import { describe, expect, test } from 'vitest';
import { endOf, hourUs, localText, startOf, utcText } from '../src/trade/local-time.ts';
import { Random } from '../src/trade/random.ts';
import { plainDate } from '@bilag/core';

function draws(seed: number | string): number[] {
  const random = new Random(seed);
  return Array.from({ length: 5 }, () => random.below(1000));
}

function hours(date: string): number {
  return (endOf(plainDate(date), 'DK', 0) - startOf(plainDate(date), 'DK', 0)) / hourUs;
}

describe('chance', () => {
  test('draws are the same for the same seed and differ for another', () => {
    expect(draws(1)).toEqual(draws('1'));
    expect(draws(1)).not.toEqual(draws(2));
    expect(draws('ab')).not.toEqual(draws('ba'));
  });

  test('draws reach both ends evenly', () => {
    const random = new Random('even');
    const counts = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 100_000; draw += 1)
      counts[random.between(0, 9)] = (counts[random.between(0, 9)] ?? 0) + 1;
    const chances = Array.from({ length: 100_000 }, () => random.chance(2500)).filter(Boolean).length;
    const weighted = Array.from({ length: 100_000 }, () => random.weighted([1, 0, 3]));
    expect(counts.filter((count) => Math.abs(count - 10_000) > 500)).toEqual([]);
    expect(Math.abs(chances - 25_000)).toBeLessThan(1000);
    expect(weighted).not.toContain(1);
    expect(Math.abs(weighted.filter((index) => index === 0).length - 25_000)).toBeLessThan(1000);
  });
});

describe('local time', () => {
  test('a date starts at the cut-off, local time, in summer and in winter', () => {
    expect(utcText(startOf(plainDate('2026-07-01'), 'NO', 0))).toBe('2026-06-30T22:00:00.000000Z');
    expect(utcText(startOf(plainDate('2026-12-01'), 'NO', 4))).toBe('2026-12-01T03:00:00.000000Z');
    expect(utcText(startOf(plainDate('2026-07-01'), 'FI', 0))).toBe('2026-06-30T21:00:00.000000Z');
  });

  test('the dates on which the clock changes are an hour shorter and an hour longer', () => {
    expect([hours('2026-03-28'), hours('2026-03-29'), hours('2026-10-25'), hours('2026-10-26')]).toEqual([
      24, 23, 25, 24,
    ]);
  });

  test('agrees with the time zone database', () => {
    const zones = {
      NO: 'Europe/Oslo',
      DK: 'Europe/Copenhagen',
      SE: 'Europe/Stockholm',
      FI: 'Europe/Helsinki',
    } as const;
    const random = new Random('zones');
    for (const market of ['NO', 'DK', 'SE', 'FI'] as const) {
      const clock = new Intl.DateTimeFormat('sv-SE', {
        timeZone: zones[market],
        dateStyle: 'short',
        timeStyle: 'medium',
      });
      const moments = Array.from({ length: 500 }, () => Date.UTC(2024) + random.below(5 * 366 * 86_400) * 1000);
      expect(moments.map((ms) => localText(ms * 1000, market).slice(0, 19))).toEqual(
        moments.map((ms) => clock.format(ms).replace(' ', 'T')),
      );
    }
  });
});
