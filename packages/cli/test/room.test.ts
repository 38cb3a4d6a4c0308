import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, symlinkSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clearBenches, createBench } from './bench.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const bench = createBench();

beforeAll(() => {
  bench.write('large.xml', `<AuditFile>${' '.repeat(5_000_000)}`);
  bench.write('small.xml', '<AuditFile>');
  bench.write('wrapper.mjs', `await import(${JSON.stringify(pathToFileURL(main).href)});`);
  symlinkSync(main, bench.path('bilag'));
});
afterAll(clearBenches);

interface Started {
  readonly status: number | null;
  /** The flags that Node was started with, each time. */
  readonly flags: readonly string[];
  /** From which size on buffers are given back, each time; empty for the allocator's own. */
  readonly givenBack: readonly string[];
  readonly processes: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `bilag` in a process that tells whenever Node starts in it. */
function start(
  argv: readonly string[],
  { script = main, node = process.execPath, env = {}, nodeFlags = [] as readonly string[] } = {},
): Started {
  const told = `process.getBuiltinModule('fs').appendFileSync('starts', process.pid + ' ' + process.execArgv.filter((flag) => flag.startsWith('--max') || flag.startsWith('--heap')) + ' ' + (process.env.MALLOC_MMAP_THRESHOLD_ ?? '') + '\\n');`;
  bench.write('starts', '');
  const flags = ['--conditions=@bilag/source', '--import', `data:text/javascript,${encodeURIComponent(told)}`];
  const { status, stdout, stderr } = spawnSync(node, [...flags, ...nodeFlags, script, ...argv], {
    encoding: 'utf8',
    cwd: bench.folder,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  const starts = readFileSync(bench.path('starts'), 'utf8').trimEnd().split('\n');
  const [processes, flagsOfEach = [], givenBack = []] = [0, 1, 2].map((part) =>
    starts.map((line) => line.split(' ')[part] ?? ''),
  );
  return { status, flags: flagsOfEach, givenBack, processes: new Set(processes).size, stdout, stderr };
}

describe.skipIf(process.platform === 'win32')('a command that reads much', () => {
  test('is started once more in its own process, with less room for new objects, and ends as it would have', () => {
    const large = start(['check', 'large.xml']);
    expect(large).toMatchObject({ status: 1, flags: ['', '--max-semi-space-size=4'], processes: 1, stderr: '' });
    expect(large.stdout).toContain('large.xml: 1 error');
    expect(start(['export', '--target', 'x'])).toMatchObject({ status: 2, flags: ['', '--max-semi-space-size=8'] });
    for (const command of ['book', 'plan', 'apply'])
      expect(start([command, '--json']).flags).toEqual(['', '--max-semi-space-size=8']);
  });

  test('gives large buffers back to the system, from the size that somebody has set or from its own', () => {
    const argv = ['check', 'large.xml'];
    expect(start(argv).givenBack).toEqual(['', '131072']);
    expect(start(argv, { env: { MALLOC_MMAP_THRESHOLD_: '65536' } }).givenBack).toEqual(['65536', '65536']);
  });

  test('by any name of the program', () => {
    expect(start(['check', 'large.xml'], { script: 'bilag' }).flags).toHaveLength(2);
    expect(start(['check', 'large.xml'], { script: relative(bench.folder, main) }).flags).toHaveLength(2);
  });

  test.each([
    ['a small file', ['check', 'small.xml']],
    ['a file that is not there', ['check', 'nowhere.xml']],
    ['a help', ['export', '--help']],
    ['another command', ['status']],
    ['nothing', []],
  ])('and not for %s', (_, argv) => {
    expect(start(argv)).toMatchObject({ flags: [''] });
  });

  test('nor where somebody has chosen the room, or another program started it', () => {
    const argv = ['check', 'large.xml'];
    expect(start(argv, { env: { NODE_OPTIONS: '--max_semi_space_size=16' } }).flags).toHaveLength(1);
    expect(start(argv, { script: 'wrapper.mjs' })).toMatchObject({ status: 1, flags: [''] });
  });

  test('nor where Node may start no other program, or a debugger is there, which would be lost', () => {
    const argv = ['check', 'large.xml'];
    const permitted = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*'];
    expect(start(argv, { nodeFlags: permitted })).toMatchObject({ status: 1, flags: [''], stderr: '' });
    expect(start(argv, { nodeFlags: ['--inspect=127.0.0.1:0'] })).toMatchObject({ status: 1, flags: [''] });
  });

  test('nor where what runs it is not called Node: it may be a loader', () => {
    const node = bench.path('ld-linux');
    copyFileSync(process.execPath, node);
    expect(start(['check', 'large.xml'], { node })).toMatchObject({ status: 1, flags: [''] });
  });
});
