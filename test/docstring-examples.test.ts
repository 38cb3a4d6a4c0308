import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleFences, provingModule } from './example-fences.ts';
import { workspacePackages } from './repository.ts';
import { repositoryRoot } from './support.ts';

const run = promisify(execFile);
const fences = exampleFences('ts').map((fence, index) => ({ ...fence, file: `example-${index}.ts` }));
const untrue = [
  { file: 'untrue-value.ts', place: 'an untrue value', language: 'ts', code: '[1 + 1]; // => [3]' },
  {
    file: 'untrue-lines.ts',
    place: 'a value over several lines',
    language: 'ts',
    code: "[1, 2]\n  .map((one) => 2 * one)\n  .join(); // => '2,4'\nMath.max(\n  1,\n  2,\n); // => 3",
  },
  { file: 'untrue-type.ts', place: 'an untrue type', language: 'ts', code: "const two: number = '2';\ntwo; // => '2'" },
];

let folder = '';
let typeErrors = '';
let failures: Readonly<Record<string, string>> = {};

// One folder laid out as a user's would be, with the packages installed: one tsc and one node read all of it.
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'bilag-examples-')));
  await install(folder);
  await writeFile(join(folder, 'assert-same.ts'), assertSame);
  await writeFile(join(folder, 'run-all.ts'), runAll);
  for (const fence of [...fences, ...untrue]) await writeFile(join(folder, fence.file), provingModule(fence));
  typeErrors = await output(join(repositoryRoot, 'node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false']);
  const log = await output(process.execPath, ['--conditions=@bilag/source', 'run-all.ts']);
  failures = JSON.parse(await readFile(join(folder, 'failures.json'), 'utf8').catch(() => JSON.stringify({ '': log })));
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('examples are true', () => {
  test('there are examples, and they were run', () => {
    expect(fences.length).toBeGreaterThan(10);
    expect(failures['']).toBeUndefined();
  });

  test.for(fences)('$place', ({ file }) => {
    const found = typeErrors.split('\n').filter((line) => line.startsWith(`${file}(`));
    expect(found).toEqual([]);
    expect(failures[file]).toBeUndefined();
  });

  test('an example that is not true is found out', () => {
    expect(failures['untrue-value.ts']).toContain('an untrue value, line 1 is [ 2 ]');
    expect(failures['untrue-lines.ts']).toContain('a value over several lines, line 7 is 2');
    expect(typeErrors).toContain('untrue-type.ts(2,');
  });

  test('the folder of examples has no type error of its own', () => {
    // Indented lines explain the one before, and the packages' sources are checked by themselves.
    const elsewhere = /^(?: |example-\d+\.ts\(|untrue-type\.ts\(|\.\.\/)/;
    expect(typeErrors.split('\n').filter((line) => line !== '' && !elsewhere.test(line))).toEqual([]);
  });
});

async function output(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await run(program, args, { cwd: folder, timeout: 90_000, maxBuffer: 64 * 2 ** 20 });
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return `${stdout}${stderr}` || String(error);
  }
}

/** Every package of the workspace and what they depend on, where Node and TypeScript look for them. */
async function install(into: string): Promise<void> {
  const modules = join(into, 'node_modules');
  const link = async (target: string, name: string): Promise<void> => {
    await mkdir(join(modules, name, '..'), { recursive: true });
    await symlink(target, join(modules, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  };
  await link(join(repositoryRoot, 'node_modules/@types/node'), '@types/node');
  for (const { path, manifest } of workspacePackages) {
    await link(path, manifest.name);
    const names = Object.keys({ ...manifest.dependencies }).filter((name) => !name.startsWith('@bilag/'));
    for (const name of names) await link(join(path, 'node_modules', name), name);
  }
  await writeFile(join(into, 'package.json'), JSON.stringify({ type: 'module' }));
  const compilerOptions = {
    rootDir: '/',
    declaration: false,
    isolatedDeclarations: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  const config = { extends: join(repositoryRoot, 'tsconfig.json'), compilerOptions, include: ['*.ts'] };
  await writeFile(join(into, 'tsconfig.json'), JSON.stringify(config));
}

const assertSame = `import { deepStrictEqual } from 'node:assert';
import { inspect } from 'node:util';

export function assertSame(value: unknown, expected: unknown, place: string): void {
  deepStrictEqual(value, expected, place + ' is ' + inspect(value, { depth: null }));
}
`;

const runAll = `import { writeFileSync } from 'node:fs';

const failures: Record<string, string> = {};
for (const file of ${JSON.stringify([...fences, ...untrue].map(({ file }) => file))}) {
  try {
    await import('./' + file);
  } catch (error) {
    failures[file] = error instanceof Error ? error.message : String(error);
  }
}
writeFileSync('failures.json', JSON.stringify(failures));
process.exit(0);
`;
