import { BilagError, type Finding, type PlainDate } from '@bilag/core';
import type { DeliveryContext } from './delivery-run.ts';

export interface Verification {
  /** Posted vouchers that were read back. */
  readonly checked: number;
  readonly findings: readonly Finding[];
}

/** Reads posted vouchers back and reports those that a person edited, deleted or doubled. Writes nothing. */
export async function verify(
  range: { readonly from: PlainDate; readonly to: PlainDate },
  context: Pick<DeliveryContext, 'companyId' | 'store' | 'adapter' | 'service'>,
): Promise<Verification> {
  throw new BilagError('unsupported', { what: range.from, where: range.to, now: context.companyId });
}
