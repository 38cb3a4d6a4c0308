import { existsSync } from 'node:fs';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { exampleModules, outputOf, runExamples } from './example-modules.ts';
import { installProject, lowestNode, lowestNodeIn } from './installed-project.ts';
import { filesUnder, publishedPackages, readText } from './repository.ts';

const names = publishedPackages.map(({ manifest }) => manifest.name);
let folder = '';
let said = '';
let typeErrors = '';

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'bilag-installed-')));
  said = await installProject(folder);
  typeErrors = await compiledBy('typescript');
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('installed outside the workspace', () => {
  test('the packages are those that were packed, once each, and nothing runs while they are installed', async () => {
    expect(said).not.toContain('npm error');
    const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as {
      readonly packages: Readonly<Record<string, { readonly resolved?: string; readonly hasInstallScript?: true }>>;
    };
    const installed = Object.entries(lock.packages);
    const own = installed.filter(([path]) => path.includes('node_modules/@bilag/'));
    expect(own.map(([path]) => path).toSorted()).toEqual(names.map((name) => `node_modules/${name}`).toSorted());
    expect(own.filter(([, { resolved = '' }]) => !resolved.startsWith('file:packed/'))).toEqual([]);
    expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
  });

  test('the types hold, those in the packages included', () => {
    expect(typeErrors).toBe('');
  });

  test('and for TypeScript 5 too', async () => {
    expect(await compiledBy('typescript-5', '--noEmit')).toBe('');
  });
});

describe.for([lowestNode, process.versions.node])('on Node %s', (version) => {
  const out = `out-${version}`;
  let node = '';

  beforeEach((context) => {
    node = version === process.versions.node ? process.execPath : lowestNodeIn(folder);
    if (!existsSync(node) && process.env['CI'] !== 'true') context.skip(`there is no Node ${version} for this machine`);
  });

  /** Runs an example program as its package's `start` does. */
  const program = (name: string, ...args: readonly string[]): Promise<string> =>
    outputOf(join(folder, 'examples', name), node, 'src/main.ts', ...args);

  const bilag = (...args: readonly string[]): Promise<string> => asTyped(folder, node, 'bilag', ...args);

  test('it is that version', async () => {
    expect((await outputOf(folder, node, '--version')).trim()).toBe(`v${version}`);
  });

  test('every package can be imported', async () => {
    const counts = JSON.parse(await outputOf(folder, node, '--no-warnings', 'compiled/every-package.js')) as [
      string,
      number,
    ][];
    expect(counts.map(([name]) => name)).toEqual(names);
    expect(counts.filter(([, exported]) => exported === 0)).toEqual([]);
  });

  test('every example of the documentation is true', async () => {
    const failures = await runExamples(folder, node, 'compiled/run-all.js');
    expect(
      exampleModules.flatMap(({ file, place }) => (file in failures ? [{ place, why: failures[file] }] : [])),
    ).toEqual([]);
    expect(failures).toEqual({});
  });

  test('an archived October becomes a SAF-T file', async () => {
    const report = await program('saf-t-file', 'data/october-2026.json', out);
    expect(report).toContain('2026-10-31 Vipps owes 43.21, the books say 43.21');
    expect(report).toMatch(/SAF-T Financial_987654321_\d{14}_1_1\.xml: \d+ bytes, nothing to remark/);
  });

  test('a simulated day becomes a journal', async () => {
    expect(await program('journal-from-archive', out)).toContain('second/ is the same, byte for byte');
    const [journal = ''] = filesUnder(join(folder, 'examples/journal-from-archive', out, 'first'), '.journal');
    expect(readText(journal)).toMatch(/Income:3000 .*-160\.00 NOK/);
  });

  test('the command line says what it can do, and gives its demo', async () => {
    expect(await bilag('--help')).toContain('Usage: bilag');
    expect(await bilag('demo', '--out', out)).toContain('companies agree with what the simulator counted');
  });
});

describe.for(['file', 'service', 'source'])('an adapter of the kind %s, begun with what is installed', (kind) => {
  let own = '';
  let written = '';

  beforeAll(async () => {
    own = join(folder, `bilag-nordic-${kind}`);
    written = await asTyped(folder, process.execPath, 'create-adapter', `nordic-${kind}`, '--kind', kind);
  });

  test('is written, and says what to do next', () => {
    expect(written).toContain('npm test');
    expect(existsSync(join(own, 'package.json'))).toBe(true);
  });

  test('compiles and keeps every law, as it is', async () => {
    const report = stripVTControlCharacters(await asTyped(own, process.execPath, 'npm', 'test'));
    expect(report).toMatch(/Tests +\d+ passed/);
    expect(report).not.toMatch(/\d+ failed|error TS/);
  });

  test('shows what it writes', async () => {
    expect(await asTyped(own, process.execPath, 'npm', 'start')).toMatch(/is posted as 1001|-987\.60|250\.00/);
  });
});

function compiledBy(compiler: string, ...options: readonly string[]): Promise<string> {
  const program = join(folder, 'node_modules', compiler, 'bin/tsc');
  return outputOf(folder, process.execPath, program, '-p', '.', '--pretty', 'false', ...options);
}

/** Runs a command as typed in a shell: an installed one is found before any other, and so is this Node. */
function asTyped(cwd: string, node: string, command: string, ...args: readonly string[]): Promise<string> {
  const path = [join(folder, 'node_modules/.bin'), dirname(node), process.env['PATH']].join(delimiter);
  return outputOf(cwd, '/usr/bin/env', `PATH=${path}`, command, ...args);
}
