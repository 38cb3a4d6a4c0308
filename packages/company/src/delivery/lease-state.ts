import { isBilagError } from '@bilag/core';
import { BusyLease, refuseHeldLease, type Lease, type RunRow } from '@bilag/engine';
import { requestTimeoutMs } from '../target/local-target.ts';

/** What a lease means to who comes now. */
export type LeaseState =
  | { readonly is: 'held' | 'ending'; readonly freeAt: number }
  | { readonly is: 'over' }
  | { readonly is: 'from-the-future'; readonly why: string };

/** `held`: its holder may be at work. `ending`: it did not go on, and its last request may still be under way. */
export function leaseState(lease: Lease, now: number, where: string): LeaseState {
  try {
    refuseHeldLease(lease, { holder: '', now, leaseMs: 0, requestTimeoutMs }, where);
    return { is: 'over' };
  } catch (error) {
    if (error instanceof BusyLease) return { is: now < lease.expiresAt ? 'held' : 'ending', freeAt: error.freeAt };
    if (isBilagError(error)) return { is: 'from-the-future', why: error.what };
    throw error;
  }
}

/** Whether a run without an end goes on: the last one, begun under a lease that is held. Any other was cut off. */
export function isRunning(run: RunRow, lease: Lease | undefined, state: LeaseState | undefined): boolean {
  return run.endedAt === null && state?.is === 'held' && lease !== undefined && run.startedAt >= lease.since;
}
