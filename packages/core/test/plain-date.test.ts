import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, datesBetween, isPlainDate, lastDayOfMonth, plainDate } from '../src/index.ts';
import { runs } from './property-runs.ts';

describe('plain dates', () => {
  test.each([
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-1-1',
    '2026-01-32',
    '2100-02-29',
    '20260131',
    '2026-31-12',
  ])('%s is not a date', (text) => {
    expect(isPlainDate(text)).toBe(false);
    expect(() => plainDate(text)).toThrow(/is not a date/);
  });

  test.each(['2026-01-00', ' 2026-01-31', '2026-01-31T00:00', 'x2026-01-31'])('nor is "%s"', (text) => {
    expect(isPlainDate(text)).toBe(false);
    expect(() => plainDate(text)).toThrow(expect.objectContaining({ kind: 'rejected' }));
  });

  test('every month ends on its own day', () => {
    const ends = Array.from({ length: 12 }, (_, month) =>
      lastDayOfMonth(plainDate(`2026-${String(month + 1).padStart(2, '0')}-01`)).slice(8),
    );
    expect(ends.join(' ')).toBe('31 28 31 30 31 30 31 31 30 31 30 31');
    expect(isPlainDate('2026-04-31')).toBe(false);
  });

  test('leap days exist where the calendar has them', () => {
    expect(['2028-02-29', '2000-02-29', '2026-12-31'].every(isPlainDate)).toBe(true);
  });

  test('days are added across months, years and leap days', () => {
    expect(addDays(plainDate('2026-12-31'), 1)).toBe('2027-01-01');
    expect(addDays(plainDate('2028-03-01'), -1)).toBe('2028-02-29');
    expect(lastDayOfMonth(plainDate('2028-02-03'))).toBe('2028-02-29');
    expect([...datesBetween(plainDate('2026-02-27'), plainDate('2026-03-02'))]).toEqual([
      '2026-02-27',
      '2026-02-28',
      '2026-03-01',
      '2026-03-02',
    ]);
  });

  test('days are added wherever the program runs, also where one was skipped', () => {
    const zone = process.env['TZ'];
    try {
      // Samoa went from 29 to 31 December 2011.
      process.env['TZ'] = 'Pacific/Apia';
      expect(addDays(plainDate('2011-12-29'), 1)).toBe('2011-12-30');
      expect(addDays(plainDate('2011-12-30'), 1)).toBe('2011-12-31');
      expect(lastDayOfMonth(plainDate('2011-12-30'))).toBe('2011-12-31');
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  test('adding and taking away the same number of days returns to the date', () => {
    const dates = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, fc.integer({ min: -5000, max: 5000 }), (date, days) => {
        const day = plainDate(date.toISOString().slice(0, 10));
        expect(addDays(addDays(day, days), -days)).toBe(day);
      }),
      runs(100),
    );
  });
});
