import { BilagError, type PlainDate } from '@bilag/core';
import type { AttachmentSource, DeliveryContext, DeliveryResult } from './delivery-run.ts';
import type { Plan } from './plan.ts';

export interface ApplyOptions {
  /** The most vouchers that may be reversed and booked again; more throws `blocked` before anything is sent. 0 by default. */
  readonly mostReversals?: number;
  /** The operator has chosen: what the target holds on the clearing account is not the same revenue. */
  readonly revenueIsOurs?: boolean;
  /** What the target says is closed: reversals of a closed date are posted on the day after. */
  readonly lockedThrough?: PlainDate;
  readonly attachment?: AttachmentSource;
}

/** Posts a plan. */
export async function apply(plan: Plan, context: DeliveryContext, options: ApplyOptions = {}): Promise<DeliveryResult> {
  throw new BilagError('unsupported', {
    what: `${options.mostReversals ?? 0}`,
    where: plan.companyId,
    now: context.companyId,
  });
}
