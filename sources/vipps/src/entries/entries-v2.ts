import {
  amount,
  BilagError,
  entryId,
  type Finding,
  type LedgerAccount,
  type LedgerEntry,
  type PlainDate,
} from '@bilag/core';
import { checkedItemsV2, type ItemV2 } from './items-v2.ts';
import { normaliseRecipientHandle } from './recipient-handle.ts';
import { currentNameOf } from '../profile.ts';

/** Entries, and what was noticed on the way. */
export interface ReadEntries {
  readonly entries: LedgerEntry[];
  readonly findings: Finding[];
}

/** What the items of a page do not say themselves. */
export interface EntriesV2Options {
  readonly ledgerId: string;
  readonly topic: LedgerAccount;
  /** The ledger date asked for, where one was. */
  readonly date?: PlainDate;
  /** The place in words, for errors. */
  readonly where?: string;
}

/**
 * Turns the items of a v2 page into entries, in the order received. Amounts are whole minor units or an error; unknown
 * fields and entry types pass; names, messages and phone numbers are left out. The type stays as received, and an item
 * that names another ledger keeps it: `book()` books it there, with a warning.
 */
export function toEntriesV2(given: readonly unknown[], options: EntriesV2Options): ReadEntries {
  const where = options.where ?? `ledger ${options.ledgerId}, ${options.topic}`;
  const items = checkedItemsV2(given, where);
  const units = new Map<string, string | null>();
  const entries: LedgerEntry[] = [];
  let strays: LedgerEntry[] | undefined;
  for (const item of items) {
    const entry = toEntry(item, options, units);
    if (entry === undefined) throw withoutDate(`${where}, item ${entries.length}`);
    entries.push(entry);
    if (options.date !== undefined && entry.ledgerDate !== options.date) (strays ??= []).push(entry);
  }
  return { entries, findings: strays === undefined ? [] : [otherDates(strays, options)] };
}

/** Without spreads, and with what its neighbours share made once: this runs for every entry of a ledger. */
function toEntry(
  item: ItemV2,
  { ledgerId, topic, date }: EntriesV2Options,
  units: Map<string, string | null>,
): LedgerEntry | undefined {
  const ledgerDate = item.ledgerDate ?? date;
  if (ledgerDate === undefined) return undefined;
  const handle = item.recipientHandle || '';
  let salesUnit = units.get(handle);
  if (salesUnit === undefined) units.set(handle, (salesUnit = normaliseRecipientHandle(handle)));
  const renamedTo = currentNameOf(item.entryType);
  const entry: { -readonly [Name in keyof LedgerEntry]: LedgerEntry[Name] } = {
    id: '',
    ledgerId: item.ledgerId || ledgerId,
    account: topic,
    ledgerDate,
    type: item.entryType,
    amount: amount(item.amount),
    currency: item.currency,
    pspReference: item.pspReference || null,
    reference: item.reference || null,
    salesUnit,
    time: item.time || null,
  };
  if (renamedTo !== undefined) entry.renamedTo = renamedTo;
  if (typeof item.balanceBefore === 'number') entry.balanceBefore = amount(item.balanceBefore);
  if (typeof item.balanceAfter === 'number') entry.balanceAfter = amount(item.balanceAfter);
  entry.id = entryId(entry);
  return entry;
}

function withoutDate(where: string): BilagError {
  return new BilagError('rejected', {
    what: 'neither the item nor the request names a ledger date',
    where,
    action: 'fetch it by date',
  });
}

function otherDates(strays: readonly LedgerEntry[], { date, ledgerId, topic, where }: EntriesV2Options): Finding {
  return {
    code: 'other-date-named',
    severity: 'error',
    message: `${strays.length} of the entries for ${date} name another ledger date`,
    where: where ?? `ledger ${ledgerId}, ${topic}, ${date}`,
    action: 'fetch the dates again; if it stays so, ask Vipps MobilePay before anything is posted',
    ledgerId,
    ...(date === undefined ? {} : { date }),
    facts: strays.map(({ id }) => id),
  };
}
