import type { Amount } from '../money/amount.ts';
import type { Finding } from './finding.ts';
import { isPlainDate, type PlainDate } from '../money/plain-date.ts';
import type { SourceProfile } from './source-profile.ts';

/** The provider's two books of a ledger: `funds` (they owe the merchant) and `fees` (the merchant owes them). */
export type LedgerAccount = 'funds' | 'fees';

/**
 * One fact from the provider's ledger. `amount` is the signed effect on its own account's balance: on `funds` plus means
 * that the provider owes the merchant more, on `fees` minus means that the merchant owes more (Report API, entry types).
 */
export interface LedgerEntry {
  /** The identity of the fact, made by {@link entryId}; equal facts delivered twice have equal ids. */
  readonly id: string;
  /** The ledger the entry itself names; booked there, also when another ledger was asked for. */
  readonly ledgerId: string;
  readonly account: LedgerAccount;
  /** The accounting date. Not the calendar date of `time`: the provider's cut-off may be 04:00. */
  readonly ledgerDate: PlainDate;
  /** As the provider says it; an open set: `capture`, `refund`, `payout-scheduled` and whatever comes tomorrow. */
  readonly type: string;
  /** The type's name of today, where the provider has renamed it since. */
  readonly renamedTo?: string;
  readonly amount: Amount;
  readonly currency: string;
  /** The provider's reference of the payment, the fee or the payout. Not unique. */
  readonly pspReference: string | null;
  /** The merchant's order reference, or the bank text of a payout. Not unique, and may be customer text. */
  readonly reference: string | null;
  /** The normalised recipient handle, such as `api:123455` or `NO:57860`. */
  readonly salesUnit: string | null;
  /** The provider's timestamp as received. */
  readonly time: string | null;
  /** The account's balance before and after, where the provider tells them. */
  readonly balanceBefore?: Amount;
  readonly balanceAfter?: Amount;
}

/** What an entry is before it has an identity. */
export type EntryFacts = Omit<LedgerEntry, 'id'>;

/**
 * The identity of a fact: everything the provider says of it. `pspReference` alone is not unique (a fee and a dispute
 * reuse the capture's), but running balances set two genuine entries of the same amount apart.
 */
export function entryId(entry: EntryFacts): string {
  const { ledgerId, account, ledgerDate, type, pspReference, time, amount, balanceBefore, balanceAfter } = entry;
  // Joined it is one piece of text, and what there is not is empty; a template would keep all its pieces.
  return [ledgerId, account, ledgerDate, type, pspReference, time, amount, balanceBefore, balanceAfter].join('/');
}

/**
 * The ledger date in the identity of an entry; undefined for other facts, such as a line of the bank statement.
 *
 * @example
 * ```ts
 * import { factDate } from '@bilag/core';
 *
 * factDate('302321/funds/2026-01-15/capture/5000000001/2026-01-15T12:00:00Z/12500//'); // => '2026-01-15'
 * ```
 */
export function factDate(factId: string): PlainDate | undefined {
  const [, date = ''] = /\/(?:funds|fees)\/(\d{4}-\d{2}-\d{2})\//.exec(factId) ?? [];
  return isPlainDate(date) ? date : undefined;
}

/**
 * What two ids have in common when they are of one fact: its time is an instant, however it is spelt. The id itself keeps
 * the spelling it was first seen with, because vouchers that are in the books may be known by it.
 *
 * @example
 * ```ts
 * import { factIdentity } from '@bilag/core';
 *
 * const id = (time: string) => `302321/funds/2026-01-15/capture/5000000001/${time}/12500//`;
 * factIdentity(id('2026-01-15T12:00:00.500+0100')) === factIdentity(id('2026-01-15T11:00:00.5Z')); // => true
 * ```
 */
export function factIdentity(id: string): string {
  return id.replace(timeInId, (whole: string, time: string, fraction = '', zone = '') => {
    const digits = fraction.replace(/0+$/, '');
    if (zone === 'Z') return `/${time}.${digits}Z`;
    const instant = Date.parse(`${time}${zone.slice(0, 3)}:${zone.slice(-2)}`);
    return Number.isNaN(instant) ? whole : `/${new Date(instant).toISOString().slice(0, 19)}.${digits}Z`;
  });
}

/** A moment with its zone, before amount, balances and what sets apart rows that tell no more. */
const timeInId =
  /\/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)(?=\/-?\d+\/(?:-?\d+)?\/(?:-?\d+)?(?:\/\d+)?$)/;

/**
 * The {@link factIdentity} of an entry. Nearly every time is spelt as an identity spells it: then the id is its own identity,
 * and is not taken apart.
 */
export function entryIdentity(entry: LedgerEntry): string {
  return statedIdentity(entry) ?? factIdentity(entry.id);
}

/**
 * The identity of an entry whose id says account, type and time as the entry does: entries that differ in one of these are two.
 * Undefined of any other, and of one whose time is not in UTC.
 */
export function statedIdentity(entry: LedgerEntry): string | undefined {
  const { id, time, ledgerId, account, ledgerDate, type, pspReference } = entry;
  if (time === null || !isInUtc(time)) return undefined;
  const ofAccount = ledgerId.length + 1;
  const ofType = ofAccount + account.length + ledgerDate.length + 2;
  const start = ofType + type.length + (pspReference?.length ?? 0) + 2;
  const end = start + time.length;
  if (!id.startsWith(account, ofAccount) || !standsAt(id, type, ofType) || !standsAt(id, time, start)) return undefined;
  return id[end - 2] === '0' ? withoutZeros(id, start, end) : id;
}

/** Whether a part of an id stands at a place, whole. */
function standsAt(id: string, part: string, start: number): boolean {
  return id.startsWith(part, start) && id[start - 1] === '/' && id[start + part.length] === '/';
}

/** An id whose time, in UTC, stands from `start` to `end` and has zeros at the end of its fraction. */
function withoutZeros(id: string, start: number, end: number): string {
  timeHere.lastIndex = start - 1;
  if (!timeHere.test(id)) return factIdentity(id);
  let last = end - 2;
  while (id[last - 1] === '0') last -= 1;
  return id.slice(0, last) + id.slice(end - 1);
}

const timeHere = new RegExp(timeInId.source, 'y');

/** Whether a time is spelt in UTC, with a fraction. Of two that are equally long, each is its own instant. */
function isInUtc(time: string): boolean {
  const { length } = time;
  const last = time.charCodeAt(length - 2);
  return length >= 22 && length <= 30 && time[19] === '.' && time[length - 1] === 'Z' && last >= 0x30 && last <= 0x39;
}

/** Gives facts their identity. */
export function ledgerEntry(entry: EntryFacts): LedgerEntry {
  return { id: entryId(entry), ...entry };
}

/** A line on the bank statement: a payout that has arrived. */
export interface BankLine {
  readonly id: string;
  readonly ledgerId: string;
  readonly date: PlainDate;
  /** Signed as on the statement: plus is money in. */
  readonly amount: Amount;
  readonly currency: string;
  readonly text: string | null;
  /** The payout it settles (`<ledgerId>-<payoutNumber>`), where the matching is known. */
  readonly payoutReference: string | null;
}

/** An invoice from the provider: monthly fees, or a claim on a negative balance that the merchant paid. */
export interface ProviderDocument {
  readonly id: string;
  /** `fee-invoice`: fees billed. `top-up-invoice-paid`: the merchant paid the claim from the bank. */
  readonly kind: 'fee-invoice' | 'top-up-invoice-paid';
  readonly ledgerId: string;
  readonly date: PlainDate;
  /** Including VAT; positive for an invoice, negative for a credit note. */
  readonly amount: Amount;
  /** The VAT part as printed on the document. */
  readonly vatAmount: Amount;
  readonly currency: string;
  readonly number: string | null;
}

/** How far one account of a ledger date was read. */
export interface AccountRead {
  /** Whether the provider says that nothing more can come for this date. */
  readonly closed: boolean;
  /** The balance at the start of the date, where the reader knows it without entries. */
  readonly opening?: Amount;
}

/**
 * One ledger on one ledger date: what was read, closed or open, and the entries in any order. A date is bookable when
 * every account read is closed; an open date gives a preview only.
 */
export interface LedgerDate {
  /** The ledger that was asked for. */
  readonly ledgerId: string;
  readonly date: PlainDate;
  readonly currency: string;
  /** What the books call the provider that it comes from. */
  readonly profile?: SourceProfile;
  /**
   * The accounts read. `fees` is absent when only funds were read: then `fees-retained` is the cost. `accrued` fees come
   * from the rows themselves (v1 and files, one fee beside each sale), not from the provider's own fees account.
   */
  readonly accounts: {
    readonly funds: AccountRead;
    readonly fees?: AccountRead & { readonly accrued?: boolean };
  };
  readonly entries: readonly LedgerEntry[];
  readonly bankLines?: readonly BankLine[];
  readonly documents?: readonly ProviderDocument[];
  /** What the reader noticed. */
  readonly findings?: readonly Finding[];
}

/** Whether every account read is closed. */
export function isClosed(date: LedgerDate): boolean {
  return date.accounts.funds.closed && (date.accounts.fees?.closed ?? true);
}

/** The type of an entry, by the name the provider gives it today. */
export function currentType({ type, renamedTo }: LedgerEntry): string {
  return renamedTo ?? type;
}
