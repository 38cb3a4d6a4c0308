import type { DeliveryStore } from '@bilag/engine';
import { Interrupted } from '../../program/interrupted.ts';
import type { World } from '../../world.ts';

/** What is told when a person stops a run that writes. */
export interface Interruptible {
  readonly store: DeliveryStore;
  readonly companyId: string;
  readonly kind: 'voucher' | 'reversal';
  /** `posted`, `reversed`. */
  readonly done: string;
  readonly total: number;
}

/** Runs what writes to a target. When it is stopped it says how far it came: nothing of that is taken back. */
export async function toldWhenStopped<Result>(
  { store, companyId, kind, done, total }: Interruptible,
  world: World,
  work: () => Promise<Result>,
): Promise<Result> {
  const begunAt = world.now().getTime();
  try {
    return await work();
  } catch (error) {
    if (!world.signal.aborted) throw error;
    const [run] = await store.runs(companyId, { most: 1 });
    let [written, open] = [0, 0];
    if (run !== undefined && run.startedAt >= begunAt) {
      for await (const head of store.heads(companyId, { run: run.id })) {
        if (head.kind !== kind) continue;
        const { state } = head.delivery;
        if (state === 'posted') written += 1;
        if (state === 'intended' || state === 'unknown-outcome') open += 1;
      }
    }
    const looked = open === 0 ? '' : ` (of ${open} more the outcome is not known yet: it is looked up first)`;
    throw new Interrupted(`${written} of ${total} ${done}; run again, and it goes on from there${looked}`);
  }
}
