import {
  add,
  amount,
  BilagError,
  formatAmount,
  sum,
  zero,
  type Amount,
  type BankLine,
  type Finding,
} from '@bilag/core';
import type { IdentifiedLine } from '../statement/bank-lines.ts';
import type { LineMatch, MatchDecision } from './match.ts';
import type { ExpectedPayout } from './payout.ts';

/** What decisions say of lines. */
export interface Decided {
  /** By the id of the line. */
  readonly matches: ReadonlyMap<string, LineMatch>;
  /** What decisions say has come of payouts. */
  readonly arrived: ReadonlyMap<ExpectedPayout, Arrived>;
  readonly findings: readonly Finding[];
}

/** What has come of a payout so far, and by what. */
export interface Arrived {
  readonly amount: Amount;
  readonly by: string;
}

export function decided(
  decisions: readonly MatchDecision[],
  lines: readonly IdentifiedLine[],
  payouts: ReadonlyMap<string, ExpectedPayout>,
): Decided {
  const byId = new Map(decisions.length === 0 ? [] : lines.map((line) => [line.id, line]));
  const matches = new Map<string, LineMatch>();
  const arrived = new Map<ExpectedPayout, Arrived>();
  const findings: Finding[] = [];
  for (const decision of decisions) {
    const own = decision.lines.map((id) => byId.get(id));
    const its = decision.payouts.map((reference) => payouts.get(reference));
    if (own.includes(undefined) || its.includes(undefined)) {
      findings.push(lost(decision));
      continue;
    }
    const chosen = its.filter((payout) => payout !== undefined);
    for (const line of own) {
      if (line === undefined) continue;
      const outcome = decision.kind === 'match' ? 'matched' : 'unrelated';
      matches.set(line.id, {
        line,
        outcome,
        decision: decision.number,
        payouts: chosen,
        reason: `decision ${decision.number}`,
      });
    }
    const received = sum(own.map((line) => line?.amount ?? zero));
    for (const payout of chosen) {
      const part = chosen.length === 1 ? received : payout.amount;
      const before = arrived.get(payout)?.amount ?? zero;
      arrived.set(payout, { amount: add(before, part), by: `decision ${decision.number}` });
    }
  }
  return { matches, arrived, findings };
}

function lost({ number }: MatchDecision): Finding {
  return {
    code: 'bank-decision-lost',
    severity: 'error',
    message: `decision ${number} names a line or a payout that is not there any more`,
    where: `bank decision ${number}`,
    action: 'import the statement it was about again, or take the decision back',
  };
}

/**
 * Refuses what no decision can say: a line or a payout named twice, a line in another currency than the payout, several lines of
 * several payouts, lines that come to more than the payouts are, and several payouts that do not come to the same. Throws
 * `rejected`.
 */
export function checkDecision(lines: readonly IdentifiedLine[], payouts: readonly ExpectedPayout[]): void {
  if (new Set(lines).size < lines.length || new Set(payouts).size < payouts.length) {
    throw new BilagError('rejected', {
      what: 'a line or a payout is named twice',
      where: 'the decision',
      action: 'name each once; nothing was decided',
    });
  }
  const received = sum(lines.map((line) => line.amount));
  const scheduled = sum(payouts.map((payout) => payout.amount));
  const [exchanged] = lines.filter(({ currency }) => payouts.some((payout) => payout.currency !== currency));
  if (exchanged !== undefined) {
    throw new BilagError('rejected', {
      what: `the line is in ${exchanged.currency}, and the payout is not: an exchange is no part of the ledger`,
      where: 'the decision',
      action:
        'book it by hand, with what the exchange cost, and decide that the line is unrelated; nothing was decided',
    });
  }
  if (lines.length > 1 && payouts.length > 1) {
    throw new BilagError('rejected', {
      what: 'which of the lines is which of the payouts?',
      where: 'the decision',
      action: 'decide about each line by itself; nothing was decided',
    });
  }
  const isOfOne = payouts.length === 1 && received < scheduled;
  if (received === scheduled || isOfOne || payouts.length === 0) return;
  throw new BilagError('rejected', {
    what: `the lines come to ${formatAmount(received)} and the payouts to ${formatAmount(scheduled)}`,
    where: 'the decision',
    action: 'name every line and every payout of it; nothing was decided',
  });
}

/** The facts of a match: a line of several payouts is a fact for each, in their order. */
export function factsOf({ line, outcome, payouts }: LineMatch): readonly BankLine[] {
  if (outcome !== 'matched') return [];
  let left: number = line.amount;
  return payouts.flatMap((payout, index): readonly BankLine[] => {
    const isLast = index === payouts.length - 1;
    const part: Amount = amount(isLast ? left : Math.min(left, payout.amount));
    left -= part;
    if (part === 0) return [];
    return [
      {
        id: payouts.length === 1 ? line.id : `${line.id}/${payout.reference}`,
        ledgerId: payout.ledgerId,
        date: line.date,
        amount: part,
        currency: line.currency,
        text: null,
        payoutReference: payout.reference,
      },
    ];
  });
}
