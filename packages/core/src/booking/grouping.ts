import type { FindingList } from '../ledger/finding-list.ts';
import { isClosed, type LedgerDate } from '../ledger/ledger.ts';
import type { LedgerState, PayoutGroup } from './ledger-state.ts';
import { idsOf } from '../posting/journal-lines.ts';
import { lastDayOfMonth, type PlainDate } from '../money/plain-date.ts';
import type { PolicyVersion } from '../policy/policy.ts';
import type { BookedFact } from '../posting/booked-fact.ts';
import { dateStem, monthStem, payoutStem, shortHash } from '../voucher/voucher-key.ts';

/** Facts that become one voucher, before the target's shape splits it. */
export interface FactGroup {
  readonly facts: readonly BookedFact[];
  readonly stem: string;
  readonly part: string;
  readonly ledgerDate: PlainDate;
  readonly version: PolicyVersion;
}

/** Groups a date's facts by the policy: by ledger date, by payout, or one by one. */
export function groupFacts(
  date: LedgerDate,
  version: PolicyVersion,
  state: LedgerState,
  facts: readonly BookedFact[],
  findings: FindingList,
): FactGroup[] {
  const groups = leftBehind(date, version, state, findings);
  const ledgerDate = date.date;
  const stem = dateStem(ledgerDate);
  const apart = facts.filter((fact) => ownPart(fact) !== undefined);
  const fromLedger = apart.length === 0 ? facts : facts.filter((fact) => ownPart(fact) === undefined);
  if (version.grouping === 'payout') groups.push(...groupByPayout(date, version, state, fromLedger, findings));
  else if (version.grouping === 'date') groups.push({ facts: fromLedger, stem, part: '', ledgerDate, version });
  else {
    for (const fact of fromLedger)
      groups.push({ facts: [fact], stem, part: `E${shortHash(fact.id, 9)}`, ledgerDate, version });
  }
  for (const fact of apart)
    groups.push({ facts: [fact], stem, part: `${ownPart(fact)}${shortHash(fact.id, 9)}`, ledgerDate, version });
  return groups;
}

/** Bank lines and documents arrive by themselves, at any time: each is a voucher of its own. */
function ownPart(fact: BookedFact): 'B' | 'D' | undefined {
  const kind = fact.postings[0]?.kind;
  if (kind === 'bank-line') return 'B';
  return kind === 'fee-invoice' || kind === 'top-up-paid' ? 'D' : undefined;
}

/** A group ends with its payout, and with its month: VAT and results belong to the month they arose in. */
function groupByPayout(
  date: LedgerDate,
  version: PolicyVersion,
  state: LedgerState,
  facts: readonly BookedFact[],
  findings: FindingList,
): FactGroup[] {
  state.group ??= { facts: [], version, lastDate: date.date, isOpen: false, isBlocked: false };
  const group = state.group;
  for (const fact of facts) group.facts.push(fact);
  if (facts.length > 0) group.lastDate = date.date;
  group.version = version;
  group.isOpen ||= !isClosed(date);
  group.isBlocked ||= findings.hasErrors();
  const paysOut = facts.some((fact) => fact.postings.some((posting) => posting.kind === 'payout'));
  if (!paysOut && date.date !== lastDayOfMonth(date.date)) {
    const ids = idsOf(facts);
    findings.add('awaits-payout', 'info', 'booked with its payout, or at the end of the month', 'nothing to do', ids);
    return [];
  }
  return [endGroup(group, paysOut ? payoutStem(date.date) : monthStem(date.date), state, findings)];
}

/** What no date ended: the last day of its month was not read, or the policy groups otherwise from this date on. */
function leftBehind(date: LedgerDate, version: PolicyVersion, state: LedgerState, findings: FindingList): FactGroup[] {
  const { group } = state;
  if (group === undefined) return [];
  const isMonthOver = group.lastDate.slice(0, 7) < date.date.slice(0, 7);
  if (version.grouping === 'payout' && !isMonthOver) return [];
  // No payout shares its key: one on its last date would have ended it.
  return [endGroup(group, isMonthOver ? monthStem(group.lastDate) : payoutStem(group.lastDate), state, findings)];
}

/** Its voucher comes with the date that ends it, and with what was found on the dates before. */
function endGroup(group: PayoutGroup, stem: string, state: LedgerState, findings: FindingList): FactGroup {
  state.group = undefined;
  if (group.isOpen) sayOpen(findings);
  if (group.isBlocked) {
    const message = 'a date of this payout has an error';
    findings.add('payout-group-blocked', 'error', message, 'deliver nothing; look at the findings of its dates');
  }
  for (const fact of group.facts) findings.merge(fact.findings);
  return { facts: group.facts, stem, part: '', ledgerDate: group.lastDate, version: group.version };
}

/** The finding that makes a date a preview because an earlier date of its payout is open. */
export const openGroupCode = 'payout-group-open';

function sayOpen(findings: FindingList): void {
  findings.add(
    openGroupCode,
    'warning',
    'a date of this payout is still open',
    'a preview; book it when every date is closed',
  );
}
