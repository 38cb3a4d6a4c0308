import type { BankLine, Finding } from '@bilag/core';
import type { IdentifiedLine } from '../statement/bank-lines.ts';
import type { ExpectedPayout } from './payout.ts';

/**
 * What a line of an account is to the payouts. `matched` alone is booked: by the rule (`certain`), or because a person decided so.
 *
 * - `likely`: amount, account and sender fit, and nothing names the payout.
 * - `conflict`: it names a payout, and amount, account or another line contradicts.
 * - `ambiguous`: it may be more than one.
 * - `unrelated`: nothing of it is a payout's.
 */
export type MatchOutcome = 'matched' | 'likely' | 'conflict' | 'ambiguous' | 'unrelated';

/** One line, what it is, and why. */
export interface LineMatch {
  readonly line: IdentifiedLine;
  readonly outcome: MatchOutcome;
  /** The number of the decision that says so; absent where the rules do. */
  readonly decision?: number;
  /** The payouts it may be; of a match those it is. */
  readonly payouts: readonly ExpectedPayout[];
  /** In a sentence, for the person who decides. */
  readonly reason: string;
}

/** What a person decided about lines, and has not taken back. */
export interface MatchDecision {
  readonly number: number;
  /** `match`: the lines are these payouts. `unrelated`: they are no payouts. */
  readonly kind: 'match' | 'unrelated';
  /** Ids of lines. */
  readonly lines: readonly string[];
  /** References of payouts. */
  readonly payouts: readonly string[];
}

/** Every line with what it is, and the facts that the matched ones become. */
export interface Matching {
  readonly matches: readonly LineMatch[];
  readonly facts: readonly BankLine[];
  readonly findings: readonly Finding[];
}
