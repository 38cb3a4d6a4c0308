import { checkPackage, createPackageFromTarballData, type CheckResult } from '@arethetypeswrong/core';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installedWith, packPackages, type PackedPackage } from './packed-packages.ts';
import { publishedPackages, readManifest, readText } from './repository.ts';
import { repositoryRoot } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'bilag-packed-'));
let packed: readonly PackedPackage[] = [];
const named = (name: string): PackedPackage => {
  const found = packed.find(({ manifest }) => manifest.name === name);
  if (found === undefined) throw new Error(`${name} is not packed`);
  return found;
};
const packages = publishedPackages.map(({ manifest }) => manifest.name);

beforeAll(async () => {
  packed = await packPackages(folder);
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a packed package', () => {
  test.for(packages)('%s holds what its manifest lists, and leads to nothing else', (name) => {
    const { content, files, manifest } = named(name);
    const listed = [...(manifest.files ?? []), 'package.json'];
    expect(files).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'REFERENCE.md', 'dist/index.d.ts', 'dist/index.js']),
    );
    expect(files.filter((file) => !listed.some((one) => file === one || file.startsWith(`${one}/`)))).toEqual([]);
    const built = files.filter((file) => file.startsWith('dist/'));
    expect(built.filter((file) => !/^dist\/[a-z0-9/-]+(?:\.js|\.d\.ts)$/.test(file))).toEqual([]);
    expect(built.filter((file) => readText(join(content, file)).includes('sourceMappingURL='))).toEqual([]);
  });

  test.for(packages)('%s has its modules joined, each of them once', (name) => {
    const { content, files } = named(name);
    const joined = files
      .filter((file) => /^dist\/.*\.js$/.test(file))
      .flatMap((file) => readText(join(content, file)).match(/^\/\/(?:#region)? dist\/.*\.js$/gm) ?? []);
    // Two of one module would be two classes of errors, and two tables of what is known.
    expect(joined.toSorted()).toEqual([...new Set(joined)].toSorted());
    // What only hands others on has nothing to join.
    expect(joined.length > 0 || name === '@bilag/simulator').toBe(true);
  });

  test.for(packages)('%s has a manifest that holds outside the workspace', (name) => {
    const { content } = named(name);
    const text = readText(join(content, 'package.json'));
    expect(text.match(/"(?:workspace|catalog|link|file):[^"]*"|@bilag\/source/g) ?? []).toEqual([]);
    const { dependencies = {} } = readManifest(content);
    // An exact version would make the user install a second copy, and keep fixes away.
    expect(Object.entries(dependencies).filter(([, range]) => !/^\^\d/.test(range))).toEqual([]);
  });

  test.for(packages)('%s is what publint takes for right', async (name) => {
    const { tarball } = named(name);
    const { messages } = await publint({ pack: { tarball: bytesOf(tarball).buffer }, strict: true });
    // The manifest of a template becomes that of a package when it is copied; here nothing reads it.
    const isOfTemplate = (path: unknown): boolean => String(path).startsWith('./templates/');
    expect(messages.filter(({ args }) => !('filePath' in args && isOfTemplate(args.filePath)))).toEqual([]);
  });

  test.for(packages)('%s has types that are right for every program of ES modules', async (name) => {
    const result = await checkPackage(createPackageFromTarballData(bytesOf(named(name).tarball)));
    expect(problemsOf(result)).toEqual([]);
  });
});

describe('docs/packages.md says what is installed', () => {
  const page = join(repositoryRoot, 'docs/packages.md');

  test('every package in time, none larger than it is noted', async () => {
    const text = readText(page);
    const rows = packed.map((pkg) => (holds(text, pkg) ? rowOf(text, pkg) : measured(pkg)));
    const table = [
      '| Package | Packed, at most | Unpacked, at most | Needs | Installs |',
      '|---|--:|--:|---|--:|',
      ...rows,
    ].join('\n');
    // `npx -y pnpm@12 api` notes anew what no longer holds.
    await expect(text.replace(/^\| Package \|.*\n(?:\|.*\n)*/m, `${table}\n`)).toMatchFileSnapshot(page);
  });
});

/** A note holds until the package has outgrown it, or has become less than a third of it. */
function holds(text: string, pkg: PackedPackage): boolean {
  const [, packedNote = '', unpackedNote = '', ...rest] = rowOf(text, pkg).split(' | ');
  const isNear = (bytes: number, note: string): boolean => {
    const most = Number.parseInt(note, 10) * 1000;
    return bytes <= most && bytes >= most / 3;
  };
  return (
    isNear(pkg.packedBytes, packedNote) &&
    isNear(pkg.unpackedBytes, unpackedNote) &&
    rest.join(' | ') === dependenciesOf(pkg)
  );
}

function rowOf(text: string, { manifest }: PackedPackage): string {
  return text.split('\n').find((line) => line.startsWith(`| \`${manifest.name}\` |`)) ?? '';
}

/** With room to grow by a fifth. */
function measured(pkg: PackedPackage): string {
  const most = (bytes: number): string => `${Math.ceil((bytes * 1.2) / 5000) * 5} kB`;
  return `| \`${pkg.manifest.name}\` | ${most(pkg.packedBytes)} | ${most(pkg.unpackedBytes)} | ${dependenciesOf(pkg)}`;
}

function dependenciesOf(pkg: PackedPackage): string {
  const direct = Object.keys(pkg.manifest.dependencies ?? {}).map((name) => name.replace('@bilag/', ''));
  return `${direct.join(', ')} | ${installedWith(pkg).length} |`;
}

/** What is wrong for a program of ES modules; Node 10 and `require` from CommonJS types are not promised. */
function problemsOf(result: CheckResult): readonly unknown[] {
  if (result.types === false) return ['no types'];
  const { entrypoints, problems } = result;
  return Object.values(entrypoints).flatMap(({ resolutions }) =>
    [resolutions['node16-esm'], resolutions.bundler].flatMap(({ visibleProblems = [] }) =>
      visibleProblems.map((index) => problems[index]),
    ),
  );
}

function bytesOf(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(path));
}
