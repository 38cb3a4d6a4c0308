import { named } from '../named.ts';
import { BilagError } from '../errors.ts';

declare const amountBrand: unique symbol;

/**
 * A whole number of minor units (øre, cent), signed. Its currency sits on the ledger and the voucher.
 * Made by {@link amount} or {@link parseAmount}; plain JSON; never a fraction, never beyond what a number holds exactly.
 */
export type Amount = number & { readonly [amountBrand]: 'Amount' };

/**
 * Makes an amount of a whole number of minor units. Throws on fractions, NaN and numbers that are not exact; −0 becomes 0.
 *
 * @example
 * ```ts
 * import { amount } from '@bilag/core';
 *
 * amount(789); // => 789
 * ```
 */
export function amount(minorUnits: number): Amount {
  if (!Number.isSafeInteger(minorUnits)) {
    throw new BilagError('rejected', {
      what: `${minorUnits} is not a whole number of minor units`,
      where: 'amount()',
      action: 'give an integer such as 789 for 7.89, or parse the decimal text with parseAmount()',
    });
  }
  return (minorUnits === 0 ? 0 : minorUnits) as Amount;
}

/** Nothing, as an amount. */
export const zero: Amount = amount(0);

/** How many decimals a currency has (ISO 4217); 2 for every currency Vipps MobilePay settles in. */
export function decimalsOf(currency: string): number {
  return named(currencyDecimals, currency) ?? 2;
}

const currencyDecimals: Readonly<Record<string, number>> = { ISK: 0, JPY: 0, KRW: 0, CLP: 0, BHD: 3, KWD: 3, TND: 3 };

/**
 * Reads decimal text in major units, exactly: no float is involved. Accepts a sign and a decimal point; refuses more
 * decimals than the currency has (unless they are zeros), exponents, thousands separators and decimal commas.
 *
 * @example
 * ```ts
 * import { parseAmount } from '@bilag/core';
 *
 * parseAmount('7.89'); // => 789
 * parseAmount('-6'); // => -600
 * ```
 */
export function parseAmount(text: string, decimals = 2): Amount {
  const match = decimalText.exec(text);
  if (match === null) throw notADecimal(text, decimals);
  const [, sign, whole = '', fraction = ''] = match;
  const kept = fraction.slice(0, decimals).padEnd(decimals, '0');
  if (/[1-9]/.test(fraction.slice(decimals))) throw notADecimal(text, decimals);
  const magnitude = Number(whole + kept);
  return amount(sign === '-' ? -magnitude : magnitude);
}

const decimalText = /^([+-]?)(\d+)(?:\.(\d+))?$/;

function notADecimal(text: string, decimals: number): BilagError {
  return new BilagError('rejected', {
    what: `"${text.slice(0, 40)}" is not an amount with at most ${decimals} decimals`,
    where: 'parseAmount()',
    action: 'give decimal text in major units with a point, such as -1234.50',
  });
}

/**
 * Shows an amount in major units with all its decimals and a point: the form files and APIs take.
 *
 * @example
 * ```ts
 * import { amount, formatAmount } from '@bilag/core';
 *
 * formatAmount(amount(-5)); // => '-0.05'
 * ```
 */
export function formatAmount(value: Amount, decimals = 2): string {
  const negative = value < 0;
  const digits = String(negative ? -value : value);
  const sign = negative ? '-' : '';
  if (decimals === 0) return sign + digits;
  if (digits.length <= decimals) return `${sign}0.${digits.padStart(decimals, '0')}`;
  const point = digits.length - decimals;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** a + b, exactly or not at all. */
export function add(a: Amount, b: Amount): Amount {
  return amount(a + b);
}

/** a − b, exactly or not at all. */
export function subtract(a: Amount, b: Amount): Amount {
  return amount(a - b);
}

/** The amount with the other sign. */
export function negate(value: Amount): Amount {
  return amount(-value);
}

/** The sum of amounts, exactly or not at all. */
export function sum(values: Iterable<Amount>): Amount {
  let total = 0;
  for (const value of values) total = add(total as Amount, value);
  return total as Amount;
}
