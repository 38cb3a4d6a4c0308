import { randomUUID } from 'node:crypto';
import { deliveryRules, isBilagError, type DeliveryProblem, type DeliveryRules, type Finding } from '@bilag/core';
import type { DeliveryContext } from './delivery-run.ts';
import type { DeliveryRow, Lease, RunRow } from '../log/delivery-store.ts';
import { createSlots, type Slots } from '../turns/slots.ts';

/** One run for one company: its lease, its rules, and whether it goes on. */
export interface DeliverySession {
  readonly context: DeliveryContext;
  readonly run: string;
  readonly rules: DeliveryRules;
  readonly slots: Slots;
  readonly findings: Finding[];
  /** Why nothing more is begun. */
  readonly stoppedBy: () => DeliveryProblem | null;
  readonly stop: (problem: DeliveryProblem) => void;
  /** Makes rows durable. */
  readonly save: (name: string, rows: readonly DeliveryRow[]) => Promise<void>;
  /** Makes a request to the target. */
  readonly request: <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;
  readonly renewLease: () => Promise<void>;
  /** Waits, keeping the lease. */
  readonly sleepUntil: (time: number) => Promise<void>;
}

/** Takes the lease, makes sure that the target is the company it was, runs the work, and lets go. */
export async function inSession<Result>(
  context: DeliveryContext,
  kind: RunRow['kind'],
  work: (session: DeliverySession) => Promise<Result>,
): Promise<Result> {
  const { store, companyId, clock, adapter, service, leaseMs = 60_000, requestTimeoutMs = 60_000 } = context;
  const holder = context.holder ?? `process ${process.pid}`;
  const step = async <Value>(name: string, action: () => Promise<Value>): Promise<Value> => {
    await context.onStep?.(`before ${name}`);
    const value = await action();
    await context.onStep?.(`after ${name}`);
    return value;
  };
  let lease = await step('take lease', () =>
    store.takeLease(companyId, { holder, now: clock.now(), leaseMs, requestTimeoutMs }),
  );
  try {
    const identity = await step('identify', () => service.identify());
    await step('pin', () => store.pinTarget(lease, { adapterId: adapter.id, targetCompanyId: identity.id }));
    const run: RunRow = { companyId, id: newRunId(clock.now()), kind, startedAt: clock.now(), endedAt: null };
    await step('save run', () => store.saveRun(lease, run));
    const session = createSession(context, run.id, step, {
      get: () => lease,
      renew: async () => void (lease = await store.renewLease(lease, clock.now(), leaseMs)),
      leaseMs,
    });
    const result = await work(session);
    await step('end run', () => store.saveRun(lease, { ...run, endedAt: clock.now() }));
    return result;
  } finally {
    await store.releaseLease(lease);
  }
}

interface LeaseKeeper {
  readonly get: () => Lease;
  readonly renew: () => Promise<void>;
  readonly leaseMs: number;
}

type Step = <Value>(name: string, action: () => Promise<Value>) => Promise<Value>;

function createSession(context: DeliveryContext, run: string, step: Step, keeper: LeaseKeeper): DeliverySession {
  const { adapter, service, clock, store } = context;
  let stoppedBy: DeliveryProblem | null = null;
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
    stoppedBy: () => stoppedBy,
    stop: (problem) => void (stoppedBy ??= problem),
    save: (name, rows) => step(name, () => store.save(keeper.get(), rows)),
    request: (name, work) => step(name, work),
    renewLease: () => step('renew lease', keeper.renew),
    sleepUntil: async (time) => {
      while (clock.now() < time) {
        await clock.sleep(Math.min(time - clock.now(), keeper.leaseMs / 3), clock.signal);
        await step('renew lease', keeper.renew);
      }
    },
  };
}

/** Sorts by time, so that the log reads in order. */
function newRunId(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z-${randomUUID().slice(0, 8)}`;
}

/** What went wrong, as the log keeps it. What is not ours is a fault in an adapter: its message may hold anything. */
export function problemOf(error: unknown, where: string): DeliveryProblem {
  if (isBilagError(error)) return { kind: error.kind, what: error.what, where: error.where, now: error.now };
  const name = error instanceof Error ? error.name : typeof error;
  return {
    kind: 'unknown-outcome',
    what: `the adapter failed (${name})`,
    where,
    now: 'report it to the author of the adapter; the voucher is looked up before anything is sent again',
  };
}

/** How long the target asked us to wait, where the error says it. */
export function retryAfterOf(error: unknown): { readonly retryAfterMs?: number } {
  const wait = error instanceof Error && 'retryAfterMs' in error ? error.retryAfterMs : undefined;
  return typeof wait === 'number' ? { retryAfterMs: wait } : {};
}
