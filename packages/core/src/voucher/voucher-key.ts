import { hash } from 'node:crypto';
import { isPlainDate, type PlainDate } from '../money/plain-date.ts';

/**
 * The key of a voucher: `<ledger>-<date>` with an optional `.<part>`, at most 31 characters of `[A-Z0-9.-]`, so that it
 * and its revision fit SAF-T's ReferenceNumber (35). A pure function of its arguments; no customer text is in it.
 */
export function voucherKey(ledgerId: string, stem: string, part: string): string {
  return `${ledgerCode(ledgerId)}-${stem}${part === '' ? '' : `.${part}`}`;
}

/** The stem of a voucher of one ledger date. */
export function dateStem(date: PlainDate): string {
  return date.replaceAll('-', '');
}

/** The stem of a voucher that ends with a payout on this date: a date pays out at most once, as its last entry. */
export function payoutStem(date: PlainDate): string {
  return `P${dateStem(date)}`;
}

/** The stem of what a month leaves behind after its last payout. */
export function monthStem(date: PlainDate): string {
  return `M${date.slice(0, 4)}${date.slice(5, 7)}`;
}

/**
 * The date in a key or a reference, the first of the month where it has a month alone; undefined where there is none. The
 * voucher stands on it, or later where a locked period moved it: where a target is searched by date, a search begins here.
 *
 * @example
 * ```ts
 * import { keyDate } from '@bilag/core';
 *
 * keyDate('302321-P20221001.J.R2'); // => '2022-10-01'
 * ```
 */
export function keyDate(reference: string): PlainDate | undefined {
  const [, year, month, day = '01'] = /-[PM]?(\d{4})(\d{2})(\d{2})?(?:\.[^-]*)?$/.exec(reference) ?? [];
  const date = `${year}-${month}-${day}`;
  return isPlainDate(date) ? date : undefined;
}

/** A short name for anything, of at most nine characters: 5 bits each, from the start of its SHA-256. */
export function shortHash(text: string, length: number): string {
  // Of 48 bits, the first of which stand highest: a text is made quicker than a buffer.
  let rest = Number.parseInt(hash('sha256', text).slice(0, 12), 16);
  let result = '';
  while (result.length < length) {
    const digit = Math.floor(rest / 2 ** 43);
    result += alphabet[digit];
    rest = (rest % 2 ** 43) * 32;
  }
  return result;
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Ledger ids are five or six digits; names and longer ids become a stable short code, told apart by its point. */
function ledgerCode(ledgerId: string): string {
  if (/^[A-Z0-9][A-Z0-9-]{0,9}$/.test(ledgerId)) return ledgerId;
  const start = ledgerId
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')
    .slice(0, 3);
  return `${start === '' ? 'L' : start}.${shortHash(ledgerId, 6)}`;
}
