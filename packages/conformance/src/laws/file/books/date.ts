import { plainDate, type Book, type PlainDate, type Voucher } from '@bilag/core';
import type { FileLaw } from '../../../files/file-law.ts';
import type { WrittenFile } from '../../../files/file-subject.ts';
import type { FileWorld } from '../../../files/file-world.ts';
import { keptOrRefused, together, type KeptOrRefused } from '../../../refusal.ts';
import { atMoment, inZone, zones } from '../../../kit/surroundings.ts';
import { mustHoldTheDates } from './as-booked.ts';
import { mustBeTheSameBytes } from '../output/same-bytes.ts';

/** A ledger date is a day, not a moment: no clock may move it. */
export const fileDate: FileLaw = {
  id: 'date',
  sentence:
    'Every date is the booked one in all time zones, at the turn of the year, on 29 February and when clocks change.',
  async prove(open) {
    const world = await open();
    const { book, vouchers } = dated(
      world,
      days.map((day) => world.day(day)),
    );
    let first: readonly WrittenFile[] | undefined;
    for (const zone of zones) {
      await inZone(zone, async () => {
        mustHoldTheDates(await world.readBack(book), vouchers);
        const files = await atMoment(`${world.year}-06-15T12:00:00Z`, 0.5, () => world.render(book));
        mustBeTheSameBytes(files, (first ??= files), `written in the time zone ${zone.name}`);
      });
    }
    return `29 February ${together(await leapDays(world))}`;
  },
};

/** The ends of the year, and days about the nights on which clocks change in Oslo, New York and Cairo. */
const days = (
  '01-01 02-28 03-01 03-08 03-28 03-29 03-30 03-31 04-24 04-25 ' +
  '10-24 10-25 10-26 10-27 10-30 10-31 11-01 12-30 12-31'
).split(' ');

/** They lie in years of their own, which the adapter may not take. */
async function leapDays(world: FileWorld): Promise<KeptOrRefused[]> {
  const outcomes: KeptOrRefused[] = [];
  for (const year of [2024, 2028]) {
    const leap = ['02-28', '02-29', '03-01'].map((day) => plainDate(`${year}-${day}`));
    const { book, vouchers } = dated(world, leap);
    for (const zone of zones) {
      const attempt = async (): Promise<void> => mustHoldTheDates(await world.readBack(book), vouchers);
      outcomes.push(await inZone(zone, () => keptOrRefused(attempt)));
    }
  }
  return outcomes;
}

function dated(world: FileWorld, dates: readonly PlainDate[]): { book: Book; vouchers: readonly Voucher[] } {
  const vouchers = dates.map((date, index) => world.vouchers.sales([10_000 + index], { date }));
  const year = String(dates[0]).slice(0, 4);
  return { book: world.book({ vouchers, period: { from: `${year}-01-01`, to: `${year}-12-31` } }), vouchers };
}
