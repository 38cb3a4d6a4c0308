import type { FindingList } from '../ledger/finding-list.ts';
import {
  entryIdentity,
  statedIdentity,
  type BankLine,
  type LedgerDate,
  type LedgerEntry,
  type ProviderDocument,
} from '../ledger/ledger.ts';
import { FactIds } from './fact-ids.ts';
import type { LedgerState } from './ledger-state.ts';

/** Entries that have not been seen, in an order that is the same however they arrived. */
export function freshEntries(
  date: LedgerDate,
  state: LedgerState,
  stateOf: (ledgerId: string) => LedgerState,
  findings: FindingList,
): LedgerEntry[] {
  return plainEntries(date, state) ?? sortedOut(date, state, stateOf, findings);
}

/**
 * The entries of a date as nearly every date is: read for the first time, all of them its own, their times spelt alike, their ids
 * made of what they say, and none there twice. So none is looked up among the others: once they are in order, what is there twice
 * stands side by side. Undefined where anything is otherwise.
 */
function plainEntries(date: LedgerDate, state: LedgerState): LedgerEntry[] | undefined {
  const { foreignIds } = state;
  if (state.lastDate === date.date) return undefined;
  const funds: LedgerEntry[] = [];
  const fees: LedgerEntry[] = [];
  const ids: string[] = [];
  const width = date.entries[0]?.time?.length;
  for (const entry of date.entries) {
    const { time, account } = entry;
    if (entry.ledgerId !== date.ledgerId || entry.ledgerDate !== date.date || entry.currency !== date.currency)
      return undefined;
    const identity = time?.length === width ? statedIdentity(entry) : undefined;
    if (identity === undefined || (foreignIds.size > 0 && foreignIds.has(identity))) return undefined;
    (account === 'funds' ? funds : fees).push(entry);
    ids.push(identity);
  }
  if (!eachOnce(funds) || !eachOnce(fees)) return undefined;
  state.lastDate = date.date;
  state.lastIds = new FactIds(ids);
  return funds.concat(fees);
}

/** Puts entries of one account in order, and says whether each of them is there once. */
function eachOnce(entries: LedgerEntry[]): boolean {
  if (isAscending(entries)) return true;
  return isAscending(entries.sort(canonicalOrder));
}

/** As they nearly always come: each after the one before, so that there is nothing to sort. */
function isAscending(entries: readonly LedgerEntry[]): boolean {
  let last: LedgerEntry | undefined;
  for (const entry of entries) {
    if (last !== undefined && canonicalOrder(last, entry) >= 0) return false;
    last = entry;
  }
  return true;
}

/** Tells apart what is new, what is there twice, and what does not belong here. */
function sortedOut(
  date: LedgerDate,
  state: LedgerState,
  stateOf: (ledgerId: string) => LedgerState,
  findings: FindingList,
): LedgerEntry[] {
  const isRepeat = state.lastDate === date.date;
  const seen = isRepeat ? state.lastIds : new FactIds();
  const fresh: LedgerEntry[] = [];
  const twice: string[] = [];
  const late: string[] = [];
  const misplaced: string[] = [];
  const passed: string[] = [];
  for (const entry of date.entries) {
    const isOwn = entry.ledgerId === date.ledgerId;
    const named = isOwn ? state : stateOf(entry.ledgerId);
    const fact = entryIdentity(entry);
    const isSeen = !seen.add(fact);
    if (isSeen || named.foreignIds.has(fact) || (!isOwn && named.lastIds.has(fact))) twice.push(entry.id);
    else if (isRepeat) late.push(entry.id);
    else if (entry.ledgerDate !== date.date || entry.currency !== date.currency) misplaced.push(entry.id);
    else if (named.lastDate !== undefined && named.lastDate > entry.ledgerDate) passed.push(entry.id);
    else {
      fresh.push(entry);
      if (!isOwn) named.foreignIds.add(fact);
    }
  }
  state.lastDate = date.date;
  state.lastIds = seen;
  const once = 'these entries arrived more than once and are booked once';
  findings.add('delivered-twice', 'info', once, 'nothing to do', twice);
  findings.add(
    'late-entries',
    'error',
    'these entries came after their date was booked',
    'give a date all at once',
    late,
  );
  const elsewhere = 'these entries have another date or currency than what they came with';
  findings.add('entry-misplaced', 'error', elsewhere, 'fetch the date again', misplaced);
  findings.add(
    'other-ledger-passed',
    'error',
    'these items name a ledger that is booked past this date, and may be booked there already',
    'give the dates of all ledgers side by side, in order',
    passed,
  );
  return fresh.sort(canonicalOrder);
}

/** Funds before fees, then by time, a sale before its fee, then by identity. */
function canonicalOrder(a: LedgerEntry, b: LedgerEntry): number {
  if (a.account !== b.account) return a.account === 'funds' ? -1 : 1;
  if (a.time !== b.time) return (a.time ?? '') < (b.time ?? '') ? -1 : 1;
  const [aIsFee, bIsFee] = [a.type === 'capture-fee', b.type === 'capture-fee'];
  if (aIsFee !== bIsFee) return aIsFee ? 1 : -1;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

/** Bank lines and documents of this date that have not been seen. */
export function freshFacts(
  date: LedgerDate,
  { lastIds }: LedgerState,
  findings: FindingList,
): readonly (BankLine | ProviderDocument)[] {
  const fresh = [...(date.bankLines ?? []), ...(date.documents ?? [])].filter(({ id }) => lastIds.add(id));
  const isPlaced = (fact: BankLine | ProviderDocument): boolean =>
    fact.ledgerId === date.ledgerId && fact.date === date.date && fact.currency === date.currency;
  const misplaced = fresh.filter((fact) => !isPlaced(fact)).map(({ id }) => id);
  const message = 'these bank lines or documents have another ledger, date or currency than what they came with';
  findings.add('fact-misplaced', 'error', message, 'give each with its own ledger and date', misplaced);
  return fresh.filter(isPlaced);
}
