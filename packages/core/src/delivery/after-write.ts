import { BilagError, isBilagError } from '../errors.ts';
import type { Posted, Receipt } from '../contracts/service.ts';
import { viewDigest } from './view-digest.ts';
import { keyDate } from '../voucher/voucher-key.ts';

/**
 * Runs what comes after the target said yes. Whatever goes wrong there is an `unknown-outcome`: it may never look as if
 * nothing had been written.
 *
 * @example
 * ```ts
 * import { afterWrite } from '@bilag/core';
 *
 * await afterWrite('POST /vouchers', async () => 'voucher 17'); // => 'voucher 17'
 * ```
 */
export async function afterWrite<Result>(where: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const why = isBilagError(error) ? error.what : 'it was interrupted';
    throw new BilagError(
      'unknown-outcome',
      { what: `it was taken, but could not be read back: ${why}`, where, action: 'look it up; do not send it again' },
      { cause: error },
    );
  }
}

/** The receipt of what was read back from the target. */
export function receiptOf(held: Posted, outcome: Receipt['outcome']): Receipt {
  const { id, number } = held;
  return { outcome, id, digest: viewDigest(held), ...(number === undefined ? {} : { number }) };
}

/**
 * Whether a text of the target has the form of a reference of ours. By its form alone: other programs fill the same field.
 *
 * @example
 * ```ts
 * import { isReference } from '@bilag/core';
 *
 * isReference('302321-P20221001.J.R2'); // => true
 * isReference('KVITTERING - 04.05.2026'); // => false
 * ```
 */
export function isReference(text: string | null | undefined): boolean {
  return /^[A-Z0-9][A-Z0-9.-]{0,34}$/.test(text ?? '') && keyDate(text ?? '') !== undefined;
}
