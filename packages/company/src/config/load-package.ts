import { BilagError } from '@bilag/core';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { importFrom, type OwnPackages } from './import-from.ts';

/** From where packages are looked up. */
export interface PackagePlace {
  /** Absolute: the config's folder. */
  readonly folder: string;
  /** Where packages are found that are not installed there. */
  readonly packages?: OwnPackages | undefined;
}

/** What every adapter and every source declares. */
export interface Declaration {
  readonly contract: unknown;
  readonly kind: unknown;
  readonly id: string;
}

export function isDeclaration(value: unknown): value is Declaration {
  return typeof value === 'object' && value !== null && 'contract' in value && 'kind' in value && 'id' in value;
}

/**
 * What a package declares, by the package's name, with `#id` where it declares several. Throws `config` for what is no name
 * of a package, cannot be loaded, or declares no such thing.
 */
export async function loadDeclaration(
  named: string,
  { folder, packages }: PackagePlace,
  what: 'adapter' | 'source',
): Promise<{ readonly declaration: Declaration; readonly specifier: string }> {
  const [specifier = '', id] = named.split('#');
  if (!isPackageName(specifier)) throw notAPackage(folder, what);
  const exported = await importFrom(specifier, pathToFileURL(join(folder, 'bilag.config')).href, packages).catch(
    (cause: unknown) => {
      throw new BilagError(
        'config',
        {
          what: `the ${what} package "${specifier}" could not be loaded: ${firstLineOf(cause)}`,
          where: folder,
          action: `install it beside the config (npm install ${specifier}), or mend its name`,
        },
        { cause },
      );
    },
  );
  const declared = [...new Set(Object.values(exported))]
    .filter(isDeclaration)
    .filter(({ kind }) => (kind === 'source') === (what === 'source'));
  const fitting = id === undefined ? declared : declared.filter((each) => each.id === id);
  const [declaration] = fitting;
  if (declaration !== undefined && fitting.length === 1) return { declaration, specifier };
  throw new BilagError('config', {
    what:
      declared.length === 0
        ? `the package "${specifier}" exports no ${what}`
        : `the package "${specifier}" exports ${declared.length} ${what}s`,
    where: folder,
    action:
      declared.length === 0
        ? 'name a package that does'
        : `say which: ${declared.map((each) => `${specifier}#${each.id}`).join(', ')}`,
  });
}

/**
 * A name alone, by npm's rule. An address (`data:`, `file:`) or a path would run what anybody put there, and a config that is
 * data is to stay data; code that is a config imports its adapter itself.
 */
function isPackageName(specifier: string): boolean {
  return /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/.test(specifier) && specifier.length <= 214;
}

/** What stands there is not repeated: an address may hold a password. */
function notAPackage(folder: string, what: 'adapter' | 'source'): BilagError {
  const [article, example] = what === 'adapter' ? ['an', '@bilag/saf-t'] : ['a', '@bilag/vipps'];
  return new BilagError('config', {
    what: `${article} ${what} is named by its package: neither by an address nor by a path`,
    where: folder,
    action: `write the name of a package, such as ${example}, or import the ${what} in a bilag.config.ts; nothing was loaded`,
  });
}

function firstLineOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
