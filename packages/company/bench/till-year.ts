/** What the benches of a company have in common: the dates of a till, and how work on them is timed. */
import { addDays, amount, ledgerEntry, type LedgerDate, type PlainDate } from '@bilag/core';

export const ledgerId = '302321';

/** Some sales, and their payout. */
export function dateOf(first: PlainDate, day: number, perDate: number): LedgerDate {
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

export type Costs = Record<string, number[]>;

export async function timed<Result>(costs: Costs, name: string, work: () => Promise<Result>): Promise<Result> {
  const start = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(start);
  (costs[name] ??= []).push((user + system) / 1000);
  return result;
}

/** Tells what work costs after a month and after some years, medians of each kind, as one line of JSON. */
export async function tellMedians(
  stage: string,
  { perDate, years }: { readonly perDate: number; readonly years: number },
  costsAfter: (days: number) => Promise<Costs>,
): Promise<void> {
  // What runs for the first time is compiled as it runs.
  await costsAfter(60);
  const told: Record<string, string | number> = { stage, perDate, years };
  for (const [when, days] of [
    ['AfterMonth', 31],
    ['AfterYears', Math.round(years * 365.25)],
  ] as const)
    for (const [name, times] of Object.entries(await costsAfter(days))) told[name + when] = median(times);
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
