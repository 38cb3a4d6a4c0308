import {
  BilagError,
  isPlainDate,
  parseAmount,
  payoutNumber,
  voucherReference,
  type Amount,
  type LedgerEntry,
  type PlainDate,
  type Voucher,
} from '@bilag/core';

/** What somebody wants explained. */
export type Asked =
  | { readonly by: 'date'; readonly date: PlainDate }
  | { readonly by: 'amount'; readonly amount: Amount }
  | { readonly by: 'reference'; readonly reference: string };

/** Reads what was asked: a date, an amount with its decimals, else a reference. */
export function askedOf(text: string): Asked {
  const plain = text.trim();
  if (isPlainDate(plain)) return { by: 'date', date: plain };
  const compact = plain
    .replaceAll(/[\s\u00a0]/g, '')
    .replace('\u2212', '-')
    .replace(',', '.');
  if (/^-?\d+\.\d{2}$/.test(compact)) return { by: 'amount', amount: parseAmount(compact) };
  if (plain !== '') return { by: 'reference', reference: plain };
  throw new BilagError('config', {
    what: 'nothing was asked',
    where: 'bilag explain',
    action: 'give a reference (302321-20260115, 2000045, an order), an amount (1572.00) or a date (2026-01-15)',
  });
}

export function isAskedEntry(asked: Asked, entry: LedgerEntry): boolean {
  if (asked.by === 'date') return false;
  if (asked.by === 'amount') return Math.abs(entry.amount) === Math.abs(asked.amount);
  const { reference } = asked;
  return (
    entry.pspReference === reference ||
    entry.reference === reference ||
    (entry.pspReference !== null && payoutNumber(entry.ledgerId, entry.pspReference) === reference)
  );
}

export function isAskedVoucher(asked: Asked, voucher: Voucher, alsoCalled: ReadonlySet<string>): boolean {
  if (asked.by === 'date') return voucher.date === asked.date || voucher.ledgerDate === asked.date;
  if (asked.by === 'amount') return voucher.lines.some(({ amount }) => Math.abs(amount) === Math.abs(asked.amount));
  const { key } = voucher;
  return key === asked.reference || voucherReference(voucher) === asked.reference || alsoCalled.has(key);
}
