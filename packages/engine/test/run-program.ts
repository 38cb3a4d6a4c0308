import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** A fresh folder for one test. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'bilag-engine-'));
}

/** Starts a program of `test/programs` in a process of its own. */
export function startProgram(name: string, ...parameters: string[]): ChildProcess {
  return spawn(process.execPath, programArguments(name, ...parameters), { stdio: ['pipe', 'pipe', 'inherit'] });
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

/** Waits until the program has printed something. */
export async function untilReady(child: ChildProcess): Promise<void> {
  if (child.stdout !== null) await once(child.stdout, 'data');
}

/** Kills it as `kill -9` does, and waits until it is gone. */
export async function killHard(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}
