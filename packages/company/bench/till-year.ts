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

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
