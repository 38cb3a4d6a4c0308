import { decimalsOf, isBilagError, parseAmount, type Amount } from '@bilag/core';

/** Whether what a person typed is the amount: with or without the thousands apart, with a comma or a point, with any minus. */
export function isTyped(text: string, amount: Amount, currency: string): boolean {
  const decimals = decimalsOf(currency);
  const digits = text.replaceAll(/[\s\u00a0\u202f']/g, '').replace('\u2212', '-');
  // The last mark is the decimal one where as many digits follow as the currency has; what stands before it keeps thousands apart.
  const [, whole = digits, fraction = ''] = new RegExp(`^(.*)[.,](\\d{${decimals}})$`).exec(digits) ?? [];
  const plain = whole.replaceAll(/[.,](?=\d{3}(?:[.,]|$))/g, '');
  try {
    return parseAmount(fraction === '' ? plain : `${plain}.${fraction}`, decimals) === amount;
  } catch (error) {
    if (isBilagError(error)) return false;
    throw error;
  }
}
