/**
 * What a night in the queue costs on Linux when nothing goes wrong: companies a minute, processor of workers and database, round trips,
 * PostgreSQL beside SQLite on the same work, one, two and four workers, and the memory of a worker. `long-night.ts` has what goes wrong.
 *
 *     node --conditions=@bilag/source packages/postgres/bench/figures.ts [--companies 10000] [--base 1000] [--compared 200]
 *       [--only size]… [--json FILE]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ManyCompanies } from '../test/many-companies.ts';
import { startPostgresServer } from '../test/postgres-server.ts';
import { busySince, coreTimes } from './core-times.ts';
import { ServerProcessor } from './server-processor.ts';

const { values } = parseArgs({
  options: {
    companies: { type: 'string', default: '10000' },
    base: { type: 'string', default: '1000' },
    compared: { type: 'string', default: '200' },
    only: { type: 'string', multiple: true, default: [] },
    json: { type: 'string' },
  },
});

/** What a night took that nothing went wrong in. */
interface Cost {
  readonly companies: number;
  readonly workers: number;
  readonly perMinute: number;
  readonly workerMs: number;
  readonly serverMs: number;
  readonly roundTrips: number;
  readonly writes: number;
  /** The share of the machine's cores that was used, by whatever ran there. */
  readonly coresBusy: number;
  /** Resident of the first worker in MB, after the first hundred and at the end. */
  readonly memory: readonly [number, number];
}

const server = await startPostgresServer();
if (server === undefined) throw new Error('PostgreSQL is not installed: apt-get install postgresql');
const { connectionString } = server;
const processor = await ServerProcessor.of(connectionString);
const figuresOf: Record<string, unknown> = {};
let schemas = 0;
const count = Number(values.companies);
const base = Number(values.base);

const parts: Readonly<Record<string, () => Promise<void>>> = {
  size: async () => {
    const small = await costOf(base, 1);
    const large = await costOf(count, 1);
    const ratio = (large.workerMs + large.serverMs) / (small.workerMs + small.serverMs);
    tell('cost per company', { small, large, ratio, serverShare: large.serverMs / (large.workerMs + large.serverMs) });
  },
  compared: async () => {
    const compared = Number(values.compared);
    const postgres = await costOf(compared, 1);
    const sqlite = await sqliteCostOf(compared);
    const ratio = (postgres.workerMs + postgres.serverMs) / sqlite.cpuMs;
    tell('PostgreSQL beside SQLite, per voucher', { postgres, sqliteMs: sqlite.cpuMs, ratio });
  },
  workers: async () => {
    // One company at a time leaves cores idle that further workers fill.
    for (const atOnce of [1, 8]) {
      for (const workers of [1, 2, 4])
        tell(`${workers} workers, ${atOnce} at once`, await costOf(base, workers, atOnce));
    }
  },
};

process.stdout.write(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}\n`);
try {
  for (const [name, part] of Object.entries(parts)) {
    if (values.only.length === 0 || values.only.includes(name)) await part();
  }
} finally {
  server[Symbol.dispose]();
}
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ sizes: values, figures: figuresOf }, null, 2)}\n`);

function tell(what: string, figures: object): void {
  figuresOf[what] = figures;
  const rows = Object.entries(figures).map(([name, value]) => `| ${what} | ${name} | ${shown(value)} |\n`);
  process.stdout.write(rows.join(''));
}

function shown(value: unknown): string {
  if (typeof value !== 'number') return typeof value === 'object' ? JSON.stringify(value, rounded) : String(value);
  return String(rounded('', value));
}

function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(3)) : value;
}

async function costOf(companies: number, workers: number, atOnce = 8): Promise<Cost> {
  const schema = `figures_${(schemas += 1)}`;
  await using many = await ManyCompanies.open({ connectionString, schema, count: companies });
  await many.enqueue();
  const before = processor.ms();
  const cores = coreTimes();
  const since = performance.now();
  const started = Array.from({ length: workers }, () => many.start({ untilEmpty: true, atOnce }));
  await Promise.all(started.map(({ ended }) => ended));
  const coresBusy = busySince(cores);
  const minutes = (performance.now() - since) / 60_000;
  const serverMs = (processor.ms() - before) / companies;
  const ends = started.map(({ told }) => told.at(-1));
  const sum = (what: 'cpuMs' | 'statements' | 'writes'): number =>
    ends.reduce((all, end) => all + (end?.[what] ?? 0), 0) / companies;
  const memory = (started[0]?.told ?? []).filter(({ rss }) => rss > 0).map(({ rss }) => rss / 1_000_000);
  const { vouchers, wanted, doubled } = many.held();
  if (vouchers !== wanted || doubled > 0) throw new Error(`${vouchers} of ${wanted} vouchers, ${doubled} doubled`);
  return {
    companies,
    workers,
    perMinute: companies / minutes,
    workerMs: sum('cpuMs'),
    serverMs,
    roundTrips: sum('statements'),
    writes: sum('writes'),
    coresBusy,
    memory: [memory[0] ?? 0, memory.at(-1) ?? 0],
  };
}

/** The same companies, in files and SQLite; per voucher. */
async function sqliteCostOf(companies: number): Promise<{ readonly cpuMs: number; readonly seconds: number }> {
  const schema = `figures_${(schemas += 1)}`;
  await using many = await ManyCompanies.open({ connectionString, schema, count: companies });
  const folder = mkdtempSync(join(tmpdir(), 'bilag-figures-'));
  try {
    const file = join(folder, 'settings.json');
    writeFileSync(file, JSON.stringify({ settings: many.settings, ids: many.ids }));
    const program = join(import.meta.dirname, '../test/programs/night.ts');
    const child = fork(program, [file, folder], { execArgv: ['--conditions=@bilag/source', '--no-warnings'] });
    const [{ posted, cpuMs, seconds }] = (await once(child, 'message')) as [
      { readonly posted: number; readonly cpuMs: number; readonly seconds: number },
    ];
    if (posted !== companies) throw new Error(`${posted} vouchers were posted from files`);
    return { cpuMs: cpuMs / posted, seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
