import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { repositoryRoot } from './support.ts';

/** What the tests read of a manifest. */
export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly version?: string;
  readonly description?: string;
  readonly keywords?: readonly string[];
  readonly license?: string;
  readonly type?: string;
  readonly files?: readonly string[];
  readonly sideEffects?: boolean;
  readonly exports?: PackageExports;
  readonly publishConfig?: { readonly access?: string; readonly exports?: PackageExports };
  readonly scripts?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
}

/** What a package lets others import, by condition. */
export type PackageExports = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** A package of the workspace, and the room it is in. */
export interface WorkspacePackage {
  readonly room: 'packages' | 'sources' | 'adapters' | 'simulators' | 'examples';
  /** The last part of its folder, such as `core`. */
  readonly folder: string;
  /** Its name without the scope: one package alone has it. */
  readonly shortName: string;
  readonly path: string;
  readonly manifest: Manifest;
}

/** Every package of the workspace, by room and folder. */
export const workspacePackages: readonly WorkspacePackage[] = (
  ['packages', 'sources', 'adapters', 'simulators', 'examples'] as const
).flatMap((room) =>
  foldersIn(join(repositoryRoot, room)).map((folder) => {
    const path = join(repositoryRoot, room, folder);
    const manifest = readManifest(path);
    return { room, folder, shortName: manifest.name.replace(/^@[^/]+\//, ''), path, manifest };
  }),
);

/** Those that are published: what a user installs. */
export const publishedPackages: readonly WorkspacePackage[] = workspacePackages.filter(
  ({ manifest }) => manifest.private !== true,
);

/** The manifest of the workspace itself. */
export const rootManifest: Manifest = readManifest(repositoryRoot);

/** The text files of a folder and its subfolders whose names end so; none when the folder is not there. */
export function filesUnder(folder: string, ending: string): string[] {
  const found: string[] = [];
  for (const entry of entriesOf(folder)) {
    if (entry === 'node_modules' || entry === 'dist' || entry.startsWith('.')) continue;
    const path = join(folder, entry);
    if (statSync(path).isDirectory()) found.push(...filesUnder(path, ending));
    else if (entry.endsWith(ending)) found.push(path);
  }
  return found;
}

/** A path as it is written in a message. */
export function shown(path: string): string {
  return relative(repositoryRoot, path);
}

export function readText(path: string): string {
  return readFileSync(path, 'utf8');
}

/** Source lines without comments: a line that is a comment becomes empty, so that line numbers stay. */
export function codeOf(source: string): string {
  const withoutBlocks = source.replaceAll(/^[ \t]*\/\*[\s\S]*?\*\//gm, (comment) => comment.replaceAll(/[^\n]/g, ''));
  return withoutBlocks.replaceAll(/(^|[\s;{])\/\/.*$/gm, '$1');
}

/** What a source file imports or exports again, from where. */
export function importsOf(source: string): string[] {
  const code = codeOf(source);
  const calls = code.matchAll(/\b(?:import|require|import\.meta\.resolve)\(\s*'([^']+)'/g);
  return [...statementsOf(code), ...calls].map((match) => match[1] ?? '');
}

/** What has to be loaded before a source file runs: not what it takes types of, nor what it loads when it needs it. */
export function loadedBefore(source: string): string[] {
  return statementsOf(codeOf(source)).flatMap(([statement, from = '']) =>
    /^(?:import|export)\s+type\s/.test(statement) ? [] : [from],
  );
}

function statementsOf(code: string): RegExpExecArray[] {
  return [...code.matchAll(/^(?:import|export)\s(?:[^;'"]*?\sfrom\s+)?'([^']+)'/gm)];
}

/** The package a specifier is in; undefined for a relative one. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('/')) return undefined;
  if (specifier.startsWith('node:')) return specifier;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function foldersIn(folder: string): string[] {
  return entriesOf(folder).filter((entry) => {
    return entriesOf(join(folder, entry)).includes('package.json');
  });
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

/** The manifest in a folder. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readText(join(folder, 'package.json'))) as Manifest;
}
