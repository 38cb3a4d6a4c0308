import { join } from 'node:path';
import { plainDate, type BookedDate } from '@bilag/core';
import type { FaultServer } from '@bilag/fault-server';
import { openDeliveryLog, plan, type DeliveryContext, type DeliveryStore, type Plan } from '../src/index.ts';
import { connectFake, fakeAdapter } from './fake-adapter.ts';
import { startFakeBooks, type FakeBooks, type FakeKind } from './fake-books.ts';
import { temporaryFolder } from './run-program.ts';

/** A log, a fake target and a clock that sleeping moves on. */
export interface FakeRun extends AsyncDisposable {
  readonly store: DeliveryStore;
  readonly server: FaultServer<FakeBooks>;
  readonly books: FakeBooks;
  readonly clock: {
    now: () => number;
    sleep: (ms: number) => Promise<void>;
    signal: AbortSignal;
    pass(ms: number): void;
  };
  readonly steps: string[];
  readonly context: DeliveryContext;
  planOf(dates: readonly BookedDate[], change?: { rebook?: boolean; lockedThrough?: string }): Promise<Plan>;
}

export interface FakeRunOptions {
  readonly kind?: FakeKind;
  readonly concurrency?: number;
  readonly canReverse?: boolean;
}

export async function startFakeRun({
  kind = 'search',
  concurrency = 1,
  canReverse = true,
}: FakeRunOptions = {}): Promise<FakeRun> {
  const server = await startFakeBooks(kind);
  const store = await openDeliveryLog(join(temporaryFolder(), 'delivery.sqlite'));
  let time = Date.parse('2026-04-01T06:00:00Z');
  const steps: string[] = [];
  const clock = {
    now: () => time,
    sleep: async (ms: number) => void (time += ms),
    signal: new AbortController().signal,
    pass: (ms: number) => void (time += ms),
  };
  const service = connectFake({ url: server.url, kind, now: clock.now, timeoutMs: 1_000, canReverse });
  const context = {
    companyId: 'kaffebaren',
    store,
    // The faults keep to what the target declares, so it is trusted; nobody is there to be asked.
    rules: { whenNotFound: 'send-again' as const },
    adapter: fakeAdapter(kind, concurrency),
    service,
    clock,
    onStep: (name: string) => void steps.push(name),
  };
  return {
    store,
    server,
    books: server.backDoor,
    clock,
    steps,
    context,
    planOf: (dates, { rebook = false, lockedThrough } = {}) =>
      plan({
        companyId: context.companyId,
        store,
        from: plainDate('2026-01-01'),
        to: plainDate('2026-12-31'),
        dates,
        rebook,
        ...(lockedThrough === undefined ? {} : { lockedThrough: plainDate(lockedThrough) }),
      }),
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await store.close();
    },
  };
}
