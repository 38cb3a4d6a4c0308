import { BilagError, type PlainDate } from '@bilag/core';
import type { DeliveryContext, DeliveryResult } from './delivery-run.ts';
import type { DeliveryRow } from './delivery-store.ts';

/** What to take back: everything a run posted, everything between two posting dates, or one voucher. */
export type UndoChoice =
  | { readonly run: string }
  | { readonly from: PlainDate; readonly to: PlainDate }
  | { readonly reference: string };

export interface UndoOptions {
  /** Asked once, with everything that would be reversed; nothing is sent unless it says yes. */
  readonly confirm: (rows: readonly DeliveryRow[]) => Promise<boolean> | boolean;
  /** What the target says is closed: reversals of a closed date are posted on the day after. */
  readonly lockedThrough?: PlainDate;
}

/** Reverses what was posted. */
export async function undo(
  choice: UndoChoice,
  context: DeliveryContext,
  options: UndoOptions,
): Promise<DeliveryResult> {
  await options.confirm([]);
  throw new BilagError('unsupported', { what: JSON.stringify(choice), where: '', now: context.companyId });
}
