import { amount, subtract, type Amount } from './amount.ts';

/**
 * The VAT contained in a gross amount, half away from zero, so that a refund mirrors its sale:
 * `gross × rate / (100 % + rate)`. Rates are basis points (2500 is 25 %, 2550 is 25.5 %).
 *
 * @example
 * ```ts
 * import { amount, containedVat } from '@bilag/core';
 *
 * containedVat(amount(900), 2500); // => 180
 * containedVat(amount(-14), 1200); // => -2
 * ```
 */
export function containedVat(gross: Amount, rateBasisPoints: number): Amount {
  return proportion(gross, rateBasisPoints, 10_000 + rateBasisPoints);
}

/** The VAT on top of a net amount, half away from zero: reverse charge, where the invoice carries none. */
export function addedVat(net: Amount, rateBasisPoints: number): Amount {
  return proportion(net, rateBasisPoints, 10_000);
}

/** The net part of a gross amount: what is left when the contained VAT is taken out, never rounded on its own. */
export function netOf(gross: Amount, rateBasisPoints: number): Amount {
  return subtract(gross, containedVat(gross, rateBasisPoints));
}

/** The gross amount that contains just this VAT: `containedVat` turned round. */
export function grossOf(vat: Amount, rateBasisPoints: number): Amount {
  return proportion(vat, 10_000 + rateBasisPoints, rateBasisPoints);
}

/** value × numerator ÷ denominator in whole minor units, half away from zero, exactly. */
function proportion(value: Amount, numerator: number, denominator: number): Amount {
  const doubled = 2 * Math.abs(value) * numerator;
  const magnitude = Number.isSafeInteger(doubled + denominator)
    ? wholeQuotient(doubled + denominator, 2 * denominator)
    : Number((BigInt(Math.abs(value)) * BigInt(2 * numerator) + BigInt(denominator)) / BigInt(2 * denominator));
  return amount(value < 0 ? -magnitude : magnitude);
}

function wholeQuotient(dividend: number, divisor: number): number {
  return (dividend - (dividend % divisor)) / divisor;
}
