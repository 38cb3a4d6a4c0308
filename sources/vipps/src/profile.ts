import type { SourceProfile } from '@bilag/core';

/** What the books call Vipps MobilePay. */
export const vippsProfile: SourceProfile = { provider: 'Vipps MobilePay', series: 'VIPPS' };

/** The names that entry types had before: in v1, and in the beta of 2023 (Report API changelog). */
const formerTypes: ReadonlyMap<string, string> = new Map([
  ['payout', 'payout-scheduled'],
  ['scheduled-for-payout', 'payout-scheduled'],
]);

/** The type of an entry as received, and what it is called today. */
export function typeOf(received: string): { readonly type: string; readonly renamedTo?: string } {
  const renamedTo = formerTypes.get(received);
  return renamedTo === undefined ? { type: received } : { type: received, renamedTo };
}
