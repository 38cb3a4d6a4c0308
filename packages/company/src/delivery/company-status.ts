import { BilagError, type DeliveryState, type PlainDate } from '@bilag/core';
import {
  heldVouchers,
  type DeliveryRow,
  type DeliveryStore,
  type KeptFinding,
  type Lease,
  type LogPast,
  type PinnedTarget,
  type RowHead,
  type RunRow,
} from '@bilag/engine';
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
  readonly writes: LogWrites;
  /** What is held until it is released. */
  readonly held: readonly DeliveryRow[];
  /** What no further run settles by itself. */
  readonly waiting: readonly DeliveryRow[];
  /** A run without an end is running, or was cut off. */
  readonly runs: readonly (RunRow & { readonly isRunning: boolean })[];
  /** What `verify` found, and nobody has settled. */
  readonly findings: readonly KeptFinding[];
}

/** What a log holds, counted as it comes: the vouchers of years need not fit into memory. */
export interface LogWrites {
  readonly count: number;
  readonly states: Readonly<Partial<Record<DeliveryState, number>>>;
  /** How many each run was the last to touch. */
  readonly byRun: ReadonlyMap<string, number>;
  readonly first: PlainDate | undefined;
  readonly last: PlainDate | undefined;
}

/** Reads archive and log, offline. Throws `conflict` where the log is of another target than the one that is named. */
export async function statusOf(company: Company, target: string | undefined, now: number): Promise<CompanyStatus> {
  const log = await withLog(company, async (store) => logStatusOf(company, store, now));
  if (target !== undefined) await checkIsThis(company, target, log?.pinned);
  return { ledgers: await ledgerProgress(company), log };
}

async function logStatusOf({ id }: Company, store: DeliveryStore, now: number): Promise<LogStatus> {
  const [pinned, leased, past, waiting, runs, findings] = await Promise.all([
    store.pinnedTarget(id),
    store.leaseOf(id),
    store.pastOf(id),
    store.rows(id, { states: ['conflict', 'blocked', 'rejected', 'unknown-outcome'] }),
    store.runs(id),
    store.findings(id),
  ]);
  const lease = leased && { ...leased, state: leaseState(leased, now, store.where) };
  const { writes, heldKeys } = await countWrites(store.heads(id));
  return {
    pinned,
    lease,
    past,
    writes,
    held: heldVouchers(await store.rows(id, { keys: [...heldKeys] })),
    waiting,
    runs: runs.map((run) => ({ ...run, isRunning: isRunning(run, lease, lease?.state) })),
    findings,
  };
}

async function countWrites(
  heads: AsyncIterable<RowHead>,
): Promise<{ readonly writes: LogWrites; readonly heldKeys: ReadonlySet<string> }> {
  const states: Partial<Record<DeliveryState, number>> = {};
  const byRun = new Map<string, number>();
  const heldKeys = new Set<string>();
  let count = 0;
  let first: PlainDate | undefined;
  let last: PlainDate | undefined;
  for await (const { key, date, run, isHeld, delivery } of heads) {
    count += 1;
    states[delivery.state] = (states[delivery.state] ?? 0) + 1;
    byRun.set(run, (byRun.get(run) ?? 0) + 1);
    if (isHeld) heldKeys.add(key);
    first ??= date;
    last = date;
  }
  return { writes: { count, states, byRun, first, last }, heldKeys };
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

/** Every write of a log, with its voucher, in the order of their dates; none before the company was connected. */
export async function writesOf(company: Company): Promise<readonly DeliveryRow[]> {
  return (await withLog(company, async (store) => store.rows(company.id))) ?? [];
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
