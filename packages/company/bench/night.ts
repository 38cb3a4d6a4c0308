/**
 * What a company's night costs after a month and after years: its archive and its log are opened, what is new is planned, posted and
 * read back. Beside it the same plan without what is kept between nights:
 *
 *     node --conditions=@bilag/source packages/company/bench/night.ts [entries a date] [years]
 *
 * One line of JSON: medians of CPU time in ms, of the night and of its parts. The provider is not asked, and the books are in memory.
 */
import { addDays, plainDate, type PlainDate } from '@bilag/core';
import { Merchant } from '../test/till-nights.ts';
import { dateOf, ledgerId, tellMedians, timed, type Costs } from './till-year.ts';

const [perDate = 100, years = 5] = process.argv.slice(2).map(Number);
const first = plainDate('2021-01-01');
const nights = 15;

/** The morning after a date. */
async function receive(merchant: Merchant, from: number, to: number): Promise<void> {
  for (let day = from; day < to; day += 100) {
    const some = Array.from({ length: Math.min(100, to - day) }, (_, index) => dateOf(first, day + index, perDate));
    await merchant.receive(some, [ledgerId]);
  }
  merchant.clock.ms = Date.parse(`${addDays(first, to)}T06:00:00Z`);
}

/** What of a night takes how long. Whatever is asked for first opens the archive: the plan. */
async function night(merchant: Merchant, verifiedFrom: PlainDate, costs: Costs): Promise<void> {
  const part = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => timed(costs, name, work);
  const open = merchant.open();
  const target = await part('opening', () => open.target('books'));
  const plan = await part('plan', () => target.plan({ unchanged: 'counted' }));
  const { outcomes } = await part('apply', () => target.apply(plan));
  if (outcomes.filter(({ did }) => did === 'posted').length !== 1) throw new Error('a night posts one voucher');
  await part('verify', () => target.verify({ from: verifiedFrom }));
  await part('closing', async () => open[Symbol.asyncDispose]());
}

async function nightsAfter(days: number): Promise<Costs> {
  const merchant = new Merchant('date', first);
  let costs: Costs = {};
  try {
    await receive(merchant, 0, days);
    await merchant.connect();
    await merchant.deliver();
    for (let day = days; day < days + nights; day += 1) {
      await receive(merchant, day, day + 1);
      // The first of them finds nothing that was kept.
      if (day === days + 1) costs = {};
      await timed(costs, 'night', () => night(merchant, addDays(first, day - 31), costs));
    }
    for (let turn = 0; turn < 3; turn += 1)
      await timed(costs, 'whole', () => merchant.planned({ keepsCheckpoints: false }));
  } finally {
    merchant.remove();
  }
  return costs;
}

await tellMedians('night', { perDate, years }, nightsAfter);
