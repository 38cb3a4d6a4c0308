import { exactNumber, formatAmount, parseAmount, type Amount } from '@bilag/core';
import { NumberText } from '@bilag/fault-server';

/** The minor units of a JSON number with at most two decimals; undefined for anything else. */
export function minorUnitsOf(value: unknown): Amount | undefined {
  if (!(value instanceof NumberText) || !/^-?\d{1,13}(?:\.\d\d?0*)?$/.test(value.text)) return undefined;
  return parseAmount(value.text);
}

/** An amount as a JSON number in major units, such as `-125.5`. Never through a float. */
export function majorUnitsOf(value: Amount): unknown {
  return exactNumber(formatAmount(value).replace(/\.?0+$/, ''));
}
