import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { commands } from '../src/program/commands.ts';
import { createProgram } from '../src/program/program.ts';
import { createSession } from '../src/session.ts';
import { cafeConfig, clearBenches, Collector, createBench } from './bench.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Runs `bilag` after a script that changes the process it runs in. */
function startAfter(script: string, argv: readonly string[], cwd?: string) {
  const first = ['--import', `data:text/javascript,${encodeURIComponent(script)}`];
  return spawnSync(process.execPath, ['--conditions=@bilag/source', ...first, main, ...argv], {
    encoding: 'utf8',
    cwd,
  });
}

/** The packages that a command loads, ours without their scope and by the part that is imported. */
function packagesLoadedBy(argv: readonly string[], folder: string): readonly string[] {
  const script = `const loaded = new Set();
    (await import('node:module')).registerHooks({ resolve(name, context, next) {
      const found = next(name, context);
      if (/^[@a-z]/.test(name) && !name.startsWith('file:') && found.url.startsWith('file:')) loaded.add(name);
      return found;
    } });
    process.on('exit', () => process.stderr.write('loaded: ' + [...loaded].join(' ')));`;
  const [, loaded = ''] = startAfter(script, argv, folder).stderr.split('loaded: ');
  const names = loaded
    .split(' ')
    .map((name) => /^@bilag\/(.*)/.exec(name)?.[1] ?? /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0]);
  return [...new Set(names)].flatMap((name) => name ?? []).toSorted();
}

afterAll(clearBenches);

describe('the start of the command line', () => {
  test.each(['18.0.0', '20.9.0', '22.18.9'])('on Node %s is one sentence', (version) => {
    const script = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`;
    expect(startAfter(script, ['--version'])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: `bilag needs Node 22.19 or newer, and this is Node ${version}: see nodejs.org\n`,
    });
  });

  test('imports nothing before the version is known but what every Node has', () => {
    const imports = readFileSync(main, 'utf8').match(/^import .*$/gm);
    expect(imports).toEqual([`import { createRequire } from 'node:module';`]);
  });

  test('loads no simulator for a command that needs none', () => {
    const script = `(await import('node:module')).registerHooks({ load(url, context, next) {
      if (url.includes('/simulators/')) throw new Error('loaded ' + url);
      return next(url, context);
    } });`;
    expect(startAfter(script, ['--help'])).toMatchObject({ status: 0, stderr: '' });
    expect(startAfter(script, ['simulate', '--help'])).toMatchObject({ status: 0, stderr: '' });
    expect(startAfter(script, ['simulate']).stderr).toContain('loaded file:');
  });

  test('shows its help without the books, the engine or any adapter', () => {
    const script = `(await import('node:module')).registerHooks({ load(url, context, next) {
      if (!/^(node|data):|packages.cli|commander/.test(url)) throw new Error('loaded ' + url);
      return next(url, context);
    } });`;
    for (const argv of [['--help'], ['--version']]) expect(startAfter(script, argv).stderr).not.toContain('loaded');
    expect(startAfter(script, ['status']).stderr).toContain('loaded file:');
  });

  test('loads for a check of a file neither the books nor the engine, and for an export no target but its own', () => {
    const bench = createBench();
    bench.write('small.xml', '<AuditFile>');
    expect(packagesLoadedBy(['check', 'small.xml'], bench.folder)).toEqual([
      '@date-fns/utc',
      'commander',
      'company/files',
      'core',
      'csv',
      'date-fns',
      'gbat10',
      'journal',
      'saf-t',
      'saxes',
      'sie',
      'xmlchars',
      'zod',
    ]);
    bench.write('bilag.config.json', cafeConfig('http://127.0.0.1:1'));
    expect(packagesLoadedBy(['export', '--target', 'saf-t', '--period', '2026-07'], bench.folder)).toEqual([
      '@date-fns/utc',
      'bank',
      'commander',
      'company',
      'core',
      'date-fns',
      'engine',
      'http',
      'ibantools',
      'saf-t',
      'saxes',
      'vipps',
      'xmlchars',
      'zod',
    ]);
  });

  test('shows of every command in its help what the command itself says', async () => {
    const [stdin, stdout, stderr] = [Readable.from([]), new Collector(), new Collector()];
    const world = { stdin, stdout, stderr, env: {}, cwd: '/', now: () => new Date(), signal: AbortSignal.any([]) };
    const helpAfter = async (argv: readonly string[]): Promise<string> =>
      (await createProgram(argv, createSession(world, { json: false }), () => undefined)).helpInformation();
    const whole = await helpAfter(commands.map(({ name }) => name));
    expect(await helpAfter([])).toBe(whole);
    expect(whole).toContain('plan [options] <target>');
  });

  test('that nobody can read is not done', () => {
    const device = openSync('/dev/full', 'w');
    for (const argv of [['--help'], ['--version'], ['plan', '--help']]) {
      const { status, stderr } = spawnSync(process.execPath, ['--conditions=@bilag/source', main, ...argv], {
        encoding: 'utf8',
        stdio: ['ignore', device, 'pipe'],
      });
      expect(status).toBe(4);
      expect(stderr).toContain('standard output');
    }
    closeSync(device);
  });

  test('what is thrown where nobody waits for it is told without a stack trace', () => {
    const script = `setTimeout(() => { throw Object.assign(new Error('ENOSPC: \\u001b[2J'), { code: 'ENOSPC', path: '/disk' }); }, 200);`;
    const { status, stderr } = startAfter(script, ['simulate']);
    // Another try when there is space.
    expect(status).toBe(4);
    expect(stderr).toBe(
      'error: the disk is full\n  where: /disk\n  action: free some space, or choose another disk, and run again; nothing more was done\n',
    );
    const fault = startAfter(`setTimeout(() => { throw new TypeError('x is not a function'); }, 200);`, ['simulate']);
    expect(fault.status).toBe(3);
    expect(fault.stderr).toMatch(
      /^error: a fault in Bilag or in an adapter: TypeError: x is not a function\n {2}where: /,
    );
    expect(fault.stderr).not.toMatch(/\n {4}at /);
  });

  test('in a folder that is gone is an error in words', () => {
    const bench = createBench();
    const script = `process.chdir(${JSON.stringify(bench.folder)}); (await import('node:fs')).rmSync(${JSON.stringify(bench.folder)}, { recursive: true });`;
    const { status, stderr } = startAfter(script, ['book']);
    rmSync(bench.folder, { recursive: true, force: true });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: .*\n {2}where: .*\n {2}action: .*\n$/);
  });
});
