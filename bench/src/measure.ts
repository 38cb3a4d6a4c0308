import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What a process took. */
export interface Usage {
  /** Of processor, in all its threads. */
  readonly seconds: number;
  /** Of waiting. */
  readonly elapsed: number;
  /** Resident, at most; where the program tells it. */
  readonly peakMb: number | undefined;
  readonly output: string;
}

/** The root of the clone. */
export const clone: string = resolve(import.meta.dirname, '../..');

/** A program, in a process of its own. */
export function runProgram(
  command: string,
  args: readonly string[],
  cwd: string = clone,
  env: Readonly<Record<string, string>> = {},
): Usage {
  // The shell's own clock knows what its children took, on Linux as on macOS.
  const timed = ['-c', 'TIMEFORMAT="%U %S %R"; time "$0" "$@"', command, ...args];
  const { status, stdout, stderr } = spawnSync('bash', timed, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1e9,
    env: { ...process.env, ...env },
  });
  const [user = 0, system = 0, elapsed = 0] = (stderr.trimEnd().split('\n').at(-1) ?? '').split(' ').map(Number);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr.slice(-2000)}`);
  return { seconds: user + system, elapsed, peakMb: undefined, output: stdout };
}

/** A program of Node's, which tells its peak memory when it ends. */
export function runNode(
  args: readonly string[],
  cwd: string = clone,
  env: Readonly<Record<string, string>> = {},
): Usage {
  const folder = mkdtempSync(join(tmpdir(), 'bilag-bench-'));
  try {
    const file = join(folder, 'peak');
    const tell = `process.on('exit', () => process.getBuiltinModule('fs').writeFileSync(${JSON.stringify(file)}, String(process.resourceUsage().maxRSS)))`;
    const module = `data:text/javascript,${encodeURIComponent(tell)}`;
    const usage = runProgram(process.execPath, ['--import', module, ...args], cwd, env);
    return { ...usage, peakMb: Number(readFileSync(file, 'utf8')) / 1024 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The command line as it is installed: built, and without the sources' types. */
export const commandLine: string = join(clone, 'packages/cli/dist/main.js');

/** A stage in a process of its own; it tells its figures in a line of JSON, its peak memory too where that is not of the whole process. */
export function runStage(script: string, ...args: readonly (string | number)[]): Readonly<Record<string, number>> {
  const usage = runNode(['--expose-gc', '--conditions=@bilag/source', join(clone, script), ...args.map(String)]);
  const told = JSON.parse(usage.output.trimEnd().split('\n').at(-1) ?? '') as Record<string, number>;
  return { peakMb: usage.peakMb ?? 0, ...told };
}

/** Whether a program is there. */
export function isInstalled(program: string): boolean {
  return spawnSync('bash', ['-c', `command -v ${program}`]).status === 0;
}
