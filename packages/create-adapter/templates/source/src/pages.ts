import {
  amount,
  BilagError,
  ledgerEntry,
  type LedgerDate,
  type LedgerEntry,
  type PlainDate,
  type RawPage,
  type SourceProfile,
} from '@bilag/core';
import { parseJsonBytes } from '@bilag/http';
import { z } from 'zod';

/** What the books call the provider. */
export const profile: SourceProfile = { provider: 'Acme Pay', series: 'ACME_PAY' };

/** A page as Acme Pay sends it: what is not so is refused, never guessed. */
export interface AcmePayPage {
  /** Nothing more can come for the date. */
  readonly closed: boolean;
  /** Where the next page is; null on the last. */
  readonly next: number | null;
  readonly entries: readonly { readonly id: string; readonly type: string; readonly amount: number }[];
}

const pageShape: z.ZodType<AcmePayPage> = z.object({
  closed: z.boolean(),
  next: z.int().nullable(),
  entries: z.array(z.object({ id: z.string().min(1), type: z.string().min(1), amount: z.int() })),
});

export function parsePage(body: Uint8Array, where: string): AcmePayPage {
  const parsed = pageShape.safeParse(parseJsonBytes(body, { where, kind: 'unavailable' }));
  if (parsed.success) return parsed.data;
  throw new BilagError('unavailable', {
    what: `the page is not as it should be at ${parsed.error.issues[0]?.path.join('.') ?? ''}`,
    where,
    action: 'fetch it again; nothing of it was used',
  });
}

/** All pages of one ledger date, in any order, as facts. A date that lacks a page is open. */
export function toLedgerDate(pages: readonly RawPage[], currency: string): LedgerDate {
  const [first] = pages;
  if (first === undefined) throw new TypeError('a date has pages');
  const { ledgerId, date } = first;
  const read = pages
    .toSorted((a, b) => a.sequence - b.sequence)
    .map(({ sequence, body }) => ({ sequence, ...parsePage(body, `ledger ${ledgerId}, ${date}, page ${sequence}`) }));
  const isWhole = read.every(({ sequence }, index) => sequence === index) && read.at(-1)?.next === null;
  const entries = read.flatMap((page) => page.entries.map((entry) => toEntry(entry, { ledgerId, date, currency })));
  return {
    ledgerId,
    date,
    currency,
    profile,
    accounts: { funds: { closed: isWhole && read.every(({ closed }) => closed) } },
    entries,
  };
}

function toEntry(
  { id, type, amount: value }: AcmePayPage['entries'][number],
  { ledgerId, date, currency }: { readonly ledgerId: string; readonly date: PlainDate; readonly currency: string },
): LedgerEntry {
  return ledgerEntry({
    ledgerId,
    account: 'funds',
    ledgerDate: date,
    type,
    amount: amount(value),
    currency,
    pspReference: id,
    reference: null,
    salesUnit: null,
    time: null,
  });
}
