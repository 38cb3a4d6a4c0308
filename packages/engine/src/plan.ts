import type { BookedDate, Finding, PlainDate, Voucher } from '@bilag/core';
import type { DeliveryRow, DeliveryStore } from './delivery-store.ts';

/** What would happen to one voucher. */
export interface PlanItem {
  /**
   * - `new`: to be posted.
   * - `unchanged`: in the books as it should be, or as it was booked by an earlier policy.
   * - `changed`: other facts than those posted: to be reversed and booked again under the next revision.
   * - `missing`: posted, and no longer among what should be in the books.
   * - `blocked`: cannot be posted as things are.
   */
  readonly change: 'new' | 'unchanged' | 'changed' | 'missing' | 'blocked';
  readonly key: string;
  readonly date: PlainDate;
  /** Why, in one sentence; empty where the change says it all. */
  readonly why: string;
  /** What should be in the books, with the revision it would be posted under; null for `missing`. */
  readonly voucher: Voucher | null;
  /** What the log says was posted, or is under way, under this key. */
  readonly posted: DeliveryRow | null;
}

/** What {@link apply} would do. Plain data: it may be shown, kept as JSON and compared. */
export interface Plan {
  readonly companyId: string;
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly items: readonly PlanItem[];
  readonly counts: Readonly<Record<PlanItem['change'], number>>;
  readonly findings: readonly Finding[];
}

/** What a plan is made of. */
export interface PlanSource {
  readonly companyId: string;
  readonly store: Pick<DeliveryStore, 'rows' | 'holdersOf'>;
  /** The period, by posting date. */
  readonly from: PlainDate;
  readonly to: PlainDate;
  /** What `book()` gives, from the cut-over on. Open dates are left out, dates with errors become `blocked`. */
  readonly dates: AsyncIterable<BookedDate> | Iterable<BookedDate>;
  /** What the target says is closed, see `ServiceChart`. */
  readonly lockedThrough?: PlainDate;
  /** Also book again what only the policy changed: same facts, other accounts, texts aside. False by default. */
  readonly rebook?: boolean;
}

/** Compares what should be in the books with what the log says was posted. Writes nothing. */
export async function plan(source: PlanSource): Promise<Plan> {
  const { companyId, from, to } = source;
  const counts = { new: 0, unchanged: 0, changed: 0, missing: 0, blocked: 0 };
  return { companyId, from, to, items: [], counts, findings: [] };
}
