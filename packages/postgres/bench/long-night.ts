/**
 * One night of many companies with workers being killed, on Linux, which tells each minute how far it is, what a company costs by then,
 * and what its workers hold in memory. It ends when all companies are done with, or after so many minutes: those that are left then are
 * in the queue, and are neither done nor lost.
 *
 *     node --max-old-space-size=16000 --conditions=@bilag/source packages/postgres/bench/long-night.ts
 *       [--companies 100000] [--workers 2] [--kill-seconds 30] [--minutes 600]
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Chance } from '../../../test/crash-schedules.ts';
import { ManyCompanies, type WorkerProcess } from '../test/many-companies.ts';
import { startPostgresServer } from '../test/postgres-server.ts';
import { ServerProcessor } from './server-processor.ts';

const { values } = parseArgs({
  options: {
    companies: { type: 'string', default: '100000' },
    workers: { type: 'string', default: '2' },
    'kill-seconds': { type: 'string', default: '30' },
    minutes: { type: 'string', default: '600' },
  },
});
const count = Number(values.companies);

using server = await startPostgresServer();
if (server === undefined) throw new Error('PostgreSQL is not installed: apt-get install postgresql');
const { connectionString } = server;
const processor = await ServerProcessor.of(connectionString);
const opening = performance.now();
await using many = await ManyCompanies.open({ connectionString, schema: 'long_night', count });
// Every hundredth answer of the books is lost.
many.loseAnswers(100);
const opened = performance.now();
const { queued } = await many.enqueue();
say(`opened in ${seconds(opening, opened)} s, ${queued} put into the queue in ${seconds(opened)} s`);

const since = performance.now();
const end = since + Number(values.minutes) * 60_000;
const started: WorkerProcess[] = [];
const chance = new Chance(1);
const killSeconds = Number(values['kill-seconds']);
let killed = 0;
/** The companies that killed workers were at, and since when; and the seconds until those were done with that others have done since. */
const waiting = new Map<string, number>();
const waited: number[] = [];
let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void (isStopped = true));
for (let place = 0; place < Number(values.workers); place += 1) started.push(many.start());

say(
  '| Minutes | Done | Vouchers | a minute | worker, ms a company | PostgreSQL, ms a company | workers after a collection, MB |',
);
say('|---|---|---|---|---|---|---|');
let before = figures(0);
let nextKill = performance.now() + killSeconds * 1_000;
let nextRow = since + 60_000;
for (;;) {
  await delay(1_000);
  await seeWhoIsDone();
  const left = (await many.left()) ?? count;
  const isOver = left === 0 || isStopped || performance.now() > end;
  if (isOver || performance.now() > nextRow) {
    const now = figures(count - left);
    const [done, minutes] = [now.done - before.done, (now.at - before.at) / 60_000];
    const each = (what: 'workerMs' | 'serverMs'): string => ((now[what] - before[what]) / Math.max(done, 1)).toFixed(1);
    const memory = running().map(({ told }) => Math.round((told.at(-1)?.rss ?? 0) / 1e6));
    const cells = [((now.at - since) / 60_000).toFixed(1), now.done, many.vouchers, Math.round(done / minutes)];
    say(`| ${[...cells, each('workerMs'), each('serverMs'), memory.join(' ')].join(' | ')} |`);
    before = now;
    nextRow += 60_000;
  }
  if (isOver) break;
  if (performance.now() < nextKill) continue;
  const victim = chance.pick(running());
  await victim.kill();
  for (const id of await many.heldBy(victim)) waiting.set(id, performance.now());
  killed += 1;
  started.push(many.start());
  nextKill = performance.now() + killSeconds * 1_000 * (0.5 + chance.below(1_000) / 1_000);
}

// Those that run end what they are at.
for (const worker of running()) worker.child.kill('SIGTERM');
await Promise.all(started.map(({ ended }) => ended));
const rows = await many.byHand(
  `SELECT (SELECT count(*) FROM night_company) AS left,
     ARRAY(SELECT company_id FROM company_state WHERE asks_for IS NOT NULL) || ARRAY(SELECT company_id FROM night_company) AS open,
     (SELECT count(*) FROM company_state WHERE asks_for = 'person') AS asked,
     (SELECT count(*) FROM company_state WHERE asks_for = 'retry') AS later`,
);
const { left: remaining, open, asked, later } = rows[0] as Record<string, unknown>;
const isOpen = new Set(open as readonly string[]);
const { vouchers, doubled, lost } = many.held();
const unasked = lost.filter((id) => !isOpen.has(id)).length;
const { dead } = await many.status();
const inOrder = waited.toSorted((a, b) => a - b);
const ofKilled = {
  done: waited.length,
  medianSeconds: inOrder[waited.length >> 1],
  longestSeconds: inOrder.at(-1),
  not: waiting.size,
};
const counts = {
  left: Number(remaining),
  vouchers,
  doubled,
  lost: unasked,
  asked: Number(asked),
  later: Number(later),
  dead: dead.length,
};
say(JSON.stringify({ companies: count, ...counts, killed, ofKilled }));

async function seeWhoIsDone(): Promise<void> {
  if (waiting.size === 0) return;
  const sql = 'SELECT company_id FROM night_company WHERE company_id = ANY($1)';
  const there = new Set((await many.byHand(sql, [[...waiting.keys()]])).map((row) => String(row['company_id'])));
  for (const [id, at] of waiting) {
    if (there.has(id)) continue;
    waited.push(Math.round((performance.now() - at) / 1_000));
    waiting.delete(id);
  }
}

function running(): readonly WorkerProcess[] {
  return started.filter(({ isRunning }) => isRunning);
}

function figures(done: number): {
  readonly done: number;
  readonly at: number;
  readonly workerMs: number;
  readonly serverMs: number;
} {
  const workerMs = started.reduce((sum, { told }) => sum + (told.at(-1)?.cpuMs ?? 0), 0);
  return { done, at: performance.now(), workerMs, serverMs: processor.ms() };
}

function seconds(from: number, to = performance.now()): string {
  return ((to - from) / 1_000).toFixed(0);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
