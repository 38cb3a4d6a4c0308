import { linesOf, voucherReference, type VatView, type Voucher } from '@bilag/core';
import type { ReadVoucher } from '../../../files/file-subject.ts';
import { mustEqual } from '../../../law.ts';
import { sumsOf } from '../../sums.ts';

/** The same vouchers, each once, in the book's order. */
export function mustHoldTheVouchers(read: readonly ReadVoucher[], vouchers: readonly Voucher[]): void {
  mustEqual(
    read.map(({ reference }) => reference),
    vouchers.map((voucher) => voucherReference(voucher)),
    'the vouchers in the file',
  );
}

/** The same vouchers in order, with the sums per account of the adapter's view. */
export function mustReadAsBooked(read: readonly ReadVoucher[], vouchers: readonly Voucher[], view: VatView): void {
  mustHoldTheVouchers(read, vouchers);
  for (const [place, voucher] of vouchers.entries()) {
    const found = read[place];
    const name = voucherReference(voucher);
    mustEqual(sumsOf(found?.lines ?? []), sumsOf(linesOf(voucher, view)), `the accounts of ${name} in the file`);
    if (found?.currency !== undefined) mustEqual(found.currency, voucher.currency, `the currency of ${name}`);
  }
}

/** The same vouchers in order, dated as booked. */
export function mustHoldTheDates(read: readonly ReadVoucher[], vouchers: readonly Voucher[]): void {
  mustHoldTheVouchers(read, vouchers);
  for (const [place, voucher] of vouchers.entries()) {
    mustEqual(read[place]?.date, voucher.date, `the date of ${voucherReference(voucher)} in the file`);
  }
}
