import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

/**
 * Leaves V8 less room for new objects where a command is about to read much: most of what it would take of the memory is room
 * that is never given back. How large that room may be is settled when Node starts, so Node starts once more, in the same
 * process: that takes 30 ms. What the caller has chosen himself, by flags or `NODE_OPTIONS`, stays, and
 * so does a debugger.
 */
export function takeLessRoom(): void {
  const { execArgv, execPath, env, argv } = process;
  const room = roomOf(argv.slice(2));
  if (room === undefined) return;
  const given = [...execArgv, env['NODE_OPTIONS'] ?? ''].join(' ').replaceAll('_', '-');
  for (const flag of room.flags) if (!given.includes(nameOf(flag))) setFlagsFromString(flag);
  if (/--(?:max-semi-space-size|inspect)/.test(given) || !canStartAgain()) return;
  const args = [execPath, `--max-semi-space-size=${room.semiSpaceMb}`, ...execArgv, ...argv.slice(1)];
  process.execve?.(execPath, args, { ...returnsBuffers, ...env });
}

/**
 * glibc puts ever larger buffers among its small ones, once one of their size was let go of, and what lies between them is never given
 * back: 50 MB over a large year. With a limit that is set, a page or a block of output goes back whole. Other systems look past it.
 */
const returnsBuffers = { MALLOC_MMAP_THRESHOLD_: '131072' };

interface Room {
  /** What V8 has for new objects, a third of it. */
  readonly semiSpaceMb: number;
  /** What V8 may be told after its start, too. */
  readonly flags: readonly string[];
}

/** Of a command that reads much, as measured in `docs/performance.md`. */
function roomOf([command, ...args]: readonly string[]): Room | undefined {
  if (args.includes('--help') || args.includes('-h')) return undefined;
  if (command !== undefined && readers.has(command)) return { semiSpaceMb: 8, flags: collectsAtOnce };
  return command === 'check' && args.some(isLargeFile) ? { semiSpaceMb: 4, flags: [] } : undefined;
}

const readers: ReadonlySet<string> = new Set(['export', 'book', 'plan', 'apply']);

/**
 * What is in use may grow by so many percent, and is looked through all at once then. While it is looked through beside the work, the
 * work goes on and makes more: how much is chance, and over a year of full dates the worst of it came to 60 MB.
 */
const collectsAtOnce = ['--heap-growing-percent=60', '--no-incremental-marking'];

/** The name of a flag, with or without `no`. */
function nameOf(flag: string): string {
  return flag.replace(/^--(?:no-)?/, '').replace(/=.*$/, '');
}

function isLargeFile(path: string): boolean {
  try {
    return statSync(path).size >= 4_194_304;
  } catch {
    return false;
  }
}

/**
 * Whether Node can be started in place of this process without harm: it is not on Windows, a channel to a parent would be lost,
 * and where the system refuses, or Node's own permissions do, the process would end.
 */
function canStartAgain(): boolean {
  if (process.platform === 'win32' || process.execve === undefined || process.connected) return false;
  if (process.permission?.has('child') === false) return false;
  try {
    accessSync(process.execPath, constants.X_OK);
    // Node does not start in a folder that is gone.
    process.cwd();
    // Under a loader of another system it may be the loader that was started, and under another program that program.
    return /^node(?:js)?$/.test(basename(process.execPath)) && isMain(realpathSync(process.argv[1] ?? ''));
  } catch {
    return false;
  }
}

function isMain(script: string): boolean {
  return script.replace(/\.\w+$/, '') === fileURLToPath(new URL('main', import.meta.url));
}
