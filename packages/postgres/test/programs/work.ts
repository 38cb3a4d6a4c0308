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
const { companyOf, firstTripletexId } = await import('./work-company.ts');
const { openQueue } = await import('../../src/index.ts');

const counted = countStatements(worker.diesAfterWrite);
const done: string[] = [];
let [overtaken, failed, unreachable] = [0, 0, 0];

function tell(isEnd = false): void {
  const { statements, writes } = counted;
  const rss = process.memoryUsage.rss();
  const told: Told = { done: done.splice(0), overtaken, failed, unreachable, statements, writes, rss, isEnd };
  if (process.connected) process.send?.(told);
}

const stops = new AbortController();
process.once('SIGTERM', () => stops.abort());
process.once('disconnect', () => process.exit(0));
const credentials = {
  get: async (reference: string): Promise<Record<string, string>> => {
    if (reference === 'env:PARTNER') return { ...settings.partner };
    const id = firstTripletexId + Number(reference.slice('env:BOOKS_'.length));
    const employeeToken = `simulated-tripletex-employee-of-company-${id}`;
    return { consumerToken: settings.consumerToken, employeeToken };
  },
};
const { connectionString, schema } = settings;
const queue = await openQueue({ connectionString, schema, connections: worker.connections ?? 10 });
await queue.work({
  companyOf: (id) => {
    if (id === worker.poison) throw new Error('poison');
    return companyOf(settings, id, queue.stores);
  },
  surroundings: { env: {}, credentials, now: () => new Date(Date.now()), signal: stops.signal },
  atOnce: worker.atOnce ?? 8,
  untilEmpty: worker.untilEmpty ?? false,
  ...(worker.slice === undefined ? {} : { slice: worker.slice }),
  onEvent: (event) => {
    if (event.is === 'done') done.push(event.state.companyId);
    if (event.is === 'overtaken') overtaken += 1;
    if (event.is === 'failed') failed += 1;
    if (event.is === 'unreachable') unreachable += 1;
    if (event.is !== 'turn') tell();
  },
});
await queue.close();
tell(true);
process.disconnect();
