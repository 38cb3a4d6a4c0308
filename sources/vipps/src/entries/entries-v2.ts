import {
  amount,
  BilagError,
  type Finding,
  isPlainDate,
  type LedgerAccount,
  ledgerEntry,
  type LedgerEntry,
  type PlainDate,
} from '@bilag/core';
import { z } from 'zod';
import { checked } from './checked.ts';
import { normaliseRecipientHandle } from './recipient-handle.ts';
import { typeOf } from '../profile.ts';

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
export function toEntriesV2(items: readonly unknown[], options: EntriesV2Options): ReadEntries {
  const where = options.where ?? `ledger ${options.ledgerId}, ${options.topic}`;
  const entries = checked(itemsV2, items, {
    where,
    action: 'keep the page and report it; nothing of it was used',
  }).map((item, index) => toEntry(item, index, { ...options, where }));
  return { entries, findings: otherDates(entries, options) };
}

/** Whole minor units. The specification says int32, which ends at 21 million kroner: anything exact is taken. */
const minorUnits = z.int();

const itemV2 = z.object({
  pspReference: z.string().nullish(),
  time: z.string().nullish(),
  ledgerDate: z
    .string()
    .refine(isPlainDate, 'not a date')
    .transform((text) => text as PlainDate)
    .nullish(),
  ledgerId: z.string().nullish(),
  entryType: z.string().min(1),
  reference: z.string().nullish(),
  currency: z.string().regex(/^[A-Z]{3}$/, 'not a currency code'),
  amount: minorUnits,
  balanceBefore: minorUnits.nullish(),
  balanceAfter: minorUnits.nullish(),
  recipientHandle: z.string().nullish(),
});

const itemsV2 = z.array(itemV2);

function toEntry(
  item: z.output<typeof itemV2>,
  index: number,
  options: EntriesV2Options & { where: string },
): LedgerEntry {
  const ledgerDate = item.ledgerDate ?? options.date;
  if (ledgerDate === undefined) {
    throw new BilagError('rejected', {
      what: 'neither the item nor the request names a ledger date',
      where: `${options.where}, item ${index}`,
      action: 'fetch it by date',
    });
  }
  return ledgerEntry({
    ledgerId: item.ledgerId || options.ledgerId,
    account: options.topic,
    ledgerDate,
    ...typeOf(item.entryType),
    amount: amount(item.amount),
    currency: item.currency,
    pspReference: item.pspReference || null,
    reference: item.reference || null,
    salesUnit: normaliseRecipientHandle(item.recipientHandle),
    time: item.time || null,
    ...(typeof item.balanceBefore === 'number' ? { balanceBefore: amount(item.balanceBefore) } : {}),
    ...(typeof item.balanceAfter === 'number' ? { balanceAfter: amount(item.balanceAfter) } : {}),
  });
}

function otherDates(entries: readonly LedgerEntry[], options: EntriesV2Options): Finding[] {
  const { date, ledgerId } = options;
  const strays = entries.filter((entry) => date !== undefined && entry.ledgerDate !== date);
  if (date === undefined || strays.length === 0) return [];
  return [
    {
      code: 'other-date-named',
      severity: 'error',
      message: `${strays.length} of the entries for ${date} name another ledger date`,
      where: options.where ?? `ledger ${ledgerId}, ${options.topic}, ${date}`,
      action: 'fetch the dates again; if it stays so, ask Vipps MobilePay before anything is posted',
      ledgerId,
      date,
      facts: strays.map(({ id }) => id),
    },
  ];
}
