import { BilagError } from '@bilag/core';
import type { Lease, PinnedTarget } from './delivery-store.ts';

/** The lease that a person would end is not the one that is there. */
export function otherLease(companyId: string, held: Lease | undefined): BilagError {
  return new BilagError('conflict', {
    what: `that lease of ${companyId} is over${held === undefined ? '' : `: ${held.holder} has another one now`}`,
    where: companyId,
    action: 'look at the status again; nothing was changed',
  });
}

/** Another process took the company over, or a person ended the lease: nothing more may be recorded under it. */
export function lostLease(lease: Lease, held: Lease | undefined): BilagError {
  return new BilagError('busy', {
    what: `the lease of ${lease.companyId} was lost${held === undefined ? '' : ` to ${held.holder}`}: this process was away for too long`,
    where: lease.holder,
    action: 'run again when the other is done; it looks up what this one sent',
  });
}

/** One log is of one company in one target: vouchers of another would be mixed into its books. */
export function otherTarget(companyId: string, pinned: PinnedTarget, target: PinnedTarget): BilagError {
  return new BilagError('conflict', {
    what: `${companyId} was delivered to company ${pinned.targetCompanyId} in ${pinned.adapterId}, and this is company ${target.targetCompanyId} in ${target.adapterId}`,
    where: companyId,
    action: 'give the credentials of the first, or begin a new log for the second; nothing was sent',
  });
}

/** A fact of the ledger is in one live voucher only, or it would be booked twice. */
export function factTaken(holder: string, reference: string): BilagError {
  return new BilagError('conflict', {
    what: `a fact of ${reference} is already booked by ${holder}`,
    where: `voucher ${reference}`,
    action: 'plan again: a fact is in one live voucher only; nothing was sent',
  });
}
