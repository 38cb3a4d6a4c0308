import {
  addDays,
  amount,
  book,
  definePolicy,
  ledgerEntry,
  plainDate,
  type BookCheckpoint,
  type LedgerDate,
} from '../src/index.ts';

/**
 * What one more date costs when the books go on from a checkpoint, after a month and after years:
 *
 *     node --conditions=@bilag/source packages/core/bench/checkpoint.ts [entries a date] [years]
 *
 * One line of JSON: medians of CPU time in ms to read the checkpoint, book the date and write the next checkpoint, and once what it
 * costs to book everything from the cut-over.
 */
const [perDate = 100, years = 5] = process.argv.slice(2).map(Number);
const first = plainDate('2021-01-01');
const policy = definePolicy({ versions: [{ from: first, market: 'NO', sales: { sale: '25' } }] });

/** Some sales a date, and their payout. */
function* datesOf(from: number, to: number): Generator<LedgerDate> {
  for (let day = from; day < to; day += 1) {
    const date = addDays(first, day);
    const entries = Array.from({ length: perDate }, (_, sale) =>
      entryOf(day, 'capture', `${day}-${sale}`, 1000, 1000 * sale),
    );
    entries.push(entryOf(day, 'payout-scheduled', `302321-${2_000_000 + day}`, -1000 * perDate, 1000 * perDate));
    yield { ledgerId: '302321', date, currency: 'NOK', accounts: { funds: { closed: true } }, entries };
  }
}

function entryOf(
  day: number,
  type: string,
  pspReference: string,
  value: number,
  before: number,
): LedgerDate['entries'][number] {
  const date = addDays(first, day);
  return ledgerEntry({
    ledgerId: '302321',
    account: 'funds',
    ledgerDate: date,
    type,
    amount: amount(value),
    currency: 'NOK',
    pspReference,
    reference: null,
    salesUnit: 'api:100000',
    time: `${date}T12:00:00.824993Z`,
    balanceBefore: amount(before),
    balanceAfter: amount(before + value),
  });
}

/** The checkpoint after so many days, as text. */
async function goOn(days: number, dates: Iterable<LedgerDate>, from?: string): Promise<string> {
  let kept = '';
  const checkpoint = {
    after: addDays(first, days - 1),
    keep: (made: BookCheckpoint) => void (kept = JSON.stringify(made)),
  };
  const begin = from === undefined ? {} : { from: JSON.parse(from) as BookCheckpoint };
  for await (const _ of book(dates, policy, { checkpoint, ...begin }));
  return kept;
}

const days = { month: 30, years: Math.round(years * 365.25) };
const before = process.cpuUsage();
const checkpoints = { years: await goOn(days.years, datesOf(0, days.years)), month: '' };
const fromCutOver = millisecondsSince(before);
checkpoints.month = await goOn(days.month, datesOf(0, days.month));
const times: Record<keyof typeof days, number[]> = { month: [], years: [] };
for (let turn = 0; turn < 100; turn += 1) {
  for (const name of ['month', 'years'] as const) {
    const dates = [...datesOf(days[name], days[name] + 1)];
    const start = process.cpuUsage();
    await goOn(days[name] + 1, dates, checkpoints[name]);
    times[name].push(millisecondsSince(start));
  }
}

function millisecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const told = { afterMonth: median(times.month), afterYears: median(times.years), fromCutOver };
process.stdout.write(
  `${JSON.stringify({ stage: 'checkpoint', perDate, years, ...told, bytes: checkpoints.years.length })}\n`,
);
