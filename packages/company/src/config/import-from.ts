import { registerHooks } from 'node:module';

/** How a program finds the packages that come with it: `{ url: import.meta.url, import: (name) => import(name) }`. */
export interface OwnPackages {
  readonly url: string;
  readonly import: (name: string) => Promise<unknown>;
}

/**
 * Imports a module as if `parentUrl` did. What is not installed there, also of what it imports itself, is looked for among
 * the program's own packages: a config works beside a global installation too. Ours and anybody's packages take the same
 * path.
 */
export async function importFrom(
  specifier: string,
  parentUrl: string,
  own: OwnPackages = ownOfCompany,
): Promise<Record<string, unknown>> {
  const hooks = registerHooks({
    resolve: (wanted, context, next) => {
      const isOurs = wanted === specifier && context.parentURL === import.meta.url;
      const from = isOurs ? { ...context, parentURL: parentUrl } : context;
      try {
        return next(wanted, from);
      } catch (error) {
        if (isOurs || !isPackageName(wanted) || !isNotFound(error)) throw error;
        return next(wanted, { ...context, parentURL: own.url });
      }
    },
  });
  try {
    return (await import(specifier).catch((error: unknown) => {
      if (!isPackageName(specifier) || !isNotFound(error)) throw error;
      return own.import(specifier);
    })) as Record<string, unknown>;
  } finally {
    hooks.deregister();
  }
}

const ownOfCompany: OwnPackages = { url: import.meta.url, import: async (name) => import(name) };

function isPackageName(specifier: string): boolean {
  return /^@?[A-Za-z0-9]/.test(specifier) && !URL.canParse(specifier);
}

function isNotFound(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND')
  );
}
