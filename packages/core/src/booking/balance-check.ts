import { named } from '../named.ts';
import { add, formatAmount, subtract, zero, type Amount } from '../money/amount.ts';
import {
  balanceSteps,
  chainEnds,
  drawTogether,
  stepInOrder,
  type BalanceStep,
  type ChainEnds,
} from '../ledger/balance-chain.ts';
import type { FindingList } from '../ledger/finding-list.ts';
import type { LedgerAccount, LedgerDate, LedgerEntry } from '../ledger/ledger.ts';
import { balancesOf, type AccountState, type LedgerState, type WrongOpening } from './ledger-state.ts';
import type { Policy, PolicyVersion } from '../policy/policy.ts';

const accounts: readonly LedgerAccount[] = ['funds', 'fees'];
const fetchAgain = 'fetch the date again; if it stays, ask the provider';

/** What following a date's balances showed. */
export interface ChainProgress {
  /** Accounts whose chain is interrupted within this date: the next date may close the gap, or something is missing. */
  readonly interrupted: readonly LedgerAccount[];
  /** Those of `interrupted` whose gap is among the date's own entries, not before them: only there can the next date stand. */
  readonly split: readonly LedgerAccount[];
  /** Accounts of the held date whose gap this date did not close. */
  readonly broken: readonly LedgerAccount[];
  /** Those of `broken` whose next date was itself still open: it may bring what is missing. */
  readonly tooEarly: readonly LedgerAccount[];
  /** The date had no entries at all, and a date before it still waits for the next. */
  readonly isWaiting: boolean;
}

/** For a date that was followed before: nothing moves. */
export const nothingNew: ChainProgress = { interrupted: [], split: [], broken: [], tooEarly: [], isWaiting: false };

/**
 * Follows both running balances through a date: every `before + amount = after`, no gap to the last known balance, and the
 * policy's opening against the first balance the provider tells.
 */
export function followBalances(
  date: LedgerDate,
  state: LedgerState,
  entries: readonly LedgerEntry[],
  policy: Policy,
  findings: FindingList,
): ChainProgress {
  const interrupted: LedgerAccount[] = [];
  const split: LedgerAccount[] = [];
  const broken: LedgerAccount[] = [];
  const tooEarly: LedgerAccount[] = [];
  // Where a payout is grouped, its gap must be known before its voucher is made.
  const isQuiet = entries.length === 0 && state.group === undefined;
  const isWaiting = isQuiet && accounts.some((name) => state[name].loose.length > 0);
  for (const name of accounts) {
    const account = state[name];
    const own = entries.filter((entry) => entry.account === name);
    let moved = zero;
    for (const entry of own) moved = add(moved, entry.amount);
    account.provider = add(account.provider, moved);
    checkArithmetic(own, name, findings);
    const opening = named(policy.openings, date.ledgerId)?.[name] ?? zero;
    const told = date.accounts[name]?.opening;
    if (account.chain === undefined && told !== undefined) account.chain = told;
    // As they were received, if all of them are booked here. With what is loose they may hang together anywhere.
    const isWhole = account.loose.length === 0 && entries.length === date.entries.length;
    const inOrder = isWhole ? stepInOrder(date.entries, name) : undefined;
    const steps = inOrder === undefined ? balanceSteps(own) : [inOrder];
    // Entries without balances (v1) move the chain by what they say.
    if (steps === undefined && account.chain !== undefined) account.chain = add(account.chain, moved);
    const progress = isWaiting ? nothingFollowed : followAccount(account, steps, opening);
    if (progress.isInterrupted) interrupted.push(name);
    if (progress.isInterrupted && chainEnds(steps ?? [], undefined) === undefined) split.push(name);
    if (progress.isBroken) broken.push(name);
    if (progress.isBroken && date.accounts[name]?.closed !== true) tooEarly.push(name);
    const first = told ?? progress.opening;
    if (!account.isOpeningProved && first !== undefined) {
      account.isOpeningProved = true;
      if (first !== opening) account.wrongOpening = wrongOpening(account, date.ledgerId, name, first, opening);
    }
    // An open date may still bring what comes before the next: entries are only ever added at its end.
    if (date.accounts[name]?.closed !== true) account.isIncomplete = true;
  }
  return { interrupted, split, broken, tooEarly, isWaiting };
}

interface AccountProgress {
  readonly isInterrupted: boolean;
  readonly isBroken: boolean;
  /** Where the chain begins, once that is known. */
  readonly opening: Amount | undefined;
}

const nothingFollowed: AccountProgress = { isInterrupted: false, isBroken: false, opening: undefined };

function followAccount(
  account: AccountState,
  steps: readonly BalanceStep[] | undefined,
  hint: Amount,
): AccountProgress {
  const hadGap = account.loose.length > 0;
  if (steps === undefined) {
    // Without balances nothing can close a gap.
    if (hadGap) account.chain = undefined;
    account.loose = [];
    return { isInterrupted: false, isBroken: hadGap, opening: undefined };
  }
  if (steps.length + account.loose.length === 0) return { isInterrupted: false, isBroken: false, opening: undefined };
  const ends = walk(account, [...account.loose, ...steps], hint);
  if (ends !== undefined) return { isInterrupted: false, isBroken: false, opening: ends.opening };
  const drawn = drawTogether([...account.loose, ...steps]);
  const begins = (balance: Amount): boolean => drawn.some(({ before }) => before === balance);
  // What still begins on an earlier date can only be the opening itself.
  const left = account.loose.map(({ before }) => before).filter(begins);
  const opening = account.chain ?? (hadGap && !begins(hint) ? left[0] : hint);
  const isClosed = left.every((before) => before === opening);
  if (hadGap && !isClosed) {
    // The gap stays. What follows is judged by itself, so that one lost page is reported once.
    account.loose = [];
    account.chain = undefined;
    if (steps.length === 0) return { isInterrupted: false, isBroken: true, opening: undefined };
    const alone = walk(account, steps, hint);
    if (alone !== undefined) return { isInterrupted: false, isBroken: true, opening: alone.opening };
    account.loose = drawTogether(steps);
    return { isInterrupted: true, isBroken: true, opening: undefined };
  }
  // A merchant who sells around the clock has a gap on every date, closed by the next, which has its own.
  account.loose = drawn;
  return {
    isInterrupted: true,
    isBroken: false,
    opening: opening !== undefined && begins(opening) ? opening : undefined,
  };
}

/** Walks the chain on, if the steps are unbroken and begin where it stands. */
function walk(account: AccountState, steps: readonly BalanceStep[], hint: Amount): ChainEnds | undefined {
  const ends = chainEnds(steps, account.chain ?? hint);
  if (ends === undefined || (account.chain !== undefined && ends.opening !== account.chain)) return undefined;
  account.chain = ends.closing;
  account.provider = ends.closing;
  account.loose = [];
  return ends;
}

function checkArithmetic(entries: readonly LedgerEntry[], name: LedgerAccount, findings: FindingList): void {
  const wrong = entries.filter(({ balanceBefore, balanceAfter, amount }) => {
    return balanceBefore !== undefined && balanceAfter !== undefined && balanceBefore + amount !== balanceAfter;
  });
  const message = `balance before + amount is not balance after on ${name}`;
  findings.add(
    'balance-arithmetic',
    'error',
    message,
    fetchAgain,
    wrong.map((entry) => entry.id),
  );
}

/**
 * Checks the opening balance of the policy against the first balance that the provider tells. They must be the same: an
 * opening that was copied from a later date would leave out everything between the cut-over and that date.
 */
function wrongOpening(
  { isIncomplete }: AccountState,
  ledgerId: string,
  name: LedgerAccount,
  told: Amount,
  opening: Amount,
): WrongOpening {
  const message = `the ledger's ${name} start at ${formatAmount(told)} and the policy opens with ${formatAmount(opening)}`;
  const difference = subtract(told, opening);
  return isIncomplete
    ? {
        difference,
        message: `${message}: the dates before may be incomplete`,
        action: 'fetch the dates before this one until they are closed',
      }
    : {
        difference,
        message,
        action: `set openings["${ledgerId}"].${name} to ${told} (minor units), or choose another cut-over`,
      };
}

/** Says of a date that waited whether the next one closed the gap in its chain, or whether there was none to close it yet. */
export function sayGap(
  held: Pick<ChainProgress, 'interrupted' | 'split'>,
  { broken, tooEarly }: Pick<ChainProgress, 'broken' | 'tooEarly'>,
  findings: FindingList,
): void {
  for (const name of held.interrupted) {
    if (tooEarly.includes(name) && held.split.includes(name)) {
      const message = `the ${name} balances do not follow on one another as long as the next date is not there or still open`;
      findings.add(
        'next-date-needed',
        'error',
        message,
        'fetch the next date; if it stays, fetch this one again and ask the provider',
      );
    } else if (broken.includes(name)) {
      const message = `the ${name} balances do not follow on one another: something is missing`;
      findings.add('chain-broken', 'error', message, fetchAgain);
    } else {
      const message = `entries of the next date stand between this date's on ${name}; together they are complete`;
      findings.add('dates-interleaved', 'info', message, 'nothing to do');
    }
  }
}

/**
 * The balance law, where no fact waits for its payout. After a wrong opening every date differs by the same amount: each of
 * them names the opening as the cause, and nothing else.
 */
export function checkBalanceLaw(state: LedgerState, version: PolicyVersion, findings: FindingList): void {
  for (const name of accounts) {
    const wrong = state[name].wrongOpening;
    if (wrong !== undefined) findings.add('opening-differs', 'error', wrong.message, wrong.action);
  }
  if (state.group !== undefined && state.group.facts.length > 0) return;
  const { funds, fees, feesAwaited = zero, preBooked } = balancesOf(state, version);
  const differences = {
    funds: subtract(funds.provider, add(funds.books, preBooked)),
    fees: fees === undefined ? zero : subtract(fees.provider, add(fees.books, feesAwaited)),
  };
  for (const name of accounts) {
    const difference = differences[name];
    if (difference === 0 || difference === state[name].wrongOpening?.difference) continue;
    const message = `the books differ from the provider's ${name} balance by ${formatAmount(difference)}`;
    findings.add(
      'balance-law',
      'error',
      message,
      'deliver nothing; look at the other findings of this and earlier dates',
    );
  }
}
