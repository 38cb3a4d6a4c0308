import { zero, type Amount } from '../money/amount.ts';
import { balanceSteps, chainEnds, drawTogether, type BalanceStep } from './balance-chain.ts';
import type { LedgerAccount, LedgerDate } from './ledger.ts';

/** What a ledger's accounts stood at before the first entry, in minor units; absent where nothing tells. */
export interface FirstBalances {
  readonly funds?: Amount;
  readonly fees?: Amount;
}

/**
 * Reads a ledger's dates from the cut-over on, earliest first and without a hole, until they tell the balances before the
 * first entry: what a policy opens with. It reads no further than it must. After an open date nothing is believed any more:
 * entries may still come before the next.
 *
 * @example
 * ```ts
 * import { amount, firstBalances, ledgerEntry, plainDate } from '@bilag/core';
 *
 * const date = plainDate('2026-07-01');
 * const sale = { ledgerId: '302321', account: 'funds', ledgerDate: date, type: 'capture', currency: 'NOK' } as const;
 * const told = { pspReference: '5000000001', reference: null, salesUnit: null, time: null };
 * const entries = [ledgerEntry({ ...sale, ...told, amount: amount(12500), balanceBefore: amount(99900), balanceAfter: amount(112400) })];
 * await firstBalances([{ ledgerId: '302321', date, currency: 'NOK', accounts: { funds: { closed: true } }, entries }]); // => { funds: 99900 }
 * ```
 */
export async function firstBalances(dates: Iterable<LedgerDate> | AsyncIterable<LedgerDate>): Promise<FirstBalances> {
  const found: { -readonly [Name in keyof FirstBalances]: FirstBalances[Name] } = {};
  const searched = new Map<LedgerAccount, Search>([
    ['funds', { first: [], all: [] }],
    ['fees', { first: [], all: [] }],
  ]);
  for await (const date of dates) {
    for (const [name, search] of searched) {
      const balance = date.accounts[name]?.opening ?? searchOn(search, date, name);
      if (balance !== undefined) found[name] = balance;
      if (balance !== undefined || date.accounts[name]?.closed !== true) searched.delete(name);
    }
    if (searched.size === 0) break;
  }
  return found;
}

interface Search {
  /** What the first date with entries leaves loose. */
  first: readonly BalanceStep[];
  all: readonly BalanceStep[];
}

/**
 * Entries of the next dates may stand between those of the first: what they lead to is not where the account began. A date
 * that ends where it began does not tell where that was, but the next one does; nothing owed before, where it came by zero.
 */
function searchOn(search: Search, { entries }: LedgerDate, name: LedgerAccount): Amount | undefined {
  const steps = balanceSteps(entries.filter(({ account }) => account === name)) ?? [];
  const ends = search.first.length === 0 && steps.length > 0 ? chainEnds(steps, zero) : undefined;
  if (ends !== undefined && ends.opening === ends.closing) return ends.opening === zero ? zero : undefined;
  search.all = drawTogether([...search.all, ...steps]);
  if (search.first.length === 0) search.first = search.all;
  const begins = new Set(search.all.map(({ before }) => before));
  const [only, ...others] = search.first.filter(({ before }) => begins.has(before));
  const isTold =
    only !== undefined && only.before !== only.after && others.every(({ before }) => before === only.before);
  return isTold ? only.before : undefined;
}
