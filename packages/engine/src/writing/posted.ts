import type { Posted } from '@bilag/core';

/** Whether it is a voucher, and not the target's own reversal of one, which carries the reference of what it reverses. */
export function isVoucher({ reverses }: Posted): boolean {
  return reverses === undefined;
}

/** Whether it is a voucher that counts in the books. */
export function isLiveVoucher(posted: Posted): boolean {
  return posted.state === 'live' && isVoucher(posted);
}
