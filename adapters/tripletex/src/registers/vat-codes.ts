import type { BookVatCode } from '@bilag/core';

/** What a VAT code does to the amount it stands on. */
export interface VatCodeRule {
  readonly kind: BookVatCode['kind'];
  /** Contained in the gross amount, or on top of it for reverse charge. 2500 is 25 %. */
  readonly rateBasisPoints: number;
}

/**
 * The codes vouchers may carry, by number. Tripletex's own percentage is not a rate to compute with: it is 100 where the
 * VAT itself is posted, and negative for reverse charge. So a code is either here, or refused.
 */
export const vatCodeRules: ReadonlyMap<string, VatCodeRule> = new Map<string, VatCodeRule>([
  ['1', { kind: 'input', rateBasisPoints: 2500 }],
  ['11', { kind: 'input', rateBasisPoints: 1500 }],
  ['12', { kind: 'input', rateBasisPoints: 1111 }],
  ['13', { kind: 'input', rateBasisPoints: 1200 }],
  ['3', { kind: 'output', rateBasisPoints: 2500 }],
  ['31', { kind: 'output', rateBasisPoints: 1500 }],
  ['32', { kind: 'output', rateBasisPoints: 1111 }],
  ['33', { kind: 'output', rateBasisPoints: 1200 }],
  ['0', { kind: 'output', rateBasisPoints: 0 }],
  ['5', { kind: 'output', rateBasisPoints: 0 }],
  ['6', { kind: 'output', rateBasisPoints: 0 }],
  ['7', { kind: 'output', rateBasisPoints: 0 }],
  ['51', { kind: 'output', rateBasisPoints: 0 }],
  ['52', { kind: 'output', rateBasisPoints: 0 }],
  ['86', { kind: 'reverse-charge', rateBasisPoints: 2500 }],
  ['87', { kind: 'reverse-charge', rateBasisPoints: 2500 }],
  ['88', { kind: 'reverse-charge', rateBasisPoints: 1200 }],
  ['89', { kind: 'reverse-charge', rateBasisPoints: 1200 }],
]);

/** What a line without VAT carries: left out it would be the same, but only by chance. */
export const noVatCode = '0';
