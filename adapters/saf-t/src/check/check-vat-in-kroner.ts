import type { CheckState } from './check-state.ts';
import { absolute, toOre } from './decimal.ts';
import { childOf, textOf, type Node } from '../xml/node.ts';

/**
 * Rule 11 for books in another currency: VAT stands in kroner too, from 1.40 on (bokføringsloven § 4-2), on its own side, and its
 * base at the same rate.
 */
export function checkVatInKroner(
  node: Node,
  tax: bigint,
  where: string,
  header: { readonly currency: string; readonly version: string },
  state: CheckState,
): void {
  const sides = ['Debit', 'Credit'] as const;
  const side = sides.find((one) => childOf(node, `${one}NOKTaxAmount`) !== undefined);
  if (side === undefined) {
    if (header.currency === 'NOK' || header.version !== '1.40' || tax === 0n) return;
    const action = 'write DebitNOKTaxAmount or CreditNOKTaxAmount, by the rate of the day';
    state.report(11, 'warning', where, `the VAT is in ${header.currency} and not in kroner too`, action);
    return;
  }
  const kroner = childOf(node, `${side}NOKTaxAmount`);
  const inOre = state.amount(textOf(kroner, 'NOKAmount'), `${where}/${side}NOKTaxAmount`, false);
  if (childOf(node, `${side}TaxAmount`) === undefined && tax !== 0n) {
    const action = 'write it on the side of the VAT';
    state.report(11, 'error', where, `the VAT in kroner is a ${side.toLowerCase()}, and the VAT is not`, action);
  }
  const [base, baseInOre] = [toOre(textOf(node, 'TaxBase') ?? ''), toOre(textOf(kroner, 'NOKTaxBase') ?? '')];
  if (inOre === undefined || base === undefined || baseInOre === undefined || isOneRate(tax, inOre, base, baseInOre))
    return;
  const message = 'the VAT in kroner and its base in kroner are at different rates';
  state.report(11, 'warning', where, message, 'see whether NOKAmount or NOKTaxBase is wrong');
}

/** Whether two pairs of amounts are in one proportion, each rounded by an øre. */
function isOneRate(tax: bigint, taxInOre: bigint, base: bigint, baseInOre: bigint): boolean {
  const [one, other] = [absolute(taxInOre * base), absolute(baseInOre * tax)];
  return absolute(one - other) <= absolute(tax) + absolute(taxInOre) + absolute(base) + absolute(baseInOre);
}
