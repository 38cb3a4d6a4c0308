import type { Posted } from '@bilag/core';

/** Whether it is a voucher, and not the target's own reversal of one, which carries the reference of what it reverses. */
export function isVoucher({ reverses }: Posted): boolean {
  return reverses === undefined;
}
