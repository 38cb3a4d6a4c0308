import { BilagError, isBilagError, quotedName, type Source } from '@bilag/core';
import { parseJson } from '@bilag/http';
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findConfig } from './find-config.ts';
import type { CompanyStores } from '../stores.ts';
import { loadCompany, type Companies, type Company, type CompanyPlace, type Config } from './company.ts';
import { importFrom, type OwnPackages } from './import-from.ts';
import { firstStrangeWord, lineInJson } from './line-in-json.ts';

/** A config that was found and read. Its companies are checked one by one as they are reached. */
export interface LoadedConfig {
  readonly file: string;
  /** Whether the config is one company; otherwise it is a stream of them. */
  readonly isSingle: boolean;
  /** With `onWrong`, a company that is wrong is told there and left out; without, its error ends the list. */
  companies(onWrong?: (error: BilagError) => void): AsyncGenerator<Company, void, undefined>;
  /** Whether the file is another by now than the one that was read: written to, replaced or gone. */
  hasChanged(): boolean;
}

/**
 * Reads a config: TypeScript or JavaScript with a default export, or JSON. Throws `config` when it is not there, cannot be
 * loaded, or is not a config; `companies()` throws `config` at the company that is wrong.
 */
export async function loadConfig(options: {
  readonly cwd: string;
  readonly file?: string | undefined;
  /** Where packages are found that are not installed beside the config. */
  readonly packages?: OwnPackages | undefined;
  /** The sources that `source.kind` may name by their ids. */
  readonly sources?: readonly Source[] | undefined;
  /** Opens what companies share that are kept in a database: when the first of them is read. */
  readonly database?: (() => Promise<CompanyStores>) | undefined;
}): Promise<LoadedConfig> {
  const file = findConfig(options.cwd, options.file);
  checkFile(file);
  const state = stateOf(file);
  const text = file.endsWith('.json') ? (await readFile(file, 'utf8')).replace(/^\uFEFF/, '') : undefined;
  const { packages, sources } = options;
  const exported = text === undefined ? await importConfig(file, packages) : parsed(text, file);
  const companies =
    typeof exported === 'function' ? await (exported as () => Companies | Promise<Companies>)() : exported;
  if (typeof companies !== 'object' || companies === null) throw notAConfig(file);
  const lineOf = (path: readonly PropertyKey[]): number | undefined =>
    text === undefined ? undefined : lineInJson(text, path);
  const place = { file: basename(file), folder: dirname(file), packages, sources, lineOf };
  return {
    file,
    isSingle: !isManyOf(companies),
    companies: (onWrong) => companiesOf(companies as Companies, { ...place, openDatabase: options.database }, onWrong),
    hasChanged: () => stateOf(file) !== state,
  };
}

/** How a file is: one that was written to or replaced is another. Undefined where it is gone. */
function stateOf(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && [found.ino, found.size, found.mtimeMs].join('-');
}

/** A device never ends, and what is longer than any config is another file. */
function checkFile(file: string): void {
  const found = statSync(file);
  if (found.isFile() && found.size <= longestConfig) return;
  throw new BilagError('config', {
    what: found.isFile() ? `a config has at most ${longestConfig / 1_048_576} MiB` : 'this is not a file',
    where: file,
    action: found.isFile()
      ? 'export a generator of companies from a bilag.config.ts instead: they are read one by one'
      : 'name the config itself',
  });
}

const longestConfig = 67_108_864;

/** Where it breaks is told and not what stands there: that may be a key. */
function parsed(text: string, file: string): unknown {
  try {
    JSON.parse(text);
  } catch (error) {
    const [, position] = /at position (\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
    const before = text.slice(0, position === undefined ? firstStrangeWord(text) : Number(position));
    const line = before.split('\n').length;
    throw new BilagError('config', {
      what: 'this is not JSON: a quote, a comma or a bracket is missing, or is one too many',
      where: `${file}:${line}:${before.length - before.lastIndexOf('\n')}`,
      action: 'mend the config there, or shortly before; nothing was done',
    });
  }
  // With its bounds: what is nested without end is refused, and a number that cannot be held is not rounded.
  return parseJson(text, { where: file, kind: 'config' });
}

async function importConfig(file: string, packages: OwnPackages | undefined): Promise<Config | undefined> {
  const url = moduleOf(file);
  const exported = await importFrom(url, url, packages).catch((cause: unknown) => {
    if (isBilagError(cause)) throw cause;
    throw new BilagError(
      'config',
      {
        what: `the config could not be loaded: ${messageOf(cause)}`,
        where: file,
        action: 'mend the config; packages it imports are installed beside it with npm install',
      },
      { cause },
    );
  });
  if (exported['default'] === undefined) throw notAConfig(file);
  return exported['default'] as Config;
}

/** A program reads a module once: a config that has changed since is another one to it. What that imports itself stays as it was read. */
function moduleOf(file: string): string {
  const { href } = pathToFileURL(file);
  const found = stateOf(file);
  const first = firstRead.get(href) ?? found;
  firstRead.set(href, first);
  return found === first ? href : `${href}?changed=${found}`;
}

const firstRead = new Map<string, string | undefined>();

async function* companiesOf(
  companies: Companies,
  place: PlaceWithLines,
  onWrong?: (error: BilagError) => void,
): AsyncGenerator<Company, void, undefined> {
  const ids = new Set<string>();
  let index = 0;
  for await (const company of isManyOf(companies) ? companies : [companies]) {
    const at = isManyOf(companies) ? [index++] : [];
    let checked: Company;
    try {
      checked = await loadOne(company, { ...place, lineOf: (path) => place.lineOf([...at, ...path]) }, ids);
    } catch (error) {
      if (onWrong === undefined || !isBilagError(error)) throw error;
      onWrong(error);
      continue;
    }
    yield checked;
  }
}

interface PlaceWithLines extends CompanyPlace {
  readonly lineOf: NonNullable<CompanyPlace['lineOf']>;
  readonly openDatabase?: (() => Promise<CompanyStores>) | undefined;
}

async function loadOne(company: unknown, place: PlaceWithLines, ids: Set<string>): Promise<Company> {
  const { openDatabase, ...rest } = place;
  const isInDatabase =
    typeof company === 'object' && company !== null && 'store' in company && company.store === 'database';
  const checked = await loadCompany(company, isInDatabase ? { ...rest, database: await openDatabase?.() } : rest);
  // Two of one name would share archive and output, and some disks take `A` and `a` for one.
  if (ids.has(checked.id.toLowerCase())) {
    throw new BilagError('config', {
      what: `two companies have the id "${checked.id}"`,
      where: place.file,
      action: 'give each an id of its own',
    });
  }
  ids.add(checked.id.toLowerCase());
  return checked;
}

function isManyOf(companies: object): companies is Iterable<unknown> | AsyncIterable<unknown> {
  return Symbol.iterator in companies || Symbol.asyncIterator in companies;
}

function notAConfig(file: string): BilagError {
  return new BilagError('config', {
    what: 'this is not a config: it gives neither a company nor companies',
    where: file,
    action: 'export default defineConfig({ … }), or write one company or a list of them as JSON',
  });
}

/** A message of Node's may quote what stands in the config, and that may be a key; a path is none. */
function messageOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.replaceAll(/(['"`])(?!\/|file:|[A-Z]:\\)(.+?)\1/g, (_, quote: string, text: string) => {
    return `${quote}${quotedName(text).slice(1, -1)}${quote}`;
  });
}
