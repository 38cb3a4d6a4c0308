import { createHash } from 'node:crypto';

/** What the document numbers of our vouchers begin with, so that they can be listed: Business Central filters by it. */
export const ownPrefix = 'BI';

/**
 * The document number that a voucher stands under, made of its reference: it is what the ledger can be searched by. Twenty
 * characters at most, so that a longer reference ends in a few made of all of it.
 */
export function documentNumberOf(reference: string): string {
  const whole = ownPrefix + reference;
  if (whole.length <= longest) return whole;
  const digest = createHash('sha256').update(reference).digest('hex').slice(0, 7).toUpperCase();
  return `${whole.slice(0, longest - digest.length - 1)}-${digest}`;
}

const longest = 20;
