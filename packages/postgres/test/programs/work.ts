/** A worker that tells its parent how it stands. Its clock may be wrong, and it may die at a write. */
import { readFileSync } from 'node:fs';
import type { ManySettings, Told, WorkerSettings } from '../many-companies.ts';

const { settings, worker } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as {
  readonly settings: ManySettings;
  readonly worker: WorkerSettings;
};
// Before anything reads the clock.
const aheadMs = (worker.hoursAhead ?? 0) * 3_600_000;
const rightNow = Date.now.bind(Date);
if (aheadMs !== 0) Date.now = () => rightNow() + aheadMs;

const { countStatements } = await import('./count-statements.ts');
const { companyOf, vaultOf } = await import('../many-companies.ts');
const { openQueue } = await import('../../src/index.ts');

const counted = countStatements(worker.diesAfterWrite);
const done: string[] = [];
let [overtaken, failed, unreachable, all] = [0, 0, 0, 0];
let rss = 0;
const cpu = process.cpuUsage();

function tell(isEnd = false): void {
  const { statements, writes } = counted;
  // Sometimes, since a collection takes long.
  if (all % 100 === 0 && done.length > 0) {
    globalThis.gc?.();
    rss = process.memoryUsage.rss();
  }
  const { user, system } = process.cpuUsage(cpu);
  const used = { rss, cpuMs: Math.round((user + system) / 1_000) };
  const told: Told = { done: done.splice(0), overtaken, failed, unreachable, statements, writes, ...used, isEnd };
  if (process.connected) process.send?.(told);
}

const stops = new AbortController();
process.once('SIGTERM', () => stops.abort());
process.once('disconnect', () => process.exit(0));
const { connectionString, schema } = settings;
const queue = await openQueue({ connectionString, schema, connections: worker.connections ?? 10 });
await queue.work({
  companyOf: (id) => {
    if (id === worker.poison) throw new Error('poison');
    return companyOf(settings, id, { database: queue.stores });
  },
  surroundings: { env: {}, credentials: vaultOf(settings), now: () => new Date(Date.now()), signal: stops.signal },
  atOnce: worker.atOnce ?? 8,
  untilEmpty: worker.untilEmpty ?? false,
  ...(worker.slice === undefined ? {} : { slice: worker.slice }),
  onEvent: (event) => {
    if (event.is === 'done') all = done.push(event.state.companyId) + all;
    if (event.is === 'overtaken') overtaken += 1;
    if (event.is === 'failed') failed += 1;
    if (event.is === 'unreachable') unreachable += 1;
    if (event.is !== 'turn') tell();
  },
});
await queue.close();
tell(true);
process.disconnect();
