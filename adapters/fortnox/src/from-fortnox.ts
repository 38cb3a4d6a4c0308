import { isReference, negate, parseAmount, type Posted, type PostedLine } from '@bilag/core';
import type { VoucherHead, VoucherKey, VoucherReply } from './replies.ts';
import type { SieVoucher } from './sie-export.ts';
import { fortnoxCurrency } from './to-fortnox.ts';

/** Series, number and financial year: Fortnox' key of a voucher, and our id of it. */
export function idOf({ VoucherSeries, VoucherNumber, Year }: VoucherKey): string {
  return `${VoucherSeries}-${VoucherNumber}-${Year}`;
}

/** Reads an id that this adapter gave; undefined for any other text. */
export function keyIn(id: string): VoucherKey | undefined {
  const [, VoucherSeries = '', VoucherNumber = '', Year = ''] =
    /^([A-Za-z0-9]{1,10})-(\d{1,9})-(\d{1,9})$/.exec(id) ?? [];
  return VoucherSeries === '' ? undefined : { VoucherSeries, VoucherNumber, Year };
}

/** The reference that a voucher carries: in its comments, or as the first word of its text. Empty where there is none. */
export function referenceOf({ Comments, Description }: Pick<VoucherHead, 'Comments' | 'Description'>): string {
  const firstWords = [Comments, Description].map((text) => (text ?? '').trim().split(/\s/, 1)[0] ?? '');
  return firstWords.find(isReference) ?? '';
}

/** A voucher, read by itself. */
export function toPosted(held: VoucherReply): Posted {
  const lines = held.VoucherRows.filter(({ Removed }) => Removed !== true).map(
    ({ Account, Debit, Credit, CostCenter, Project }): PostedLine => ({
      account: Account,
      amount: Number(Credit) === 0 ? parseAmount(Debit) : negate(parseAmount(Credit)),
      ...dimensionsOf(CostCenter, Project),
    }),
  );
  return postedAs(held, referenceOf(held), held.Description ?? '', lines);
}

/** A voucher of a SIE file, which has its text and no comments. */
export function fromSie({ series, number, date, text, lines }: SieVoucher, year: string): Posted {
  const key = { VoucherSeries: series, VoucherNumber: number, Year: year, TransactionDate: date };
  return postedAs(key, referenceOf({ Description: text }), text, lines);
}

function postedAs(
  key: VoucherKey & Pick<VoucherHead, 'TransactionDate'>,
  reference: string,
  text: string,
  lines: readonly PostedLine[],
): Posted {
  return {
    id: idOf(key),
    reference,
    state: 'live',
    document: 'journal',
    date: key.TransactionDate,
    currency: fortnoxCurrency,
    lines,
    number: `${key.VoucherSeries}${key.VoucherNumber}`,
    description: text,
  };
}

function dimensionsOf(
  department: string | null | undefined,
  project: string | null | undefined,
): Pick<PostedLine, 'dimensions'> {
  const dimensions = { ...(department ? { department } : {}), ...(project ? { project } : {}) };
  return Object.keys(dimensions).length === 0 ? {} : { dimensions };
}
