import type { PayoutHabits, SourceProfile } from '@bilag/core';

/** What the books call Vipps MobilePay. */
export const vippsProfile: SourceProfile & { readonly payouts: Record<'NO' | 'DK' | 'FI', PayoutHabits> } = {
  provider: 'Vipps MobilePay',
  series: 'VIPPS',
  payouts: {
    // Sent on the third day, with the day of the sales as the first: Monday's money comes on Wednesday (settlement guide).
    // Three texts have been in use, newest first; the oldest two are read in statements of earlier years.
    NO: {
      bankDays: 2,
      texts: ['Utb. {number} Vippsnr {unit}', 'Utbet. {number} Vippsnr {unit}', 'Vipps utbet. {number} Vippsnr {unit}'],
    },
    // Sent on the second day. The merchant may configure the text; of the default one the last digit is a check digit.
    DK: { bankDays: 1, texts: ['{unit8}001{ddmmyy}'] },
    FI: { bankDays: 1, texts: ['{unit8}001{ddmmyy}'] },
  },
};

/** The names that entry types had before: in v1, and in the beta of 2023 (Report API changelog). */
const formerTypes: ReadonlyMap<string, string> = new Map([
  ['payout', 'payout-scheduled'],
  ['scheduled-for-payout', 'payout-scheduled'],
]);

/** What a type is called today, where it has another name by now. */
export function currentNameOf(received: string): string | undefined {
  return formerTypes.get(received);
}

/** The type of an entry as received, and what it is called today. */
export function typeOf(received: string): { readonly type: string; readonly renamedTo?: string } {
  const renamedTo = currentNameOf(received);
  return renamedTo === undefined ? { type: received } : { type: received, renamedTo };
}
