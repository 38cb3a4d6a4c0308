import type { Voucher } from '@bilag/core';

/** What the kinds of voucher are called: "journal type (bilagsart) should always be used on all transactions". */
export const voucherTypes: Readonly<
  Record<Voucher['document'], { readonly id: string; readonly description: string }>
> = {
  sale: { id: 'SALE', description: 'Sales voucher' },
  journal: { id: 'JOURNAL', description: 'Journal voucher' },
};

/** The AnalysisType that holds the kind of voucher before 1.30, which has fields for it. */
export const voucherTypeAnalysis = 'BILAGSART';
