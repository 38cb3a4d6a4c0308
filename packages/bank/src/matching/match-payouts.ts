import { add, formatAmount, type PlainDate } from '@bilag/core';
import { shownAccount } from '../statement/account.ts';
import type { IdentifiedLine } from '../statement/bank-lines.ts';
import { decided, factsOf, type Arrived } from './decided.ts';
import type { LineMatch, MatchDecision, Matching } from './match.ts';
import { matchFindings } from './match-findings.ts';
import { namesPayout, type ExpectedPayout } from './payout.ts';

/** What is matched. */
export interface MatchInput {
  readonly payouts: readonly ExpectedPayout[];
  /** Booked lines of statements that proved themselves. */
  readonly lines: readonly IdentifiedLine[];
  readonly decisions?: readonly MatchDecision[];
  /** How many bank days come after one date, up to and with another. */
  readonly bankDays: (after: PlainDate, through: PlainDate) => number;
  /** Texts that look like a payout's. */
  readonly pattern?: RegExp | undefined;
}

/**
 * Matches the lines of bank accounts with payouts. Certain is a line that names the payout (number and unit, in whatever field),
 * with its amount to the øre, on its account, and no other candidate on either side; only that is booked without a person. What
 * was certain stays so when later lines come: a second line with the name of a payout is a conflict. Pure.
 *
 * @example
 * ```ts
 * import { matchPayouts } from '@bilag/bank';
 *
 * matchPayouts({ payouts: [], lines: [], bankDays: () => 0 }).matches; // => []
 * ```
 */
export function matchPayouts({ payouts, lines, decisions = [], bankDays, pattern }: MatchInput): Matching {
  const known = new Map(payouts.map((payout) => [payout.reference, payout]));
  const byDecision = decided(decisions, lines, known);
  const arrived = new Map<ExpectedPayout, Arrived>(byDecision.arrived);
  const named = new Map<IdentifiedLine, readonly ExpectedPayout[]>();
  const index = new PayoutIndex(payouts);
  const open = lines.filter(({ id }) => !byDecision.matches.has(id));
  for (const line of open) named.set(line, index.namedIn(line));
  const matches = new Map<string, LineMatch>(byDecision.matches);
  const ofDay = Map.groupBy(open, ({ date }) => date);
  // Two lines of one day may each be the one: neither is certain. Of two days the first was, and stays.
  for (const line of open) {
    const candidates = named.get(line) ?? [];
    if (candidates.length === 0) continue;
    const rivals = (ofDay.get(line.date) ?? []).filter(
      (other) => other !== line && other.amount > 0 && sharesWith(named.get(other), candidates),
    );
    const match = judged(line, candidates, arrived, rivals.length > 0);
    matches.set(line.id, match);
    const [payout] = candidates;
    if (match.outcome !== 'matched' || payout === undefined) continue;
    arrived.set(payout, { amount: payout.amount, by: shownLine(line) });
  }
  const rest = open.filter((line) => !matches.has(line.id));
  for (const match of unnamed(
    rest,
    payouts.filter((payout) => !arrived.has(payout)),
    { bankDays, pattern },
  ))
    matches.set(match.line.id, match);
  const all = lines.flatMap((line) => matches.get(line.id) ?? []);
  return {
    matches: all,
    facts: all.flatMap(factsOf),
    findings: [...byDecision.findings, ...matchFindings(all, payouts)],
  };
}

/** Payouts by the numbers and texts that name them, so that a year of lines is not held against a year of payouts. */
class PayoutIndex {
  readonly #byNumber: ReadonlyMap<string | null, readonly ExpectedPayout[]>;
  readonly #withTexts: readonly ExpectedPayout[];

  constructor(payouts: readonly ExpectedPayout[]) {
    this.#byNumber = Map.groupBy(payouts, ({ number }) => number);
    this.#withTexts = payouts.filter(({ texts }) => texts.length > 0);
  }

  namedIn({ texts }: IdentifiedLine): readonly ExpectedPayout[] {
    const numbers = new Set(texts.flatMap((text) => text.match(/\d+/g) ?? []));
    const candidates = new Set([...numbers].flatMap((number) => this.#byNumber.get(number) ?? []));
    const isLong = texts.some((text) => /\d[\d\s-]{8,}/.test(text));
    if (isLong) for (const payout of this.#withTexts) candidates.add(payout);
    return [...candidates].filter((payout) => texts.some((text) => namesPayout(text, payout)));
  }
}

function sharesWith(named: readonly ExpectedPayout[] | undefined, candidates: readonly ExpectedPayout[]): boolean {
  return named?.some((payout) => candidates.includes(payout)) ?? false;
}

/** A line that names payouts. */
function judged(
  line: IdentifiedLine,
  payouts: readonly ExpectedPayout[],
  arrived: ReadonlyMap<ExpectedPayout, Arrived>,
  hasRival: boolean,
): LineMatch {
  const [payout, ...more] = payouts;
  const as = (outcome: LineMatch['outcome'], reason: string): LineMatch => ({ line, outcome, payouts, reason });
  if (payout === undefined) return as('unrelated', 'it names no payout');
  if (more.length > 0)
    return as(
      'ambiguous',
      `it names ${payouts.length} payouts: ${payouts.map(({ reference }) => reference).join(', ')}`,
    );
  const { reference, amount, currency, accounts, date, aborted } = payout;
  const contradiction = contradictionOf();
  if (contradiction !== undefined) return as('conflict', contradiction);
  if (hasRival) return as('ambiguous', `another line of the same day names payout ${reference} too`);
  return as('matched', `it names payout ${reference}, with its amount and on its account`);

  function contradictionOf(): string | undefined {
    const before = payout && arrived.get(payout);
    if (line.amount < 0) return `it takes payout ${reference} back: ${formatAmount(line.amount)}`;
    if (line.isReversal) return `it is a reversal and names payout ${reference}`;
    if (before !== undefined && add(before.amount, line.amount) > amount) {
      return `payout ${reference} is matched already, with ${before.by}`;
    }
    if (line.currency !== currency) return `payout ${reference} is in ${currency}, and the account in ${line.currency}`;
    if (line.amount !== amount) {
      const exchanged = line.isExchanged ? ', after an exchange' : '';
      return `payout ${reference} is ${formatAmount(amount)}, and the bank has ${formatAmount(line.amount)}${exchanged}`;
    }
    if (accounts.length > 0 && !accounts.includes(line.account)) {
      return `payout ${reference} goes to account ${accounts.map(shownAccount).join(' or ')}, and came to ${shownAccount(line.account)}`;
    }
    if (line.date < date) return `payout ${reference} was scheduled on ${date}, after the money came`;
    if (aborted !== undefined && aborted <= line.date) return `payout ${reference} was aborted on ${aborted}`;
    return undefined;
  }
}

interface Surroundings {
  readonly bankDays: MatchInput['bankDays'];
  readonly pattern: RegExp | undefined;
}

/** Lines that name no payout that is known. */
function unnamed(
  lines: readonly IdentifiedLine[],
  payouts: readonly ExpectedPayout[],
  { bankDays, pattern }: Surroundings,
): readonly LineMatch[] {
  const byAmount = Map.groupBy(payouts, ({ amount }) => amount);
  const looksLikeOne = (line: IdentifiedLine): boolean =>
    pattern !== undefined && line.texts.some((text) => pattern.test(text));
  const fits = (line: IdentifiedLine): readonly ExpectedPayout[] =>
    line.amount <= 0 || line.isReversal || looksLikeOne(line)
      ? []
      : (byAmount.get(line.amount) ?? []).filter((payout) => isLikely(line, payout, bankDays));
  const candidates = new Map(lines.map((line) => [line, fits(line)]));
  const lineCount = new Map<ExpectedPayout, number>();
  for (const payout of [...candidates.values()].flat()) lineCount.set(payout, (lineCount.get(payout) ?? 0) + 1);
  return lines.map((line): LineMatch => {
    const found = candidates.get(line) ?? [];
    const [payout, ...more] = found;
    if (payout === undefined) {
      return looksLikeOne(line)
        ? {
            line,
            outcome: 'conflict',
            payouts: [],
            reason: 'it looks like a payout, and none that is known has its number and unit',
          }
        : { line, outcome: 'unrelated', payouts: [], reason: 'nothing of it is a payout' };
    }
    if (more.length > 0 || (lineCount.get(payout) ?? 0) > 1) {
      const reason = `nothing names a payout, and amount and date fit ${found.map(({ reference }) => reference).join(', ')} and other lines`;
      return { line, outcome: 'ambiguous', payouts: found, reason };
    }
    return {
      line,
      outcome: 'likely',
      payouts: found,
      reason: `amount, account and date fit payout ${payout.reference}; nothing names it`,
    };
  });
}

/** How many bank days after its ledger date money may come and still be taken for a payout. */
const mostBankDays = 7;

function isLikely(line: IdentifiedLine, payout: ExpectedPayout, bankDays: MatchInput['bankDays']): boolean {
  const { accounts, currency, date, aborted, provider } = payout;
  if (currency !== line.currency || aborted !== undefined) return false;
  if (accounts.length > 0 && !accounts.includes(line.account)) return false;
  if (line.date < date || bankDays(date, line.date) > mostBankDays) return false;
  const [first = ''] = provider.toLowerCase().split(' ');
  return line.parties.length === 0 || line.parties.some((party) => party.toLowerCase().includes(first));
}

/** A line as a sentence may name it. */
function shownLine({ date, amount, account }: IdentifiedLine): string {
  return `the line of ${date}, ${formatAmount(amount)}, on account ${shownAccount(account)}`;
}
