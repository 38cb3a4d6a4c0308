import { formatAmount, sum, type Amount } from '../money/amount.ts';
import type { FindingList } from '../ledger/finding-list.ts';
import { currentType, type LedgerEntry } from '../ledger/ledger.ts';

/** By the id of a row on funds: the ids of the rows on fees that it books. */
export type RetainedTwins = ReadonlyMap<string, readonly string[]>;

/**
 * `fees-retained` stands on both accounts with opposite signs: one transfer between them, booked once, by the row on
 * funds, which carries its twin on fees as a fact. Texts promise the same reference on both; examples differ, so they are
 * matched by amount (Report API, entry types).
 */
export function retainedTwins(entries: readonly LedgerEntry[], findings: FindingList): RetainedTwins {
  const retained = entries.filter((entry) => currentType(entry) === 'fees-retained' && entry.amount !== 0);
  const difference = sum(retained.map((entry) => entry.amount)) as Amount;
  if (difference !== 0) {
    const message = `fees retained on funds and on fees differ by ${formatAmount(difference)}`;
    const ids = retained.map((entry) => entry.id);
    findings.add('fees-retained-differ', 'error', message, 'fetch the date again; if it stays, ask the provider', ids);
  }
  const onFunds = retained.filter((entry) => entry.account === 'funds');
  const twins = new Map<string, string[]>();
  for (const fee of retained.filter((entry) => entry.account === 'fees')) {
    const twin = onFunds.find((entry) => entry.amount === -fee.amount && !twins.has(entry.id)) ?? onFunds[0];
    if (twin !== undefined) twins.set(twin.id, [...(twins.get(twin.id) ?? []), fee.id]);
  }
  return twins;
}
