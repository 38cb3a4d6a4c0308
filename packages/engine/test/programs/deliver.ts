/**
 * Applies and undoes as it is told over its channel, until it is killed or told to stop. One process serves many schedules: one
 * that is killed is replaced. Waits are virtual; the log, the network and the kill are real.
 */
import { plainDate } from '@bilag/core';
import { apply, openDeliveryLog, plan, undo, type DeliveryResult } from '../../src/index.ts';
import { connectFake, fakeAdapter } from '../fake-adapter.ts';
import { bookedDates, sampleVoucher } from '../sample-vouchers.ts';
import type { Told, Task } from '../crash-task.ts';

process.on('message', (task: Task) => {
  serve(task).then(
    (told) => process.send?.(told),
    (error: unknown) => {
      const { kind, message } = error as Error & { readonly kind?: string };
      process.send?.({ steps: 0, now: task.now, error: { kind: kind ?? 'fault', message } } satisfies Told);
    },
  );
});
process.send?.('ready');

async function serve(task: Task): Promise<Told> {
  let now = task.now;
  let steps = 0;
  const requests = { underWay: 0 };
  const names: string[] = [];
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      // Virtual time stands still while a request is under way: it lasts as long as it really does.
      while (requests.underWay > 0) await new Promise(setImmediate);
      now += ms;
    },
    signal: new AbortController().signal,
  };
  const store = await openDeliveryLog(task.logPath);
  const context = {
    companyId: 'kaffebaren',
    store,
    // The faults keep to what the target declares, so it is trusted; nobody is there to be asked.
    rules: { whenNotFound: 'send-again' as const },
    adapter: fakeAdapter(task.kind, task.concurrency),
    service: connectFake({
      url: task.url,
      kind: task.kind,
      now: () => now,
      timeoutMs: 1_000,
      canReverse: task.canReverse,
    }),
    clock,
    onStep: (name: string) => {
      names.push(name);
      if (steps === task.dieAtStep) process.kill(process.pid, 'SIGKILL');
      steps += 1;
    },
  };
  const { service } = context;
  const counted = async <Result>(work: Promise<Result>): Promise<Result> => {
    requests.underWay += 1;
    return work.finally(() => (requests.underWay -= 1));
  };
  Object.assign(service, {
    post: (
      (post) =>
      (...given: Parameters<typeof post>) =>
        counted(post(...given))
    )(service.post),
    ...(service.reverse && {
      reverse: (
        (reverse) =>
        (...given: Parameters<typeof reverse>) =>
          counted(reverse(...given))
      )(service.reverse),
    }),
  });
  const results: DeliveryResult[] = [];
  try {
    if (task.samples.length > 0) {
      const dates = bookedDates(task.samples.map(sampleVoucher));
      const [from, to] = [plainDate('2026-01-01'), plainDate('2026-12-31')];
      const made = await plan({ companyId: 'kaffebaren', store, from, to, dates });
      const attachment = task.attaches
        ? () => ({ name: 'source.csv', mediaType: 'text/csv', content: new Uint8Array() })
        : undefined;
      results.push(await apply(made, context, { mostReversals: 10, attachment }));
    }
    if (task.undoes) {
      const range = { from: plainDate('2026-01-01'), to: plainDate('2026-12-31') };
      results.push(await undo(range, context, { confirm: () => true }));
    }
  } finally {
    await store.close();
  }
  return {
    steps,
    now,
    names: task.wantsNames ? names : [],
    ends: results.map(({ end }) => end),
    asked: results.flatMap(askedIn),
  };
}

function askedIn({ outcomes }: DeliveryResult): string[] {
  return outcomes.flatMap(({ reference, asksPerson, state }) =>
    asksPerson || state === 'conflict' ? [`${reference} ${state}`] : [],
  );
}
