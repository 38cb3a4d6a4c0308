import { normaliseSalesUnit } from '@bilag/core';

/**
 * A recipient handle as the name of a sales unit, in the form that policies and entries have; empty and missing mean none.
 *
 * @example
 * ```ts
 * import { normaliseRecipientHandle } from '@bilag/vipps';
 *
 * normaliseRecipientHandle('nor:57860'); // => 'NO:57860'
 * normaliseRecipientHandle('API:123455'); // => 'api:123455'
 * normaliseRecipientHandle(''); // => null
 * ```
 */
export function normaliseRecipientHandle(handle: string | null | undefined): string | null {
  return normaliseSalesUnit(handle ?? '') || null;
}
