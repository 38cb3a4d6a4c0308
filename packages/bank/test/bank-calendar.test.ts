import { addDays, datesBetween, type Market, plainDate, type PlainDate } from '@bilag/core';
import { vippsProfile } from '@bilag/vipps';
import { describe, expect, test } from 'vitest';
import { bankCalendar, forecastPayout } from '../src/index.ts';

/** The weekdays of a year on which the banks are closed. */
async function closedWeekdays(country: Market, year: number): Promise<string[]> {
  const calendar = await bankCalendar(country);
  return [...datesBetween(plainDate(`${year}-01-01`), plainDate(`${year}-12-31`))]
    .filter((date) => !calendar.isBankDay(date) && ![0, 6].includes(new Date(date).getUTCDay()))
    .map((date) => date.slice(5));
}

/** Typed from the lists that the banks publish, not made by the code. */
describe('the days on which the banks are closed, but for weekends', () => {
  test.for([
    ['NO', 2025, '01-01 04-17 04-18 04-21 05-01 05-29 06-09 12-24 12-25 12-26'],
    ['NO', 2026, '01-01 04-02 04-03 04-06 05-01 05-14 05-25 12-24 12-25'],
    ['NO', 2027, '01-01 03-25 03-26 03-29 05-06 05-17 12-24'],
    ['DK', 2026, '01-01 04-02 04-03 04-06 05-14 05-15 05-25 06-05 12-24 12-25 12-31'],
    ['DK', 2027, '01-01 03-25 03-26 03-29 05-06 05-07 05-17 12-24 12-31'],
    ['FI', 2026, '01-01 01-06 04-03 04-06 05-01 05-14 06-19 12-24 12-25'],
    ['SE', 2026, '01-01 01-06 04-03 04-06 05-01 05-14 06-19 12-24 12-25 12-31'],
  ] as const)('%s %i', async ([country, year, days]) => {
    expect((await closedWeekdays(country, year)).join(' ')).toBe(days);
  });

  test("Denmark's prayer day was a holiday until 2023", async () => {
    expect(await closedWeekdays('DK', 2023)).toContain('05-05');
    expect(await closedWeekdays('DK', 2024)).not.toContain('04-26');
  });
});

describe('counting bank days', () => {
  test('none from a Saturday is the Monday after', async () => {
    const calendar = await bankCalendar('NO');
    expect(calendar.add(plainDate('2026-11-28'), 0)).toBe('2026-11-30');
    expect(calendar.add(plainDate('2026-11-30'), 0)).toBe('2026-11-30');
  });

  test('as many days as are added are counted again', async () => {
    const calendar = await bankCalendar('DK');
    for (const start of datesBetween(plainDate('2026-03-25'), plainDate('2026-06-10')))
      for (const days of [1, 2, 7]) expect(calendar.count(start, calendar.add(start, days))).toBe(days);
    expect(calendar.count(plainDate('2026-06-04'), plainDate('2026-06-04'))).toBe(0);
  });
});

describe('when a payout comes to the bank', () => {
  const expected = async (country: 'NO' | 'DK', date: PlainDate): Promise<PlainDate> => {
    const payout = { date, number: '2000045', units: ['NO:117703'], reference: null };
    return forecastPayout(payout, vippsProfile.payouts[country], await bankCalendar(country)).expected;
  };

  test('in Norway Monday comes on Wednesday, and Friday, Saturday and Sunday on Tuesday', async () => {
    const monday = plainDate('2026-11-23');
    const week = [0, 1, 2, 3, 4, 5, 6].map((days) => addDays(monday, days));
    expect(await Promise.all(week.map((date) => expected('NO', date)))).toEqual([
      '2026-11-25',
      '2026-11-26',
      '2026-11-27',
      '2026-11-30',
      '2026-12-01',
      '2026-12-01',
      '2026-12-01',
    ]);
  });

  test('the payouts of Easter come together', async () => {
    const easter = ['2026-04-01', '2026-04-02', '2026-04-03', '2026-04-04', '2026-04-05', '2026-04-06'].map(plainDate);
    expect(await Promise.all(easter.map((date) => expected('NO', date)))).toEqual([
      '2026-04-08',
      ...Array.from({ length: 5 }, () => '2026-04-08'),
    ]);
    expect(await expected('NO', plainDate('2026-03-31'))).toBe('2026-04-07');
  });

  test('in Denmark it comes on the next bank day', async () => {
    expect(await expected('DK', plainDate('2026-11-27'))).toBe('2026-11-30');
    expect(await expected('DK', plainDate('2026-05-13'))).toBe('2026-05-18');
  });

  test('a payout of New Year comes in the new year', async () => {
    expect(await expected('NO', plainDate('2026-12-30'))).toBe('2027-01-04');
    expect(await expected('NO', plainDate('2026-12-31'))).toBe('2027-01-05');
    expect(await expected('DK', plainDate('2026-12-30'))).toBe('2027-01-04');
  });
});

describe('how the bank may show a payout', () => {
  const payout = {
    date: plainDate('2026-11-05'),
    number: '2000810',
    units: ['NO:117703', 'api:117704'],
    reference: null,
  };
  const norway = vippsProfile.payouts.NO;

  test('in Norway with its number and the sales unit, by the texts of today and of earlier years', async () => {
    const { texts } = forecastPayout(payout, norway, await bankCalendar('NO'));
    expect(texts.slice(0, 2)).toEqual(['Utb. 2000810 Vippsnr 117703', 'Utb. 2000810 Vippsnr 117704']);
    expect(texts).toContain('Vipps utbet. 2000810 Vippsnr 117703');
  });

  test('first as the provider itself tells, where it does', async () => {
    const told = { ...payout, units: ['NO:117703'], reference: 'Utb. 2000810 Vippsnr 117703' };
    const { texts } = forecastPayout(told, norway, await bankCalendar('NO'));
    expect(texts.filter((text) => text === told.reference)).toHaveLength(1);
    expect(texts[0]).toBe(told.reference);
  });

  test('in Denmark with the unit and the date, without what the merchant may choose', async () => {
    const { texts } = forecastPayout(payout, vippsProfile.payouts.DK, await bankCalendar('DK'));
    expect(texts).toEqual(['00117703001051126', '00117704001051126']);
  });

  test('not at all where its number is not known and the text needs it', async () => {
    expect(forecastPayout({ ...payout, number: null }, norway, await bankCalendar('NO')).texts).toEqual([]);
  });
});
