import {
  amount,
  book,
  definePolicy,
  ledgerEntry,
  plainDate,
  type Amount,
  type LedgerDate,
  type LedgerEntry,
} from '../src/index.ts';

/**
 * What booking a date costs, against `JSON.parse` of the same entries:
 *
 *     node --conditions=@bilag/source packages/core/bench/book.ts [entries] [units] [lines of a voucher at most] [turns]
 *
 * One line of JSON: medians of CPU time in µs an entry, measured in turns, for `entry` and `summary` lines, and the peak memory of a
 * process that has made the entries and booked them once.
 */
const [wanted = 20_000, units = 1, maxLines = 0, turns = Math.max(9, 400_000 / wanted)] = process.argv
  .slice(2)
  .map(Number);
const date = plainDate('2026-03-02');

const entries: LedgerEntry[] = [];
const balances = { funds: 0, fees: 0 };
function put(account: 'funds' | 'fees', type: string, value: number, serial: number): void {
  const before = balances[account];
  balances[account] += value;
  const seconds = 10_000 + ((serial * 7) % 70_000);
  const [hour, minute, second] = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) =>
    String(Math.floor(part)).padStart(2, '0'),
  );
  entries.push(
    ledgerEntry({
      ledgerId: '302321',
      account,
      ledgerDate: date,
      type,
      amount: amount(value),
      currency: 'NOK',
      pspReference: `${50_000_000_000 + serial}`,
      reference: `ordre-${serial}-æøå`,
      salesUnit: `api:${100_000 + (serial % units)}`,
      time: `2026-03-02T${hour}:${minute}:${second}.${100_000 + (serial % 900_000)}Z`,
      balanceBefore: amount(before),
      balanceAfter: amount(balances[account]),
    }),
  );
}
for (let serial = 0; serial < wanted / 2; serial += 1) {
  const value = 4_900 + ((serial * 37) % 90_000);
  put('funds', 'capture', value, serial);
  put('fees', 'capture-fee', -Math.ceil(value / 100), serial);
}

const closed = { closed: true };
const dates: LedgerDate[] = [
  { ledgerId: '302321', date, currency: 'NOK', accounts: { funds: closed, fees: closed }, entries },
];
const dimensionsOf = (unit: number) => ({ sale: '25', dimensions: { department: `${unit}` } });
const salesUnits = Object.fromEntries(
  Array.from({ length: units }, (_, unit) => [`api:${100_000 + unit}`, dimensionsOf(unit)]),
);
const shape = maxLines === 0 ? {} : { shape: { documents: ['journal' as const], maxLines } };
let booked: Amount = amount(0);

async function bookBy(lines: 'entry' | 'summary'): Promise<void> {
  const policy = definePolicy({
    versions: [{ from: '2026-01-01', market: 'NO', sales: { sale: '25' }, salesUnits, lines }],
  });
  for await (const {
    balances: [{ funds }],
    findings,
  } of book(dates, policy, shape)) {
    booked = funds.books;
    if (findings.some(({ severity }) => severity === 'error')) throw new Error(findings[0]?.message);
  }
}

await bookBy('entry');
const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
const text = JSON.stringify(entries);
const works = { entry: () => bookBy('entry'), summary: () => bookBy('summary'), parse: () => void JSON.parse(text) };
const times: Record<keyof typeof works, number[]> = { entry: [], summary: [], parse: [] };
for (let turn = 0; turn < turns; turn += 1) {
  for (const name of Object.keys(works) as (keyof typeof works)[]) {
    const before = process.cpuUsage();
    await works[name]();
    const { user, system } = process.cpuUsage(before);
    times[name].push((user + system) / entries.length);
  }
}
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const [entry, summary, parse] = [median(times.entry), median(times.summary), median(times.parse)];
const ratios = { entryRatio: entry / parse, summaryRatio: summary / parse };
process.stdout.write(
  `${JSON.stringify({ stage: 'book', entries: entries.length, units, booked, entry, summary, jsonParse: parse, ...ratios, peakMb })}\n`,
);
