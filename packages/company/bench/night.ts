/**
 * What a company's night costs after a month and after years: its archive and its log are opened, what is new is planned, posted and
 * read back. Beside it the same plan without what is kept between nights:
 *
 *     node --conditions=@bilag/source packages/company/bench/night.ts [entries a date] [years]
 *
 * One line of JSON: medians of CPU time in ms. The provider is not asked, and the books are in memory.
 */
import { addDays, amount, ledgerEntry, plainDate, type LedgerDate, type PlainDate } from '@bilag/core';
import { Merchant } from '../test/till-nights.ts';

const [perDate = 100, years = 5] = process.argv.slice(2).map(Number);
const ledgerId = '302321';
const first = plainDate('2021-01-01');
const nights = 15;

/** Some sales, and their payout. */
function dateOf(day: number): LedgerDate {
  const date = addDays(first, day);
  const entry = (type: string, pspReference: string, moved: number, before: number) =>
    ledgerEntry({
      ledgerId,
      account: 'funds',
      ledgerDate: date,
      type,
      amount: amount(moved),
      currency: 'NOK',
      pspReference,
      reference: null,
      salesUnit: 'api:100000',
      time: `${date}T12:00:00.824993Z`,
      balanceBefore: amount(before),
      balanceAfter: amount(before + moved),
    });
  const sales = Array.from({ length: perDate }, (_, sale) => entry('capture', `${day}-${sale}`, 1000, 1000 * sale));
  const payout = entry('payout-scheduled', `${ledgerId}-${2_000_000 + day}`, -1000 * perDate, 1000 * perDate);
  const profile = { provider: 'The till', series: 'TILL' };
  const accounts = { funds: { closed: true } };
  return { ledgerId, date, currency: 'NOK', profile, accounts, entries: [...sales, payout] };
}

/** The morning after a date. */
async function receive(merchant: Merchant, from: number, to: number): Promise<void> {
  for (let day = from; day < to; day += 100) {
    const some = Array.from({ length: Math.min(100, to - day) }, (_, index) => dateOf(day + index));
    await merchant.receive(some, [ledgerId]);
  }
  merchant.clock.ms = Date.parse(`${addDays(first, to)}T06:00:00Z`);
}

async function night(merchant: Merchant, verifiedFrom: PlainDate): Promise<void> {
  await using open = merchant.open();
  const target = await open.target('books');
  const { outcomes } = await target.apply(await target.plan({ unchanged: 'counted' }));
  if (outcomes.filter(({ did }) => did === 'posted').length !== 1) throw new Error('a night posts one voucher');
  await target.verify({ from: verifiedFrom });
}

async function nightsAfter(days: number): Promise<{ readonly night: number[]; readonly whole: number[] }> {
  const merchant = new Merchant('date', first);
  const costs = { night: [] as number[], whole: [] as number[] };
  try {
    await receive(merchant, 0, days);
    await merchant.connect();
    await merchant.deliver();
    for (let day = days; day < days + nights; day += 1) {
      await receive(merchant, day, day + 1);
      // The first of them finds nothing that was kept.
      const cost = await timed(() => night(merchant, addDays(first, day - 31)));
      if (day > days) costs.night.push(cost);
    }
    for (let turn = 0; turn < 3; turn += 1)
      costs.whole.push(await timed(async () => void (await merchant.planned({ keepsCheckpoints: false }))));
  } finally {
    merchant.remove();
  }
  return costs;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
// What runs for the first time is compiled as it runs.
await nightsAfter(60);
const [month, long] = [await nightsAfter(31), await nightsAfter(Math.round(years * 365.25))];
const told = {
  afterMonth: median(month.night),
  afterYears: median(long.night),
  wholeAfterMonth: median(month.whole),
  wholeAfterYears: median(long.whole),
};
process.stdout.write(`${JSON.stringify({ stage: 'night', perDate, years, ...told })}\n`);
