import { decimalsOf, formatAmount, type Amount } from '@bilag/core';

/** An amount for people: `-1 234 567.89`. */
export function toMoney(value: Amount, currency = 'NOK'): string {
  const decimal = formatAmount(value, decimalsOf(currency));
  const [whole = '', fraction] = decimal.split('.');
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ' ');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
