import type { Amount } from '../money/amount.ts';
import type { LedgerAccount, LedgerEntry } from './ledger.ts';

/** One step of an account's running balance. */
export interface BalanceStep {
  readonly before: Amount;
  readonly after: Amount;
}

/** The steps of entries that tell their balances; undefined where one does not. */
export function balanceSteps(entries: readonly LedgerEntry[]): BalanceStep[] | undefined {
  const steps: BalanceStep[] = [];
  for (const { balanceBefore, balanceAfter } of entries) {
    if (balanceBefore === undefined || balanceAfter === undefined) return undefined;
    steps.push({ before: balanceBefore, after: balanceAfter });
  }
  return steps;
}

/**
 * An account's entries as one step, where each begins with the balance that the one before it left: so they nearly always come.
 * Undefined where they do not, and where they end where they began: then it takes every step to tell.
 */
export function stepInOrder(entries: readonly LedgerEntry[], account: LedgerAccount): BalanceStep | undefined {
  let before: Amount | undefined;
  let after: Amount | undefined;
  for (const { account: its, balanceBefore, balanceAfter } of entries) {
    if (its !== account) continue;
    if (balanceBefore === undefined || balanceAfter === undefined) return undefined;
    if (after !== undefined && balanceBefore !== after) return undefined;
    before ??= balanceBefore;
    after = balanceAfter;
  }
  return before === undefined || after === undefined || before === after ? undefined : { before, after };
}

/** Where a chain of steps begins and ends. */
export interface ChainEnds {
  readonly opening: Amount;
  readonly closing: Amount;
}

/**
 * Whether steps in any order form one unbroken chain, and where it begins and ends. An account is an append-only list in
 * which each balance before is the one after the last (Report API, entry types); a lost page leaves a gap.
 *
 * Balances repeat, so the order cannot be sorted out step by step; but steps are edges between balances, and they can be
 * walked in one go exactly when every balance is left as often as it is reached, save the first and the last, and all
 * hang together (Euler).
 */
export function chainEnds(steps: readonly BalanceStep[], known: Amount | undefined): ChainEnds | undefined {
  const first = steps[0];
  if (first === undefined) return known === undefined ? undefined : { opening: known, closing: known };
  const surplus = surplusOf(steps);
  const uneven = [...surplus].filter(([, count]) => count !== 0);
  const opening = uneven.find(([, count]) => count === 1)?.[0];
  const closing = uneven.find(([, count]) => count === -1)?.[0];
  const isCircle = uneven.length === 0;
  if (!isCircle && !(uneven.length === 2 && opening !== undefined && closing !== undefined)) return undefined;
  if (partsOf(steps).count !== 1) return undefined;
  if (!isCircle) return { opening: opening as Amount, closing: closing as Amount };
  const start = known !== undefined && surplus.has(known) ? known : first.before;
  return { opening: start, closing: start };
}

/**
 * The same steps drawn together: in each part that hangs together, one from each balance that nothing leads to, to one
 * that nothing leaves; of a circle, a single point. It is all that tells whether later steps close the gaps between them.
 */
export function drawTogether(steps: readonly BalanceStep[]): BalanceStep[] {
  const { rootOf } = partsOf(steps);
  const starts: Amount[] = [];
  const ends = new Map<Amount, Amount[]>(steps.map(({ before }) => [rootOf(before), []]));
  for (const [balance, count] of surplusOf(steps)) {
    for (let left = count; left > 0; left--) starts.push(balance);
    for (let left = count; left < 0; left++) ends.get(rootOf(balance))?.push(balance);
  }
  const circles = [...ends].filter(([, own]) => own.length === 0).map(([root]) => ({ before: root, after: root }));
  const lines = starts.map((before) => ({ before, after: ends.get(rootOf(before))?.pop() ?? before }));
  return [...lines, ...circles];
}

/** How much more often each balance is left than reached. */
function surplusOf(steps: readonly BalanceStep[]): Map<Amount, number> {
  const surplus = new Map<Amount, number>();
  for (const { before, after } of steps) {
    surplus.set(before, (surplus.get(before) ?? 0) + 1);
    surplus.set(after, (surplus.get(after) ?? 0) - 1);
  }
  return surplus;
}

/** The parts that hang together: how many, and which balance stands for each. */
function partsOf(steps: readonly BalanceStep[]): {
  readonly count: number;
  readonly rootOf: (balance: Amount) => Amount;
} {
  const parents = new Map<Amount, Amount>();
  const rootOf = (balance: Amount): Amount => {
    let root = balance;
    for (let parent = parents.get(root); parent !== undefined && parent !== root; parent = parents.get(root))
      root = parent;
    for (let node = balance; node !== root;) {
      const next = parents.get(node) ?? root;
      parents.set(node, root);
      node = next;
    }
    return root;
  };
  let count = 0;
  for (const { before, after } of steps) {
    for (const balance of [before, after]) {
      if (parents.has(balance)) continue;
      parents.set(balance, balance);
      count++;
    }
    const [a, b] = [rootOf(before), rootOf(after)];
    if (a === b) continue;
    parents.set(a, b);
    count--;
  }
  return { count, rootOf };
}
