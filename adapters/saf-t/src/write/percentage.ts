import { amount, formatAmount } from '@bilag/core';

/** Basis points as a percentage without needless zeros: 2500 is `25`, 1111 is `11.11`. */
export function percentageOf(rateBasisPoints: number): string {
  return formatAmount(amount(rateBasisPoints)).replace(/\.?0+$/, '');
}
