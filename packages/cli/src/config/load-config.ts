import { BilagError, isBilagError } from '@bilag/core';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkCompany, type Companies, type Company, type Config } from './company.ts';
import { importFrom } from './import-from.ts';

/** A config that was found and read. Its companies are checked one by one as they are reached. */
export interface LoadedConfig {
  readonly file: string;
  /** Whether the config is one company; otherwise it is a stream of them. */
  readonly isSingle: boolean;
  companies(): AsyncGenerator<Company, void, undefined>;
}

/** The names a config has by default, looked for in this order. */
export const configNames: readonly string[] = [
  'bilag.config.ts',
  'bilag.config.js',
  'bilag.config.mjs',
  'bilag.config.json',
];

/**
 * Reads a config: TypeScript or JavaScript with a default export, or JSON. Throws `config` when it is not there, cannot be
 * loaded, or is not a config; `companies()` throws `config` at the company that is wrong.
 */
export async function loadConfig(options: {
  readonly cwd: string;
  readonly file?: string | undefined;
}): Promise<LoadedConfig> {
  const file = findConfig(options.cwd, options.file);
  const exported = file.endsWith('.json') ? await readJson(file) : await importConfig(file);
  const companies =
    typeof exported === 'function' ? await (exported as () => Companies | Promise<Companies>)() : exported;
  if (typeof companies !== 'object' || companies === null) throw notAConfig(file);
  return { file, isSingle: !isManyOf(companies), companies: () => companiesOf(companies as Companies, file) };
}

/** Whether a folder has a config under one of the default names. */
export function hasConfig(cwd: string): boolean {
  return configNames.some((name) => existsSync(join(cwd, name)));
}

function findConfig(cwd: string, wanted: string | undefined): string {
  const candidates = wanted === undefined ? configNames.map((name) => join(cwd, name)) : [resolve(cwd, wanted)];
  const file = candidates.find((candidate) => existsSync(candidate));
  if (file !== undefined) return file;
  throw new BilagError('config', {
    what: wanted === undefined ? 'there is no config here' : 'there is no such config',
    where: wanted === undefined ? cwd : (candidates[0] ?? wanted),
    now: 'make one with bilag init, or name it with --config',
  });
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new BilagError(
      'config',
      { what: `this is not JSON: ${messageOf(cause)}`, where: file, now: 'mend the config; nothing was done' },
      { cause },
    );
  }
}

async function importConfig(file: string): Promise<Config | undefined> {
  const url = pathToFileURL(file).href;
  const exported = await importFrom(url, url).catch((cause: unknown) => {
    if (isBilagError(cause)) throw cause;
    throw new BilagError(
      'config',
      {
        what: `the config could not be loaded: ${messageOf(cause)}`,
        where: file,
        now: 'mend the config; packages it imports are installed beside it with npm install',
      },
      { cause },
    );
  });
  if (exported['default'] === undefined) throw notAConfig(file);
  return exported['default'] as Config;
}

async function* companiesOf(companies: Companies, file: string): AsyncGenerator<Company, void, undefined> {
  const place = { file: basename(file), folder: dirname(file) };
  if (!isManyOf(companies)) {
    yield checkCompany(companies, place);
    return;
  }
  const ids = new Set<string>();
  for await (const company of companies) {
    const checked = checkCompany(company, place);
    // Two of one name would share archive and output, and some disks take `A` and `a` for one.
    if (ids.has(checked.id.toLowerCase())) {
      throw new BilagError('config', {
        what: `two companies have the id "${checked.id}"`,
        where: place.file,
        now: 'give each an id of its own',
      });
    }
    ids.add(checked.id.toLowerCase());
    yield checked;
  }
}

function isManyOf(companies: object): companies is Iterable<unknown> | AsyncIterable<unknown> {
  return Symbol.iterator in companies || Symbol.asyncIterator in companies;
}

function notAConfig(file: string): BilagError {
  return new BilagError('config', {
    what: 'this is not a config: it gives neither a company nor companies',
    where: file,
    now: 'export default defineConfig({ … }), or write one company or a list of them as JSON',
  });
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
