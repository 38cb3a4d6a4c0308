import { describe, expect, test } from 'vitest';
import { dateIn, lastEndedDate, parsePeriod } from '../src/dates/period.ts';

describe('periods', () => {
  test.each([
    ['2026', 1, '2026-01-01', '2026-12-31'],
    ['2026', 7, '2025-07-01', '2026-06-30'],
    ['2026-Q1', 1, '2026-01-01', '2026-03-31'],
    ['2026-q4', 1, '2026-10-01', '2026-12-31'],
    ['2028-02', 1, '2028-02-01', '2028-02-29'],
    ['2026-07-31', 1, '2026-07-31', '2026-07-31'],
  ])('%s with a year that starts in month %i', (text, month, from, to) => {
    expect(parsePeriod(text, month)).toEqual({ from, to });
  });

  test.each(['2026-13', '2026-Q0', '26', '2026-7', '2026-02-30', ''])('"%s" is none', (text) => {
    expect(() => parsePeriod(text)).toThrow('is not a period');
  });

  test('a date is the one at the merchant, not the one in Greenwich', () => {
    const night = new Date('2026-06-30T22:30:00Z');
    expect(dateIn('NO', night)).toBe('2026-07-01');
    expect(dateIn('FI', new Date('2026-06-30T21:30:00Z'))).toBe('2026-07-01');
    expect(dateIn('DK', new Date('2026-06-30T21:30:00Z'))).toBe('2026-06-30');
  });

  test('at every hour, as the clocks of the market tell', () => {
    const zones = {
      NO: 'Europe/Oslo',
      DK: 'Europe/Copenhagen',
      SE: 'Europe/Stockholm',
      FI: 'Europe/Helsinki',
    } as const;
    // Two years, in summer as in winter.
    const hours = Array.from({ length: 2 * 365 * 24 }, (_, hour) => new Date(Date.UTC(2025, 0, 1, hour, 30)));
    for (const market of ['NO', 'DK', 'SE', 'FI'] as const) {
      const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zones[market], dateStyle: 'short' });
      expect(hours.filter((hour) => dateIn(market, hour) !== clock.format(hour))).toEqual([]);
    }
  });

  test('a ledger date has surely ended only some hours after midnight', () => {
    expect(lastEndedDate('NO', new Date('2026-07-02T03:30:00Z'))).toBe('2026-06-30');
    expect(lastEndedDate('NO', new Date('2026-07-02T04:30:00Z'))).toBe('2026-07-01');
  });
});
