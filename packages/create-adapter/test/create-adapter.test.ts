import { BilagError } from '@bilag/core';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAdapter } from '../src/index.ts';
import { adapterNames } from '../src/adapter-names.ts';

const run = promisify(execFile);
const main = join(import.meta.dirname, '../src/main.ts');
const conditions = '--conditions=@bilag/source';
let place = '';

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'bilag-new-adapter-'));
});
afterAll(() => rm(place, { recursive: true, force: true }));

describe('a name in its forms', () => {
  test.for([
    ['my-books', 'my-books myBooks MyBooks My Books MY_BOOKS'],
    ['Visma eAccounting', 'visma-eaccounting vismaEaccounting VismaEaccounting Visma eAccounting VISMA_EACCOUNTING'],
    ['sie', 'sie sie Sie Sie SIE'],
  ] as const)('%s', ([given, forms]) => {
    expect(Object.values(adapterNames(given)).join(' ')).toBe(forms);
  });

  test.for(['', '1st', 'a/b', '../up', 'bøker', 'a'.repeat(41), 'class', 'Default', 'test'])(
    '"%s" is refused',
    (given) => {
      expect(() => adapterNames(given)).toThrow(BilagError);
    },
  );
});

describe.for(['service', 'file', 'source'] as const)('a new adapter of the kind %s', (kind) => {
  let folder = '';
  const name = 'Nordic Books';

  beforeAll(async () => {
    folder = join(place, kind);
    await createAdapter({ name, kind, folder });
    await linkPackages(folder, kind);
  });

  test('is a package under its own name everywhere', async () => {
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const own = files.filter((file) => file.isFile() && !file.parentPath.includes('node_modules'));
    const texts = await Promise.all(own.map((file) => readFile(join(file.parentPath, file.name), 'utf8')));
    expect(own.map((file) => file.name)).toEqual(
      expect.arrayContaining([ownFileOf[kind], 'conformance.test.ts', 'README.md', 'package.json', '.gitignore']),
    );
    expect(
      [...own.map((file) => file.name), ...texts].filter((text) => /acme|workspace:|catalog:/i.test(text)),
    ).toEqual([]);
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      name: 'bilag-nordic-books',
      dependencies: { '@bilag/core': expect.stringMatching(/^\^\d/) as string },
    });
    expect(manifest).not.toHaveProperty('private');
  });

  test('compiles', async () => {
    const tsc = join(folder, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '-p', folder, '--customConditions', '@bilag/source'], {
      cwd: folder,
    });
    expect(stdout).toBe('');
  });

  test('shows what it writes', async () => {
    const [script = ''] = (await readdir(join(folder, 'try'))).map((file) => join(folder, 'try', file));
    const { stdout } = await run(process.execPath, [conditions, script], { cwd: folder });
    expect(stdout).toContain(shownBy[kind]);
  });
});

/** A file that is named after it, and what it shows. */
const ownFileOf = { service: 'to-nordic-books.ts', file: 'to-nordic-books.ts', source: 'fake-nordic-books.ts' };
const shownBy = { service: 'is posted as 1001 in Nordic Books', file: '-987.60', source: '250.00' };

describe('the command', () => {
  const command = (args: readonly string[]) => run(process.execPath, [conditions, main, ...args], { cwd: place });

  test('says what was written and what to do next', async () => {
    const { stdout } = await command(['my-file', '--kind', 'file']);
    expect(stdout).toContain('cd bilag-my-file');
    expect(await readdir(join(place, 'bilag-my-file'))).toContain('package.json');
  });

  test('writes over nothing', async () => {
    await mkdir(join(place, 'used'));
    await writeFile(join(place, 'used/notes.txt'), 'mine');
    const refused = await command(['other', '--kind', 'file', '--folder', 'used']).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('there is something already') as string });
    expect(await readdir(join(place, 'used'))).toEqual(['notes.txt']);
  });

  test('says in a line that it cannot write there', async () => {
    await writeFile(join(place, 'a-file'), '');
    const refused = (await command(['other', '--kind', 'file', '--folder', 'a-file/other']).catch(
      (error: unknown) => error,
    )) as { code: number; stderr: string };
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^the package could not be written: .*\n$/);
  });

  test('fills the empty folder one stands in', async () => {
    const here = join(place, 'here');
    await mkdir(here);
    const { ino } = await stat(here);
    await run(process.execPath, [conditions, main, 'other', '--kind', 'file', '--folder', '.'], { cwd: here });
    expect(await readdir(here)).toEqual(expect.arrayContaining(['package.json', 'src', '.gitignore']));
    expect((await stat(here)).ino).toBe(ino);
    expect((await readdir(place)).filter((name) => name.startsWith('.create-adapter'))).toEqual([]);
  });

  test('asks nobody where there is no terminal', async () => {
    const refused = await command(['other']).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--kind') as string });
  });
});

/** What `npm install` would put there: the template's own dependencies. */
async function linkPackages(folder: string, kind: string): Promise<void> {
  await symlink(join(import.meta.dirname, '../templates', kind, 'node_modules'), join(folder, 'node_modules'));
}
