import { exactNumber, formatAmount, parseAmount, type Amount } from '@bilag/core';

/** A JSON number as it stood in the text: no float is made of it. */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  valueOf(): number {
    return Number(this.text);
  }
}

/** Reads JSON in UTF-8 and keeps every number as its text. Throws `SyntaxError` or `TypeError`. */
export function parseWithNumberTexts(body: Uint8Array): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body), withNumberTexts);
}

function withNumberTexts(this: unknown, _key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value;
}

/** The minor units of a JSON number with at most two decimals; undefined for anything else. */
export function minorUnitsOf(value: unknown): Amount | undefined {
  if (!(value instanceof NumberText) || !/^-?\d{1,13}(?:\.\d\d?0*)?$/.test(value.text)) return undefined;
  return parseAmount(value.text);
}

/** An amount as a JSON number in major units, such as `-125.5`. Never through a float. */
export function majorUnitsOf(value: Amount): unknown {
  return exactNumber(formatAmount(value).replace(/\.?0+$/, ''));
}
