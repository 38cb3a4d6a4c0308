import { add, zero } from '../money/amount.ts';
import type { LedgerTotals } from './booked-date.ts';
import { currentType, type LedgerEntry } from '../ledger/ledger.ts';
import type { FeesReading } from '../posting/booked-fact.ts';

/** Adds up what happened on a ledger, by kind. */
export function totalsOf(ledgerId: string, entries: readonly LedgerEntry[], fees: FeesReading): LedgerTotals {
  const totals = { captures: zero, refunds: zero, fees: zero, payouts: zero, other: zero };
  for (const entry of entries) {
    const name = entry.account === 'fees' ? feesTotal(entry) : fundsTotal(entry, fees);
    if (name !== undefined) totals[name] = add(totals[name], entry.amount);
  }
  return { ledgerId, ...totals, entries: entries.length };
}

type TotalName = Exclude<keyof LedgerTotals, 'ledgerId' | 'entries'>;

function feesTotal(entry: LedgerEntry): TotalName | undefined {
  const type = currentType(entry);
  return type === 'capture-fee' || type === 'service-fee' || type === 'correction' ? 'fees' : undefined;
}

function fundsTotal(entry: LedgerEntry, fees: FeesReading): TotalName | undefined {
  switch (currentType(entry)) {
    case 'capture':
      return 'captures';
    case 'refund':
      return 'refunds';
    case 'capture-fee':
    case 'service-fee':
      return 'fees';
    case 'fees-retained':
      // Where the fees account was read, the fee itself stands there.
      return fees === 'ledger' ? undefined : 'fees';
    case 'payout-scheduled':
    case 'payout-aborted':
      return 'payouts';
    default:
      return 'other';
  }
}
