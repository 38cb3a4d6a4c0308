/** A number that JSON is written with exactly as its text: see {@link exactNumber}. */
export interface ExactNumber {
  readonly rawJSON: string;
}

/**
 * A number for a JSON body, written as it stands: no float is made of it. Throws `SyntaxError` for what is no number.
 * Read them back with `parseJson(text, { numbers: 'text' })` of `@bilag/http`.
 *
 * @example
 * ```ts
 * import { amount, exactNumber, formatAmount } from '@bilag/core';
 *
 * JSON.stringify({ amount: exactNumber(formatAmount(amount(-12500))) }); // => '{"amount":-125.00}'
 * ```
 */
export function exactNumber(text: string): ExactNumber {
  return rawJSON(text);
}

/** In the engine since V8 11.4 (Node 21), not yet in the compiler's library. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => ExactNumber };
