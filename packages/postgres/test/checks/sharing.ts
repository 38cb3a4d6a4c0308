import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { migratePostgres } from '../../src/index.ts';
import { checkNight, toldBy, type CheckSize, type Verdict } from './check.ts';

/** Machines whose clocks are an hour slow and an hour fast. */
export async function clocksApart(size: CheckSize): Promise<Verdict> {
  return checkNight(size, async (night) => {
    for (let count = 0; count < size.workers; count += 1) night.start({ hoursAhead: count % 2 === 0 ? -1 : 1 });
    return {};
  });
}

/** Fifty companies at once on two connections. */
export async function smallPool(size: CheckSize): Promise<Verdict> {
  return checkNight(size, async (night) => {
    for (let count = 0; count < size.workers; count += 1) night.start({ atOnce: 50, connections: 2 });
    return {};
  });
}

/** The night is put into the queue by several at the same time, and once more when it is under way. */
export async function twoEnqueuers(size: CheckSize): Promise<Verdict> {
  const goWrong: Parameters<typeof checkNight>[1] = async ({ many, start }) => {
    const enqueued = await Promise.all([many.enqueue(), many.enqueue(), many.enqueue()]);
    for (let count = 0; count < size.workers; count += 1) start();
    enqueued.push(await many.enqueue());
    const nights = new Set(enqueued.map(({ night }) => night.id)).size;
    return { nights, queued: enqueued.reduce((sum, { queued }) => sum + queued, 0) };
  };
  return checkNight(size, goWrong, { enqueues: false });
}

/** A company of which no worker can make anything ends among the dead, keeps no other, and is put back by hand. */
export async function poison(size: CheckSize): Promise<Verdict> {
  const ill = { poison: 'kafe-1' };
  return checkNight(size, async ({ many, start, workers }) => {
    await many.byHand('UPDATE queue SET retry_delay = 0, retry_backoff = false');
    await many.byHand('UPDATE job SET retry_delay = 0, retry_backoff = false');
    for (let count = 0; count < size.workers; count += 1) start({ ...ill, untilEmpty: true });
    await Promise.all(workers.map(({ ended }) => ended));
    const { dead } = await many.status();
    const othersDone = many.held().vouchers;
    const failed = toldBy(workers, 'failed');
    const redriven = await many.redrive();
    start();
    return { dead: dead.length, failed, othersDone, redriven };
  });
}

/** One merchant with much more than the others: they are done without waiting for it. */
export async function oneBig(
  size: CheckSize,
  big: { readonly dates: number; readonly entriesPerDay: number },
  compared = false,
): Promise<Verdict & { readonly without?: Verdict }> {
  const slice = { dates: Math.ceil(big.dates / 20), vouchers: Math.ceil(big.dates / 20) };
  const waits = (withBig: boolean): Promise<Verdict> => {
    return checkNight(
      size,
      async ({ many, start }) => {
        const since = performance.now();
        const doneAt = new Map<string, number>();
        for (let count = 0; count < size.workers; count += 1) {
          start({ slice }).child.on('message', ({ done }: { readonly done: readonly string[] }) => {
            for (const id of done) doneAt.set(id, performance.now() - since);
          });
        }
        await many.isDoneWithin(size.longestSeconds);
        const small = many.ids.slice(1).map((id) => doneAt.get(id) ?? Number.POSITIVE_INFINITY);
        const sorted = small.toSorted((a, b) => a - b);
        const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
        const last = sorted.at(-1) ?? 0;
        return { p99Ms: Math.round(p99), lastMs: Math.round(last), bigMs: Math.round(doneAt.get('kafe-0') ?? 0) };
      },
      withBig ? { big } : {},
    );
  };
  return compared ? { ...(await waits(true)), without: await waits(false) } : waits(true);
}

/** Requests of many processes with one credential; how many the target got within any second. */
export async function oneRateLimit(
  { server: { connectionString } }: Pick<CheckSize, 'server'>,
  asked: { readonly processes: number; readonly turns: number; readonly perSecond: number },
): Promise<{ readonly arrived: number; readonly mostInASecond: number; readonly seconds: number }> {
  const schema = `rate_${process.pid}`;
  await migratePostgres({ connectionString, schema });
  const arrivals: number[] = [];
  const target = createServer((_, reply) => {
    arrivals.push(performance.now());
    reply.end('{}');
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
  const program = join(import.meta.dirname, '../programs/take-turns.ts');
  const { processes, turns, perSecond } = asked;
  const given = [connectionString, schema, baseUrl, String(turns), String(perSecond)];
  const children = Array.from({ length: processes }, () =>
    fork(program, given, { execArgv: ['--conditions=@bilag/source', '--no-warnings'] }),
  );
  await Promise.all(children.map((child) => once(child, 'message')));
  for (const child of children) child.send('go');
  await Promise.all(children.map((child) => once(child, 'exit')));
  target.closeAllConnections();
  target.close();
  const inSecond = arrivals.map((from, index) => arrivals.slice(index).filter((at) => at < from + 1_000).length);
  const seconds = ((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)) / 1_000;
  return { arrived: arrivals.length, mostInASecond: Math.max(...inSecond), seconds };
}
