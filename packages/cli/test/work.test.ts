import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CompanyInput } from '@bilag/cli';
import { addDays, plainDate } from '@bilag/core';
import { openPostgres } from '@bilag/postgres';
import { bilagAccounts, startTripletexSimulator } from '@bilag/simulator-tripletex';
import { startVippsSimulator } from '@bilag/simulator-vipps';
import { afterAll, describe, expect, test } from 'vitest';
import { merchantOf } from '../../office/test/office-bench.ts';
import { newDatabase, startPostgresServer } from '../../postgres/test/postgres-server.ts';
import { clearBenches, createBench, type Bench } from './bench.ts';

const server = await startPostgresServer();
afterAll(() => {
  server?.[Symbol.dispose]();
  clearBenches();
});

const main = join(import.meta.dirname, '../src/main.ts');
const firstId = 2_300_000;
/** The last seven days, of which one is a Sunday: workers go by the time of the database, which is today's. */
const lastDate = addDays(plainDate(new Date().toISOString().slice(0, 10)), -1);
const firstDate = addDays(lastDate, -6);
/** Dates of the week with sales: each becomes a voucher. */
const tradingDays = 6;

interface Stage extends AsyncDisposable {
  readonly bench: Bench;
  readonly database: string;
  readonly count: number;
  vouchersOf(index: number): number;
}

/** Merchants of one accounting partner, connected, and kept in PostgreSQL. */
async function openStage(count: number): Promise<Stage> {
  const merchants = Array.from({ length: count }, (_, index) => merchantOf(index, { from: firstDate, to: lastDate }));
  const vipps = await startVippsSimulator({ merchants });
  const books = await startTripletexSimulator({
    rateLimit: null,
    companies: merchants.map(({ ledger }, index) => {
      return { id: firstId + index, organisationNumber: ledger.owner.id, accounts: bilagAccounts };
    }),
  });
  const bench = createBench();
  const database = await newDatabase(server?.connectionString ?? '');
  const { partner } = vipps.credentials;
  bench.env = {
    BILAG_DATABASE: database,
    PARTNER_CLIENT_ID: partner.clientId,
    PARTNER_CLIENT_SECRET: partner.clientSecret,
    ...Object.fromEntries(
      merchants.flatMap((_, index) => [
        [`BOOKS_${index}_CONSUMER_TOKEN`, books.credentials.consumerToken],
        [`BOOKS_${index}_EMPLOYEE_TOKEN`, books.credentials.employeeTokens[firstId + index] ?? ''],
      ]),
    ),
  };
  const companies = merchants.map(({ name, ledger }, index): CompanyInput => ({
    id: `kafe-${index}`,
    name,
    organisationNumber: ledger.owner.id,
    country: 'NO',
    currency: 'NOK',
    store: 'database',
    source: { kind: 'vipps', keys: 'accounting-partner', credentials: 'env:PARTNER', baseUrl: vipps.url },
    policy: { versions: [{ from: firstDate, market: 'NO', sales: { sale: '25' }, lines: 'summary' }] },
    targets: {
      books: {
        adapter: '@bilag/tripletex',
        config: { host: books.url, credentials: `env:BOOKS_${index}`, companyId: firstId + index },
      },
    },
  }));
  bench.write('bilag.config.json', companies);
  for (const argv of [
    ['store', 'migrate'],
    ['connect', 'books'],
  ]) {
    const { code, messages } = await bench.runIn(realTime, ...argv);
    if (code !== 0) throw new Error(messages);
  }
  await begin(
    database,
    companies.map(({ id }) => id),
  );
  return {
    bench,
    database,
    count,
    vouchersOf: (index) => books.backDoor.company(firstId + index).vouchers().length,
    [Symbol.asyncDispose]: async () => {
      await vipps.close();
      await books.close();
    },
  };
}

const realTime = { now: () => new Date() };

/** As if it had posted before: a log that never has waits before its first voucher. */
async function begin(connectionString: string, ids: readonly string[]): Promise<void> {
  const postgres = await openPostgres({ connectionString });
  for (const id of ids) {
    const lease = await postgres.deliveries.takeLease(id, {
      holder: 'the test',
      now: 0,
      leaseMs: 60_000,
      requestTimeoutMs: 0,
    });
    await postgres.deliveries.markWhole(lease);
    await postgres.deliveries.releaseLease(lease);
  }
  await postgres.close();
}

function startWorker({ bench }: Stage, ...argv: readonly string[]): ChildProcess {
  const args = ['--conditions=@bilag/source', main, 'work', '--at-once', '4', '--json', ...argv];
  return spawn(process.execPath, args, {
    cwd: bench.folder,
    env: { ...process.env, ...bench.env },
    stdio: 'ignore',
  });
}

async function ended(worker: ChildProcess): Promise<void> {
  if (worker.exitCode === null && worker.signalCode === null) await once(worker, 'exit');
}

describe.skipIf(server === undefined)('workers', () => {
  test('of which one is killed lose no voucher and double none', { timeout: 240_000 }, async () => {
    await using stage = await openStage(8);
    const { bench } = stage;
    const queued = await bench.runIn(realTime, 'night', 'books', '--queue');
    expect(queued).toMatchObject({ code: 0, out: expect.stringContaining('8 companies put into the queue') as string });
    expect((await bench.runIn(realTime, 'night', 'books', '--queue')).out).toContain('0 companies put into the queue');
    expect((await bench.runIn(realTime, 'work', '--status')).out).toContain('turns: 8 waiting');
    const all = (): number =>
      Array.from({ length: stage.count }, (_, index) => stage.vouchersOf(index)).reduce((a, b) => a + b);
    const killed = startWorker(stage);
    while (all() < (stage.count * tradingDays) / 4) await delay(20);
    killed.kill('SIGKILL');
    await ended(killed);
    // What the dead had in hand is found by their silence.
    const last = startWorker(stage, '--until-empty');
    await ended(last);
    expect(last.exitCode).toBe(0);
    expect(Array.from({ length: stage.count }, (_, index) => stage.vouchersOf(index))).toEqual(
      Array.from({ length: stage.count }, () => tradingDays),
    );
    const status = JSON.parse((await bench.runIn(realTime, 'work', '--status', '--json')).out) as object;
    expect(status).toEqual({ turns: { waiting: 0, later: 0, active: 0 }, dead: [], nights: [] });
  });

  test('that are told to stop end what is under way, and say how they stand', { timeout: 120_000 }, async () => {
    await using stage = await openStage(2);
    await stage.bench.runIn(realTime, 'night', 'books', '--queue');
    const worker = startWorker(stage, '--metrics', '39417');
    while (stage.vouchersOf(0) + stage.vouchersOf(1) < 2 * tradingDays) await delay(50);
    const metrics = await (await fetch('http://127.0.0.1:39417/metrics')).text();
    expect(metrics).toMatch(/^# TYPE bilag_companies_total counter$/m);
    expect(metrics).toMatch(/^bilag_vouchers_posted_total \d+$/m);
    worker.kill('SIGTERM');
    await ended(worker);
    expect(worker.exitCode).toBe(0);
  });
});
