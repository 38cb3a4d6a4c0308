import { amount, formatAmount } from '@bilag/core';

/**
 * The standard tax codes of Skatteetaten's list (`Standard_Tax_Codes`, 30 codes; read 2026-11-21). `NA` is what a code
 * gets that fits none of them.
 */
export const standardTaxCodes: ReadonlySet<string> = new Set(
  '0 1 11 12 13 14 15 20 21 22 3 31 32 33 5 51 52 6 7 81 82 83 84 85 86 87 88 89 91 92'.split(' '),
);

/** Whether a value may stand in StandardTaxCode (1.30: `[0-9anAN]{1,2}`). */
export function isStandardTaxCode(value: string): boolean {
  return value === 'NA' || standardTaxCodes.has(value);
}

/** Basis points as a percentage without needless zeros: 2500 is `25`, 1111 is `11.11`. */
export function percentageOf(rateBasisPoints: number): string {
  return formatAmount(amount(rateBasisPoints)).replace(/\.?0+$/, '');
}
