import type { LedgerEntry } from './ledger.ts';

/**
 * The entries that others do not have too. Two readings of one ledger may tell more or less of the same fact: a file has no
 * balances, its time less decimals, or no reference of the provider. So facts are the same by their account, type, amount,
 * currency and, where both tell one, reference; each of the others stands for one entry alone.
 *
 * @example
 * ```ts
 * import { amount, entriesNotIn, ledgerEntry, plainDate } from '@bilag/core';
 *
 * const sale = {
 *   ledgerId: '302321', account: 'funds', ledgerDate: plainDate('2026-07-01'), type: 'capture', amount: amount(900),
 *   currency: 'NOK', pspReference: '5000000001', reference: null, salesUnit: null,
 * } as const;
 * const [told, untold] = ['2026-07-01T12:00:00.824993Z', null].map((time) => ledgerEntry({ ...sale, time }));
 * entriesNotIn([untold!], [told!]); // => []
 * entriesNotIn([untold!, untold!], [told!]).length; // => 1
 * ```
 */
export function entriesNotIn(entries: readonly LedgerEntry[], others: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const waiting = Map.groupBy(others, keyOf);
  const unnamed: LedgerEntry[] = [];
  const left: LedgerEntry[] = [];
  for (const entry of entries) {
    if (entry.pspReference === null) unnamed.push(entry);
    else if (!took(waiting.get(keyOf(entry)), ({ pspReference }) => pspReference === entry.pspReference))
      left.push(entry);
  }
  // An entry without a reference may be any of those that are left.
  return [...left, ...unnamed].filter((entry) => {
    return !took(waiting.get(keyOf(entry)), ({ pspReference }) => entry.pspReference === null || pspReference === null);
  });
}

function took(entries: LedgerEntry[] | undefined, isSame: (entry: LedgerEntry) => boolean): boolean {
  const index = entries?.findIndex(isSame) ?? -1;
  if (index !== -1) entries?.splice(index, 1);
  return index !== -1;
}

function keyOf({ account, type, renamedTo, amount, currency }: LedgerEntry): string {
  return `${account} ${renamedTo ?? type} ${amount} ${currency}`;
}
