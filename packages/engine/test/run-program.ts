import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';

/** A fresh folder for one test. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'bilag-engine-'));
}

/** Starts a program of `test/programs` in a process of its own. */
export function startProgram(name: string, ...parameters: string[]): ChildProcess {
  return spawn(process.execPath, programArguments(name, ...parameters), { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Starts such a program with a channel to it, for one that serves many tasks. Compiled code is kept: many are started. */
export function startServing(name: string): ChildProcess {
  return spawn(process.execPath, programArguments(name), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'bilag-compiled') },
  });
}

/** A test that fills a disk: it needs leave to mount one, as root or in a user namespace. */
export const testOnSmallDisk: typeof test = mayMount() || process.env['CI'] === 'true' ? test : skipped();

function mayMount(): boolean {
  return spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' }).status === 0;
}

function skipped(): typeof test {
  process.stderr.write('skipped: tests that fill a disk, because a small one cannot be mounted here\n');
  return test.skip as unknown as typeof test;
}

/** Runs such a program on a small disk of its own, mounted at `/mnt`, and returns what it prints. */
export async function runOnSmallDisk(kilobytes: number, name: string): Promise<string> {
  const script = `mount -t tmpfs -o size=${kilobytes}k none /mnt && exec "$@"`;
  const command = [process.execPath, ...programArguments(name, '/mnt/archive')];
  const child = spawn('unshare', ['-rm', 'sh', '-c', script, 'sh', ...command], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return text(child.stdout);
}

function programArguments(name: string, ...parameters: string[]): string[] {
  const program = fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
  return ['--conditions=@bilag/source', '--no-warnings', program, ...parameters];
}

/** What a program prints until it ends. */
export async function printed(child: ChildProcess): Promise<string> {
  return child.stdout === null ? '' : text(child.stdout);
}

/** Waits until the program has printed something. */
export async function untilReady(child: ChildProcess): Promise<void> {
  if (child.stdout !== null) await once(child.stdout, 'data');
}

/** Kills it as `kill -9` does, and waits until it is gone. */
export async function killHard(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}
