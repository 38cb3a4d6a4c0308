import { randomUUID } from 'node:crypto';
import {
  BilagError,
  deliveryRules,
  isBilagError,
  plainDate,
  refuseFarLock,
  type BeforeWrite,
  type DeliveryProblem,
  type DeliveryRules,
  type Finding,
  type PlainDate,
} from '@bilag/core';
import type { DeliveryContext } from '../delivery/delivery-run.ts';
import { hasRow } from '../planning/log-reading.ts';
import type { DeliveryRow, KeptFinding, Lease, RunRow } from '../log/delivery-store.ts';
import { createSlots, type Slots } from '../turns/slots.ts';
import { BusyLease } from '../log/lease-rules.ts';

/** One run for one company: its lease, its rules, and whether it goes on. */
export interface DeliverySession {
  readonly context: DeliveryContext;
  readonly run: string;
  readonly rules: DeliveryRules;
  readonly slots: Slots;
  readonly findings: Finding[];
  /** Nothing is dated on or before it: the later of what the target and the policy close. */
  readonly lockedThrough: PlainDate | undefined;
  /** Why nothing more is begun. */
  readonly stoppedBy: () => DeliveryProblem | null;
  readonly stop: (problem: DeliveryProblem) => void;
  /** Makes rows durable. */
  readonly save: (name: string, rows: readonly DeliveryRow[]) => Promise<void>;
  /** Keeps what was found of these references, in the place of all that was. */
  readonly keep: (references: readonly string[], findings?: readonly KeptFinding[]) => Promise<void>;
  /** Makes a request to the target. */
  readonly request: <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;
  /** Renews the lease for as long as a request may take; throws when another process has taken over. */
  readonly fence: BeforeWrite;
  /** Whether the adapter was seen to ask before it writes, in this run or an earlier one. */
  readonly adapterAsks: () => Promise<boolean>;
  readonly noteAsked: () => void;
  /** Renews the lease where it is due: for work that reads for long. */
  readonly keepLease: () => Promise<void>;
  /** The target was looked through; see `DeliveryStore.markWhole`. */
  readonly markWhole: () => Promise<void>;
  /** Waits, keeping the lease, and says why where it is given. */
  readonly sleepUntil: (time: number, why?: string) => Promise<void>;
}

/** Takes the lease, makes sure that the target is the company it was, runs the work, and lets go. */
export async function inSession<Result>(
  context: DeliveryContext,
  kind: RunRow['kind'],
  work: (session: DeliverySession) => Promise<Result>,
  lockedThrough?: PlainDate,
): Promise<Result> {
  refuseFarLock(lockedThrough, dateOf(context.clock.now()), context.companyId);
  const { store, companyId, clock, adapter, service, leaseMs = 60_000 } = context;
  const step = async <Value>(name: string, action: () => Promise<Value>): Promise<Value> => {
    await context.onStep?.(`before ${name}`);
    const value = await action();
    await context.onStep?.(`after ${name}`);
    return value;
  };
  let lease = await step('take lease', () => leaseWhenFree(context, leaseMs));
  let run: RunRow | undefined;
  try {
    if (kind !== 'rebuild' && kind !== 'verify') await refuseForgetful(context);
    const identity = await step('identify', () => service.identify());
    await step('pin', () => store.pinTarget(lease, { adapterId: adapter.id, targetCompanyId: identity.id }));
    const startedAt = await startOf(context);
    const begun: RunRow = { companyId, id: newRunId(startedAt), kind, startedAt, endedAt: null };
    await step('save run', () => store.saveRun(lease, begun));
    run = begun;
    // What is under way when several writes are made at once must all lie inside of the lease.
    let writesEndAt = 0;
    const session = createSession(context, run.id, lockedThrough, step, {
      get: () => lease,
      renew: async (longestMs = 0) => {
        const now = clock.now();
        writesEndAt = Math.max(writesEndAt, now + longestMs);
        lease = await store.renewLease(lease, now, Math.max(leaseMs, writesEndAt - now));
      },
      leaseMs,
    });
    return await work(session);
  } finally {
    await endRun(context, lease, run, step);
  }
}

/** After the run before it, also where the clock was put back: the log tells by that what came later. */
async function startOf({ store, companyId, clock }: DeliveryContext): Promise<number> {
  const [last] = await store.runs(companyId, { most: 1 });
  return Math.max(clock.now(), last === undefined ? 0 : last.startedAt + 1);
}

/** Also a run that failed has ended. Why it did is what the caller must hear, not that the log could not be told. */
async function endRun(
  { store, clock }: DeliveryContext,
  lease: Lease,
  run: RunRow | undefined,
  step: Step,
): Promise<void> {
  try {
    if (run !== undefined) {
      const endedAt = Math.max(run.startedAt, clock.now());
      await step('end run', () => store.saveRun(lease, { ...run, endedAt }));
    }
  } catch (error) {
    if (!isBilagError(error)) throw error;
  }
  await store.releaseLease(lease).catch((error: unknown) => {
    // A lease that cannot be given back ends by itself.
    if (!isBilagError(error)) throw error;
  });
}

/** Takes the lease, or waits for whoever has it, as long as the caller wants to. */
async function leaseWhenFree(context: DeliveryContext, leaseMs: number): Promise<Lease> {
  const { store, companyId, clock, requestTimeoutMs = 60_000, waitForLeaseMs = 0 } = context;
  const holder = context.holder ?? `process ${process.pid}`;
  const until = clock.now() + waitForLeaseMs;
  for (;;) {
    try {
      return await store.takeLease(companyId, { holder, now: clock.now(), leaseMs, requestTimeoutMs });
    } catch (error) {
      if (!(error instanceof BusyLease) || clock.now() >= until) throw error;
      context.onWait?.({ until: error.freeAt, why: error.what });
      // Its holder may be done sooner.
      const next = Math.min(error.freeAt, clock.now() + lookAgainMs, until);
      await clock.sleep(Math.max(1, next - clock.now()), clock.signal);
    }
  }
}

const lookAgainMs = 5_000;

/** A log that has forgotten deliveries would send them again. */
async function refuseForgetful({ store, companyId, adapter }: DeliveryContext): Promise<void> {
  const past = await store.pastOf(companyId);
  if (past?.is !== 'forgetful') return;
  throw new BilagError('conflict', {
    what: 'more was delivered than the log knows: it was lost, exchanged or restored from an older backup',
    where: `${companyId}, ${store.where}`,
    action: `put the log back as it was, or rebuild it from ${adapter.id} (bilag rebuild); nothing was sent`,
  });
}

interface LeaseKeeper {
  readonly get: () => Lease;
  readonly renew: (longestMs?: number) => Promise<void>;
  readonly leaseMs: number;
}

type Step = <Value>(name: string, action: () => Promise<Value>) => Promise<Value>;

function createSession(
  context: DeliveryContext,
  run: string,
  lockedThrough: PlainDate | undefined,
  step: Step,
  keeper: LeaseKeeper,
): DeliverySession {
  const { adapter, service, clock, store } = context;
  let stoppedBy: DeliveryProblem | null = null;
  let hasAsked = false;
  return {
    context,
    run,
    rules: deliveryRules(
      adapter.dedupe,
      { canFind: service.find !== undefined },
      { requestTimeoutMs: context.requestTimeoutMs ?? 60_000, ...context.rules },
    ),
    slots: createSlots(adapter.limits.concurrency),
    findings: [],
    lockedThrough,
    stoppedBy: () => stoppedBy,
    stop: (problem) => void (stoppedBy ??= problem),
    save: (name, rows) => step(name, () => store.save(keeper.get(), rows)),
    keep: (references, findings = []) =>
      step('keep findings', () => store.saveFindings(keeper.get(), references, findings)),
    request: (name, work) => step(name, work),
    fence: (longestMs) => step('renew lease', () => keeper.renew(longestMs)),
    adapterAsks: async () => (hasAsked ||= await hasRow(context, ({ delivery }) => delivery.attempts > 0)),
    noteAsked: () => void (hasAsked = true),
    keepLease: async () => {
      const isDue = clock.now() > keeper.get().expiresAt - (2 * keeper.leaseMs) / 3;
      if (isDue) await step('renew lease', keeper.renew);
    },
    markWhole: () => step('mark whole', () => store.markWhole(keeper.get())),
    sleepUntil: async (time, why) => {
      if (why !== undefined && clock.now() < time) context.onWait?.({ until: time, why });
      while (clock.now() < time) {
        await clock.sleep(Math.min(time - clock.now(), keeper.leaseMs / 3), clock.signal);
        await step('renew lease', () => keeper.renew());
      }
    },
  };
}

function dateOf(now: number): PlainDate {
  return plainDate(new Date(now).toISOString().slice(0, 10));
}

/** Sorts by time, so that the log reads in order. */
function newRunId(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z-${randomUUID().slice(0, 8)}`;
}

/** What went wrong, as the log keeps it. What is not ours is a fault in an adapter: its message may hold anything. */
export function problemOf(error: unknown, where: string): DeliveryProblem {
  if (isBilagError(error)) return { kind: error.kind, what: error.what, where: error.where, action: error.action };
  const name = error instanceof Error ? error.name : typeof error;
  return {
    kind: 'unknown-outcome',
    what: `the adapter failed (${name})`,
    where,
    action: 'report it to the author of the adapter; the voucher is looked up before anything is sent again',
  };
}

/** How long the target asked us to wait, where the error says it. */
export function retryAfterOf(error: unknown): { readonly retryAfterMs?: number } {
  const wait = error instanceof Error && 'retryAfterMs' in error ? error.retryAfterMs : undefined;
  return typeof wait === 'number' ? { retryAfterMs: wait } : {};
}
