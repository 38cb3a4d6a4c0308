import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { scheduler } from 'node:timers/promises';
import { promisify } from 'node:util';
import { writeReferences } from './api-pages.ts';
import { readApis } from './api-surface.ts';
import { publishedPackages, readManifest, type WorkspacePackage } from './repository.ts';
import { repositoryRoot } from './support.ts';

const run = promisify(execFile);

/** A package as its user gets it. */
export interface PackedPackage extends WorkspacePackage {
  readonly tarball: string;
  /** Where its content lies, unpacked. */
  readonly content: string;
  /** The files in it, relative to `content`. */
  readonly files: readonly string[];
  readonly packedBytes: number;
  readonly unpackedBytes: number;
}

/** Builds what is not built, packs every published package as `pnpm publish` would, and unpacks it again. */
export async function packPackages(into: string): Promise<readonly PackedPackage[]> {
  await buildPackages();
  writeReferences(readApis());
  const chosen = publishedPackages.flatMap(({ manifest }) => ['--filter', manifest.name]);
  const packed = JSON.parse(await pnpm('-r', ...chosen, 'pack', '--json', '--pack-destination', into)) as readonly {
    readonly name: string;
    readonly filename: string;
  }[];
  return Promise.all(
    publishedPackages.map(async (pkg) => {
      const tarball = packed.find(({ name }) => name === pkg.manifest.name)?.filename;
      if (tarball === undefined) throw new Error(`${pkg.manifest.name} was not packed`);
      const content = join(into, pkg.shortName);
      await mkdir(content, { recursive: true });
      await run('tar', ['-xzf', tarball, '-C', content, '--strip-components=1']);
      return { ...pkg, tarball, content, ...(await measure(tarball, content)) };
    }),
  );
}

/** Builds what is not built, or was built from other sources: one test at a time, since each would read what another writes. */
export async function buildPackages(): Promise<void> {
  const lock = join(repositoryRoot, 'node_modules/.building');
  const isOld = async (): Promise<boolean> => Date.now() - (await stat(lock)).mtimeMs > longestBuildMs;
  while (
    !(await mkdir(lock)
      .then(() => true, isOld)
      .catch(() => false))
  )
    await scheduler.wait(100);
  try {
    await pnpm('build');
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/** Whoever built longer than this has ended without a word. */
const longestBuildMs = 180_000;

/** The names of the other packages that are installed with this one: what it depends on, and what they do, to the end. */
export function installedWith({ path, manifest }: WorkspacePackage): readonly string[] {
  const found = new Map<string, string>();
  const visit = (folder: string, names: readonly string[]): void => {
    for (const name of names) {
      const place = placeOf(name, folder);
      if (found.has(place)) continue;
      found.set(place, name);
      visit(place, Object.keys(readManifest(place).dependencies ?? {}));
    }
  };
  visit(path, Object.keys(manifest.dependencies ?? {}));
  return [...found.values()].toSorted();
}

/** Where Node finds a package that one in this folder asks for. */
function placeOf(name: string, folder: string): string {
  const place = join(folder, 'node_modules', name);
  if (existsSync(place)) return realpathSync(place);
  if (dirname(folder) === folder) throw new Error(`${name} is not installed`);
  return placeOf(name, dirname(folder));
}

async function measure(
  tarball: string,
  content: string,
): Promise<Pick<PackedPackage, 'files' | 'packedBytes' | 'unpackedBytes'>> {
  const entries = await readdir(content, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const sizes = await Promise.all([tarball, ...paths].map(async (path) => (await stat(path)).size));
  return {
    files: paths.map((path) => relative(content, path)).toSorted(),
    packedBytes: sizes[0] ?? 0,
    unpackedBytes: sizes.slice(1).reduce((total, size) => total + size, 0),
  };
}

async function pnpm(...args: readonly string[]): Promise<string> {
  const running = run('npx', ['-y', 'pnpm@12', ...args], { cwd: repositoryRoot, maxBuffer: 2 ** 26 });
  const { stdout } = await running.catch((error: Error & { readonly stdout?: string }) => {
    throw new Error(`${error.message}\n${error.stdout ?? ''}`, { cause: error });
  });
  return stdout;
}
