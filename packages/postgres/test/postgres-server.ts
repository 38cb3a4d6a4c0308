import pg from 'pg';
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian and others put the server. */
const folders = [
  ...(existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : [])
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => `/usr/lib/postgresql/${version}/bin`),
  '/usr/local/bin',
  '/usr/bin',
];
const binaries = folders.find((folder) => existsSync(join(folder, 'initdb')));

/** A server of its own for a test file. */
export interface PostgresServer {
  readonly port: number;
  readonly connectionString: string;
  /** As a power cut would: nothing is written down any more. */
  stopAtOnce(): void;
  start(): void;
  [Symbol.dispose](): void;
}

/** Undefined where no PostgreSQL is installed; with `CI` that is an error, so that nothing is skipped in silence. */
export async function startPostgresServer(settings = ''): Promise<PostgresServer | undefined> {
  if (binaries === undefined) {
    if (process.env['CI'] === 'true') throw new Error('PostgreSQL is not installed: apt-get install postgresql');
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'bilag-postgres-'));
  const data = join(folder, 'data');
  const isRoot = process.getuid?.() === 0;
  // The server refuses to run as root.
  if (isRoot) {
    const [user, group] = ['-u', '-g'].map((flag) =>
      Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })),
    );
    chownSync(folder, user ?? 0, group ?? 0);
  }
  const run = (program: string, ...args: readonly string[]): void => {
    const path = join(binaries, program);
    const command = isRoot ? ['runuser', '-u', 'postgres', '--', path, ...args] : [path, ...args];
    const [first = '', ...rest] = command;
    // The server keeps its parent's pipes open: nothing is waited for that it never closes.
    const { status } = spawnSync(first, rest, {
      stdio: 'ignore',
      cwd: folder,
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    if (status !== 0) throw new Error(`${program} ended with ${status}`);
  };
  run('initdb', '-D', data, '-U', 'bilag', '-A', 'trust', '-E', 'UTF8', '--no-sync');
  const port = await freePort();
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} ${settings}`;
  const start = (): void => run('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start');
  start();
  return {
    port,
    connectionString: `postgres://bilag@127.0.0.1:${port}/postgres`,
    stopAtOnce: () => run('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop'),
    start,
    [Symbol.dispose]: () => {
      run('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

let databases = 0;

/** A database of its own on a server; gives its connection string. */
export async function newDatabase(connectionString: string): Promise<string> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const name = `stage_${(databases += 1)}`;
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return connectionString.replace(/[^/]*$/, name);
}
