import { BilagError } from '@bilag/core';
import type { Lease, LeaseRequest } from './delivery-store.ts';

/** Clocks of machines that keep the time differ by less. */
export const clockSkewMs = 60_000;

/** No lease is longer: one that claims more was written by a clock that is wrong. */
const longestLeaseMs = 600_000;

/**
 * Throws when a company that is held may not be taken: `busy` while its holder may be at work, `conflict` where the lease is
 * from the future, so that one of two clocks is wrong. A dead process whose clock was ahead would lock the company for as long
 * as that; a person ends its lease (`endLease`). For stores, inside the transaction that takes the lease.
 */
export function refuseHeldLease(held: Lease, { now, requestTimeoutMs, leaseMs }: LeaseRequest, where: string): void {
  const { holder, companyId, since, expiresAt } = held;
  if (since > now + clockSkewMs || expiresAt > now + Math.max(leaseMs, longestLeaseMs) + clockSkewMs) {
    throw new BilagError('conflict', {
      what: `the lease of ${holder} is from the future: it began at ${momentOf(since)} and ends at ${momentOf(expiresAt)}, and it is ${momentOf(now)} here, so that one of the two clocks is wrong`,
      where: `${companyId}, ${where}`,
      action: `set the clocks right; if ${holder} is dead, end its lease (bilag status --end-lease). Nothing was sent`,
    });
  }
  // After a crash the last request of the holder may still be under way.
  const freeAt = expiresAt + requestTimeoutMs;
  if (now >= freeAt) return;
  throw new BusyLease(held, { now, freeAt }, where);
}

/** Somebody else delivers for the company. */
export class BusyLease extends BilagError {
  /** When the company is free, unless its holder goes on. Milliseconds since the epoch. */
  readonly freeAt: number;
  /** The same, from now. */
  readonly retryAfterMs: number;

  constructor(
    { holder, companyId, since }: Lease,
    { now, freeAt }: { readonly now: number; readonly freeAt: number },
    where: string,
  ) {
    super('busy', {
      what: `${holder} is delivering for ${companyId} since ${momentOf(since)}`,
      where,
      action: `wait until it is done; if it has died, its lease ends by itself at ${momentOf(freeAt)}, in ${Math.ceil((freeAt - now) / 1000)} seconds (bilag apply --wait waits for it)`,
    });
    this.freeAt = freeAt;
    this.retryAfterMs = freeAt - now;
  }
}

function momentOf(ms: number): string {
  return new Date(ms).toISOString();
}
