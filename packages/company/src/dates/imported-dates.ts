import { isFromFile, type LedgerDate, type PlainDate } from '@bilag/core';

/** The dates of an archive that stood in files alone. */
export interface ImportedDates {
  /**
   * Whether nothing happened between two dates of a ledger: files have no date on which nothing did, and what is missing
   * between them shows in their balances or numbers.
   */
  isQuiet(ledgerId: string, before: PlainDate, after: PlainDate): boolean;
}

export function importedDates(
  known: readonly { readonly ledgerId: string; readonly topic: string; readonly date: PlainDate }[],
): ImportedDates {
  // Most archives have none.
  if (!known.some(isFromFile)) return { isQuiet: () => false };
  const fromFiles = new Set<string>();
  const received = new Set<string>();
  for (const { ledgerId, topic, date } of known)
    (isFromFile({ topic }) ? fromFiles : received).add(`${ledgerId} ${date}`);
  const isImported = (ledgerId: string, date: PlainDate): boolean =>
    fromFiles.has(`${ledgerId} ${date}`) && !received.has(`${ledgerId} ${date}`);
  return {
    isQuiet: (ledgerId, before, after) => isImported(ledgerId, before) && isImported(ledgerId, after),
  };
}

/** A date on which nothing happened, read as the next one was. */
export function quietDate({ ledgerId, currency, profile, accounts }: LedgerDate, date: PlainDate): LedgerDate {
  const closed = Object.fromEntries(Object.keys(accounts).map((account) => [account, { closed: true }]));
  return {
    ledgerId,
    date,
    currency,
    ...(profile === undefined ? {} : { profile }),
    accounts: closed as LedgerDate['accounts'],
    entries: [],
  };
}
