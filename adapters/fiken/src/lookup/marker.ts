import { isPlainDate, type PlainDate } from '@bilag/core';

/**
 * A text that carries a reference so that it can be found again: `[302321-20221001.J] Vipps MobilePay 302321`. It is cut to
 * the longest Fiken takes, and never in the middle of a character.
 */
export function markedText(reference: string | undefined, text: string, longest: number): string {
  const plain = text.normalize('NFC').replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
  const whole = reference === undefined ? plain : `[${reference}] ${plain}`;
  let cut = '';
  for (const character of whole) {
    if (cut.length + character.length > longest) break;
    cut += character;
  }
  return cut.trim();
}

/**
 * Whether a text carries exactly this reference. People may write around it and take the brackets away; a longer reference
 * that begins or ends with it is another one.
 */
export function carriesReference(text: string, reference: string): boolean {
  const literal = reference.replaceAll(/[.-]/g, String.raw`\$&`);
  return new RegExp(`(?<![A-Z0-9.-])${literal}(?![A-Z0-9-]|\\.[A-Z0-9])`).test(text);
}

/** The first text that looks like a reference of ours: a ledger, a hyphen, and a date, a payout's date or a month. */
export function referenceIn(text: string): string | undefined {
  return /(?<![A-Z0-9.-])[A-Z0-9][A-Z0-9.-]{0,10}-(?:P?\d{8}|M\d{6})(?!\d)(?:[.-][A-Z0-9]+)*/.exec(text)?.[0];
}

/** The first day a voucher with this reference can have been posted: none is before its ledger date. */
export function earliestPosting(reference: string): PlainDate | undefined {
  const [, year = '', month = '', day = '01'] = /-[PM]?(\d{4})(\d{2})(\d{2})?(?:[.]|-[A-Z]|$)/.exec(reference) ?? [];
  const text = `${year}-${month}-${day}`;
  return isPlainDate(text) ? text : undefined;
}
