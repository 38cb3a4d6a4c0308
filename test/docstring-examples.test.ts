import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleModules, outputOf, runExamples, writeExamples, type ExampleModule } from './example-modules.ts';
import { workspacePackages } from './repository.ts';
import { repositoryRoot } from './support.ts';

const untrue: readonly ExampleModule[] = [
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
  await writeExamples(folder, [...exampleModules, ...untrue]);
  typeErrors = await outputOf(folder, join(repositoryRoot, 'node_modules/.bin/tsc'), '-p', folder, '--pretty', 'false');
  failures = await runExamples(folder, process.execPath, '--conditions=@bilag/source', 'run-all.ts');
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('examples are true', () => {
  test('there are examples, and they were run', () => {
    expect(exampleModules.length).toBeGreaterThan(10);
    expect(failures['']).toBeUndefined();
  });

  test.for(exampleModules)('$place', ({ file }) => {
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
