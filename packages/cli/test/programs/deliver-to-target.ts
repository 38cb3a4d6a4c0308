/**
 * Applies and undoes against a simulated accounting system as it is told over its channel, until it is killed. Waits are
 * virtual; the log, the turns, the network and the kill are real.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { businessCentral } from '@bilag/business-central';
import { plainDate, type Service, type ServiceAdapter } from '@bilag/core';
import { eAccounting } from '@bilag/eaccounting';
import { economic } from '@bilag/economic';
import { apply, createTurnstile, openDeliveryLog, plan, undo, type DeliveryResult } from '@bilag/engine';
import { fiken } from '@bilag/fiken';
import { fortnox } from '@bilag/fortnox';
import { tripletex } from '@bilag/tripletex';
import { unimicro } from '@bilag/unimicro';
import { xero } from '@bilag/xero';
import { bookedDays, markets, type TargetName, type Task, type Told } from '../crash-task.ts';

const adapters: Readonly<Record<TargetName, unknown>> = {
  'business-central': businessCentral,
  eaccounting: eAccounting,
  economic,
  fiken,
  fortnox,
  tripletex,
  unimicro,
  xero,
};
const inWrite = new AsyncLocalStorage<boolean>();
const say = (told: Told): void => void process.send?.(told);

process.on('message', (message: Task | 'go') => {
  if (message === 'go') return;
  serve(message).catch((error: unknown) => {
    const { kind = 'fault', stack = '' } = error as Error & { readonly kind?: string };
    say({ says: 'done', now: message.now, steps: 0, ends: [], asked: [], error: { kind, message: stack } });
  });
});
say({ says: 'ready' });

async function serve(task: Task): Promise<void> {
  let now = task.now;
  let steps = 0;
  const writes = { underWay: 0 };
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      // Virtual time stands still while a write is under way, but for what waits inside it. A write may itself wait for a
      // look-up that sleeps here (what both ask for is asked once), so it does not stand still for ever.
      const until = performance.now() + 250;
      while (writes.underWay > 0 && inWrite.getStore() !== true && performance.now() < until) {
        await new Promise(setImmediate);
      }
      now += ms;
    },
    signal: new AbortController().signal,
  };
  const adapter = adapters[task.target] as ServiceAdapter;
  const turnstile = createTurnstile({ folder: task.turnFolder, limits: adapter.limits, clock });
  const checked = await adapter.config['~standard'].validate(task.config);
  if (checked.issues !== undefined) throw new Error(JSON.stringify(checked.issues));
  const connected: Service = adapter.connect(checked.value, {
    ...clock,
    random: () => 0.5,
    // What is renewed is renewed by the stage, so that nothing has to be kept.
    credentials: {
      get: async () => task.secrets,
      put: async () => undefined,
      exclusively: (_reference, work) => work(),
    },
    turn: (credential, work) =>
      turnstile.turn(credential, async () => {
        say({ says: 'turn', now });
        await once(process, 'message');
        return work();
      }),
  });
  const write = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    writes.underWay += 1;
    return inWrite.run(true, work).finally(() => (writes.underWay -= 1));
  };
  const store = await openDeliveryLog(task.logPath);
  const onStep = (): void => {
    if (steps === task.dieAtStep) process.kill(process.pid, 'SIGKILL');
    steps += 1;
  };
  const { find, list, reverse } = connected;
  const service: Service = {
    identify: () => connected.identify(),
    chart: () => connected.chart(),
    post: (voucher, reference, beforeWrite) => write(() => connected.post(voucher, reference, beforeWrite)),
    ...(find && { find: find.bind(connected) }),
    ...(list && { list: list.bind(connected) }),
    ...(reverse && {
      reverse: (id, date, reference, beforeWrite) =>
        write(() => reverse.call(connected, id, date, reference, beforeWrite)),
    }),
  };
  // The faults keep to what the target declares, so it is trusted; nobody is there to be asked.
  const rules = { whenNotFound: 'send-again' } as const;
  const context = { companyId: 'kaffebaren', store, adapter, service, clock, onStep, rules };
  const year = { from: plainDate('2026-01-01'), to: plainDate('2026-12-31') };
  const results: DeliveryResult[] = [];
  try {
    if (task.days.length > 0) {
      const made = await plan({
        companyId: 'kaffebaren',
        store,
        ...year,
        dates: bookedDays(task.days, adapter, markets[task.target]),
      });
      results.push(await apply(made, context, { mostReversals: 10 }));
    }
    if (task.undoes) results.push(await undo(year, context, { confirm: () => true }));
  } finally {
    await connected.close?.();
    turnstile.close();
    await store.close();
  }
  const asked = results.flatMap(({ outcomes }) =>
    outcomes.flatMap(({ reference, asksPerson, state, problem }) =>
      asksPerson || ['conflict', 'rejected', 'blocked'].includes(state)
        ? [`${reference} ${state} ${problem?.what}`]
        : [],
    ),
  );
  say({ says: 'done', now, steps, ends: results.map(({ end }) => end), asked });
}
