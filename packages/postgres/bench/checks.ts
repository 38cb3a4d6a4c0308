/**
 * The checks of a cluster at full size, with their waits: workers killed, stopped and cut off, the server stopped as by a power
 * cut, clocks apart, small pools, one large merchant, one rate limit, poison, an idle transaction, an upgrade, and a death after each
 * durable write of a company's night.
 *
 *     node --conditions=@bilag/source packages/postgres/bench/checks.ts [--companies 1000] [--workers 4] [--strikes 20]
 *       [--seconds 2] [--big 1000000] [--seed 1] [--only NAME]… [--json FILE]
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { CheckSize, Verdict } from '../test/checks/check.ts';
import { cutBackends, dieAtWrites, killWorkers, stopServer, stopWorkers } from '../test/checks/crashes.ts';
import { clocksApart, oneBig, oneRateLimit, poison, smallPool, twoEnqueuers } from '../test/checks/sharing.ts';
import { idleTransaction, upgradeQueue } from '../test/checks/upkeep.ts';
import { startPostgresServer } from '../test/postgres-server.ts';

const { values } = parseArgs({
  options: {
    companies: { type: 'string', default: '1000' },
    workers: { type: 'string', default: '4' },
    strikes: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '2' },
    big: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', multiple: true, default: [] },
    json: { type: 'string' },
  },
});

const server = await startPostgresServer();
if (server === undefined) throw new Error('PostgreSQL is not installed: apt-get install postgresql');
const size: CheckSize = {
  server,
  companies: Number(values.companies),
  workers: Number(values.workers),
  strikes: Number(values.strikes),
  secondsBetween: Number(values.seconds),
  seed: Number(values.seed),
  isHurried: false,
  longestSeconds: 86_400,
};
const dates = 200;
const big = { dates, entriesPerDay: Math.ceil(Number(values.big) / dates / 2) };
const checks: Readonly<Record<string, () => Promise<object>>> = {
  'kill workers': () => killWorkers(size),
  'stop workers for twice their lease': () => stopWorkers({ ...size, secondsBetween: 180, strikes: 3 }),
  'cut backends off': () => cutBackends({ ...size, secondsBetween: 1 }),
  'stop the server at once': () => stopServer({ ...size, strikes: 10 }),
  'clocks two hours apart': () => clocksApart(size),
  'two connections for fifty': () => smallPool(size),
  'one large merchant': () => oneBig(size, big, true),
  'one rate limit': () => oneRateLimit(size, { processes: 8, turns: 50, perSecond: 20 }),
  'several enqueuers': () => twoEnqueuers(size),
  poison: () => poison(size),
  'idle transaction': () => idleTransaction(size, true),
  'upgrade of the queue': () => upgradeQueue(size),
  'die after each write': () => dieAtWrites({ ...size, companies: 100, isHurried: true }),
};
const told: Record<string, object> = {};
process.stdout.write('| Check | Vouchers | Doubled | Lost | For a person | Besides |\n|---|---|---|---|---|---|\n');
try {
  for (const [name, check] of Object.entries(checks)) {
    if (values.only.length > 0 && !values.only.includes(name)) continue;
    const verdict = (told[name] = await check());
    process.stdout.write(`${rowOf(name, verdict)}\n`);
    if ('isDone' in verdict && !isKept(verdict as Verdict)) process.exitCode = 1;
  }
} finally {
  server[Symbol.dispose]();
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ size: values, told }, null, 2)}\n`);

function isKept({ isDone, doubled, lost, dead }: Verdict): boolean {
  return isDone && doubled === 0 && lost === 0 && dead === 0;
}

function rowOf(name: string, verdict: object): string {
  if (!('isDone' in verdict)) return `| ${name} | | | | | ${JSON.stringify(verdict)} |`;
  const { vouchers, wanted, doubled, lost, asked, figures, without } = verdict as Verdict & {
    readonly without?: Verdict;
  };
  const besides = { ...figures, ...(without === undefined ? {} : { without: without.figures }) };
  return `| ${name} | ${vouchers} of ${wanted} | ${doubled} | ${lost} | ${asked} | ${JSON.stringify(besides)} |`;
}
