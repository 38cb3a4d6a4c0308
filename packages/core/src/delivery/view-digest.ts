import { createHash } from 'node:crypto';
import { add, zero, type Amount } from '../money/amount.ts';
import type { PlainDate } from '../money/plain-date.ts';
import type { PostedLine, ServiceAdapter } from '../contracts/service.ts';
import { linesOf, type VatView, type Voucher } from '../voucher/voucher.ts';

/**
 * What a target should hold of a voucher, as a digest: sums per account, VAT code and dimensions in the target's own view,
 * so that it is the same however the target splits, merges or orders lines. A receipt carries the digest of what was read
 * back; the two are compared.
 *
 * @example
 * ```ts
 * import { amount, plainDate, viewDigest } from '@bilag/core';
 *
 * const date = plainDate('2026-03-02');
 * const once = [{ account: '1579', amount: amount(300) }, { account: '1920', amount: amount(-300) }];
 * const split = [{ account: '1579', amount: amount(100) }, { account: '1579', amount: amount(200) }, { account: '1920', amount: amount(-300) }];
 * viewDigest({ date, currency: 'NOK', lines: once }) === viewDigest({ date, currency: 'NOK', lines: split }); // => true
 * ```
 */
export function viewDigest(held: {
  readonly date: PlainDate;
  readonly currency: string;
  readonly lines: readonly PostedLine[];
}): string {
  const sums = new Map<string, Amount>();
  for (const { account, amount, vatCode = noVatTreatment, dimensions = {} } of held.lines) {
    const place = JSON.stringify([account, vatCode, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
    sums.set(place, add(sums.get(place) ?? zero, amount));
  }
  const lines = [...sums].filter(([, amount]) => amount !== 0).map(([place, amount]) => `${place} ${amount}`);
  return createHash('sha256')
    .update([held.date, held.currency, ...lines.sort()].join('\n'))
    .digest('hex');
}

/** The SAF-T standard code of a line without VAT. A target may put it on every such line, so it is the same as none. */
const noVatTreatment = '0';

/** What a service adapter declares of VAT. */
export type DeclaredVat = Pick<ServiceAdapter, 'vat' | 'vatCodes'>;

/** The lines of a voucher as a target with this view should hold them. */
export function expectedLines(voucher: Voucher, target: VatView | DeclaredVat): PostedLine[] {
  const { vat: view, vatCodes = 'kept' } = typeof target === 'string' ? { vat: target } : target;
  return linesOf(voucher, view).map(({ account, amount, vat, dimensions }) => ({
    account,
    amount,
    ...(vat === undefined || vatCodes === 'not-kept' ? {} : { vatCode: vat.code }),
    ...(dimensions === undefined ? {} : { dimensions }),
  }));
}

/** The {@link viewDigest} a voucher should have in a target with this view. */
export function expectedDigest(voucher: Voucher, target: VatView | DeclaredVat): string {
  return viewDigest({ ...voucher, lines: expectedLines(voucher, target) });
}
