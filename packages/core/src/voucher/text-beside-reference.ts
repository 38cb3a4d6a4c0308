import type { Voucher } from './voucher.ts';

/**
 * A voucher's text for a field that shows its reference too: ledger and date are left out where the reference tells them.
 *
 * @example
 * ```ts
 * import { plainDate, textBesideReference } from '@bilag/core';
 *
 * const voucher = { description: 'Vipps MobilePay 302321, 2022-10-01', ledgerId: '302321', ledgerDate: plainDate('2022-10-01') };
 * textBesideReference(voucher, '302321-20221001'); // => 'Vipps MobilePay'
 * textBesideReference(voucher, '302321-P20221003'); // => 'Vipps MobilePay 302321, 2022-10-01'
 * ```
 */
export function textBesideReference(
  { description, ledgerId, ledgerDate }: Pick<Voucher, 'description' | 'ledgerId' | 'ledgerDate'>,
  reference: string,
): string {
  const isTold = reference.startsWith(`${ledgerId}-${ledgerDate.replaceAll('-', '')}`);
  return isTold ? description.replace(` ${ledgerId}, ${ledgerDate}`, '') : description;
}
