import { BilagError } from '@bilag/core';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { adapterNames, type AdapterNames } from './adapter-names.ts';

/** What is written: a target we talk to, a file to hand over, or a provider we read. */
export const adapterKinds = ['service', 'file', 'source'] as const;
export type AdapterKind = (typeof adapterKinds)[number];

/** What to write, and where. */
export interface NewAdapter {
  /** In any form: `My Books`, `my-books`. */
  readonly name: string;
  readonly kind: AdapterKind;
  /** Where the package goes; `bilag-<name>` in the current folder by default. It may not exist, or be empty. */
  readonly folder?: string;
}

/** What was written. */
export interface CreatedAdapter {
  readonly folder: string;
  /** The package's name. */
  readonly packageName: string;
  /** Paths below the folder, sorted. */
  readonly files: readonly string[];
}

/**
 * Writes a package for a new adapter from the template of its kind: it compiles, keeps every law of the conformance kit,
 * and posts to its fake target (or writes its file). The folder appears whole or not at all.
 *
 * Errors: `config` for a name that cannot be one, `conflict` for a folder with something in it.
 */
export async function createAdapter({ name, kind, folder: given }: NewAdapter): Promise<CreatedAdapter> {
  if (!adapterKinds.includes(kind)) {
    throw new BilagError('config', {
      what: 'there is no such kind of adapter',
      where: 'kind',
      action: `choose of: ${adapterKinds.join(', ')}; nothing was written`,
    });
  }
  const names = adapterNames(name);
  const packageName = `bilag-${names.kebab}`;
  const folder = resolve(given ?? packageName);
  const isThere = await isEmptyFolder(folder);
  const files = await filesOfTemplate(kind);
  await mkdir(dirname(folder), { recursive: true });
  const staging = await mkdtemp(join(dirname(folder), '.create-adapter-'));
  try {
    const range = `^${await ownVersion()}`;
    const written: string[] = [];
    for (const { path, text } of files) {
      const named = renamed(path, kind, names);
      await mkdir(dirname(join(staging, named)), { recursive: true });
      const content = renamed(text, kind, names);
      await writeFile(join(staging, named), named === 'package.json' ? withVersions(content, range) : content);
      written.push(named);
    }
    await writeFile(join(staging, '.gitignore'), 'dist/\nnode_modules/\n');
    if (isThere) await moveInto(folder, staging);
    else await rename(staging, folder);
    return { folder, packageName, files: [...written, '.gitignore'].toSorted() };
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
}

/** An empty folder may be where somebody stands: it is filled, not replaced. */
async function moveInto(folder: string, staging: string): Promise<void> {
  for (const name of await readdir(staging)) await rename(join(staging, name), join(folder, name));
  await rm(staging, { recursive: true });
}

/** Whether the folder is there, and empty. Throws `conflict` where there is something in the way. */
async function isEmptyFolder(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return false;
  if (found.isDirectory() && (await readdir(folder)).length === 0) return true;
  throw new BilagError('conflict', {
    what: 'there is something already',
    where: folder,
    action: 'choose another name or folder; nothing was written',
  });
}

interface TemplateFile {
  readonly path: string;
  readonly text: string;
}

async function filesOfTemplate(kind: AdapterKind): Promise<TemplateFile[]> {
  const root = join(import.meta.dirname, '../templates', kind);
  const files: TemplateFile[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/');
    if (!entry.isFile() || /^(?:node_modules|dist|\.turbo)\//.test(path)) continue;
    files.push({ path, text: await readFile(join(root, path), 'utf8') });
  }
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** The templates are packages of their own, each with a name of its own: every form of it is replaced. */
const acmeNames: Readonly<Record<AdapterKind, string>> = {
  service: 'acme-books',
  file: 'acme-file',
  source: 'acme-pay',
};

function renamed(text: string, kind: AdapterKind, names: AdapterNames): string {
  const template = adapterNames(acmeNames[kind]);
  const forms: readonly (keyof AdapterNames)[] = ['title', 'pascal', 'camel', 'upper', 'kebab'];
  return forms.reduce((result, form) => result.replaceAll(template[form], names[form]), text);
}

/**
 * In this workspace a template is never published and the packages are beside it; elsewhere they are those of the same
 * release.
 */
function withVersions(manifest: string, range: string): string {
  return manifest.replace(/^ *"private": true,\n/m, '').replaceAll('"workspace:^"', JSON.stringify(range));
}

async function ownVersion(): Promise<string> {
  const manifest = await readFile(join(import.meta.dirname, '../package.json'), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
