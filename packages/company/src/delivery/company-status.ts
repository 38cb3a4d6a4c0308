import { BilagError } from '@bilag/core';
import type { DeliveryRow, DeliveryStore, KeptFinding, Lease, LogPast, PinnedTarget, RunRow } from '@bilag/engine';
import type { Company } from '../config/company.ts';
import { loadServiceTarget } from '../config/load-adapter.ts';
import { ledgerProgress, type LedgerProgress } from '../fetch/ledger-progress.ts';
import { withLog } from './delivery-connection.ts';
import { isRunning, leaseState, type LeaseState } from './lease-state.ts';

/** How far a company is. */
export interface CompanyStatus {
  /** How far each ledger is in the archive. */
  readonly ledgers: readonly LedgerProgress[];
  /** What the delivery log says; undefined before the company was connected. */
  readonly log: LogStatus | undefined;
}

/** What a delivery log says of a company. */
export interface LogStatus {
  readonly pinned: PinnedTarget | undefined;
  /** Who posts now, or did last, and what that means for who comes now. */
  readonly lease: (Lease & { readonly state: LeaseState }) | undefined;
  readonly past: LogPast | undefined;
  readonly rows: readonly DeliveryRow[];
  /** A run without an end is running, or was cut off. */
  readonly runs: readonly (RunRow & { readonly isRunning: boolean })[];
  /** What `verify` found, and nobody has settled. */
  readonly findings: readonly KeptFinding[];
}

/** Reads archive and log, offline. Throws `conflict` where the log is of another target than the one that is named. */
export async function statusOf(company: Company, target: string | undefined, now: number): Promise<CompanyStatus> {
  const log = await withLog(company, async (store) => logStatusOf(company, store, now));
  if (target !== undefined) await checkIsThis(company, target, log?.pinned);
  return { ledgers: await ledgerProgress(company), log };
}

async function logStatusOf({ id }: Company, store: DeliveryStore, now: number): Promise<LogStatus> {
  const [pinned, held, past, rows, runs, findings] = await Promise.all([
    store.pinnedTarget(id),
    store.leaseOf(id),
    store.pastOf(id),
    store.rows(id),
    store.runs(id),
    store.findings(id),
  ]);
  const lease = held && { ...held, state: leaseState(held, now, store.where) };
  return {
    pinned,
    lease,
    past,
    rows,
    runs: runs.map((run) => ({ ...run, isRunning: isRunning(run, lease, lease?.state) })),
    findings,
  };
}

async function checkIsThis(company: Company, name: string, pinned: PinnedTarget | undefined): Promise<void> {
  const { adapter } = await loadServiceTarget(company, name);
  if (pinned === undefined || pinned.adapterId === adapter.id) return;
  throw new BilagError('conflict', {
    what: `the log is of ${pinned.adapterId}, and ${name} is ${adapter.id}`,
    where: `${company.stores.placesOf(company).delivery}, company ${company.id}`,
    action: 'name the target the company is connected to',
  });
}

/** Ends a lease from the future. Any other ends by itself and is waited for: its holder may be at work. */
export async function endFutureLease(company: Company, now: number): Promise<void> {
  await withLog(company, async (store) => {
    const lease = await store.leaseOf(company.id);
    const state = lease && leaseState(lease, now, store.where);
    if (lease !== undefined && state?.is === 'from-the-future') return store.endLease(lease, now);
    const freeAt = state !== undefined && 'freeAt' in state ? new Date(state.freeAt).toISOString() : undefined;
    const ends = freeAt === undefined ? '' : `, and ends by itself at ${freeAt}`;
    throw new BilagError('conflict', {
      what: lease === undefined ? 'nobody has a lease' : `the lease of ${lease.holder} is not from the future${ends}`,
      where: `company ${company.id}`,
      action: 'run bilag apply, with --wait where somebody is at work; nothing was changed',
    });
  });
}
