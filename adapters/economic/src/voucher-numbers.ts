import { createHash } from 'node:crypto';
import { keyDate } from '@bilag/core';

/** The numbers that vouchers of ours can have: year, month and day, and three digits. */
export const ownNumbers = { from: 200_101_000, to: 991_231_999 } as const;

/**
 * The voucher numbers that a reference may stand under, in the order they are taken: its date, and three digits made of its text.
 * All but always it is the first; the others are for references of one date that come to the same digits.
 */
export function numbersOf(reference: string): readonly number[] {
  const date = keyDate(reference)?.slice(2).replaceAll('-', '') ?? '991231';
  const digest = createHash('sha256').update(reference).digest();
  const digits = [0, 2, 4, 6, 8].map((at) => digest.readUInt16BE(at) % 1000);
  return [...new Set(digits)].map((three) => Number(date) * 1000 + three);
}
