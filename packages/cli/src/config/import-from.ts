import { registerHooks } from 'node:module';

/**
 * Imports a module as if `parentUrl` did, and lets whatever it imports that is not installed there be found where Bilag
 * is: a config works beside a global installation too. Ours and anybody's packages take the same path.
 */
export async function importFrom(specifier: string, parentUrl: string): Promise<Record<string, unknown>> {
  const hooks = registerHooks({
    resolve: (wanted, context, next) => {
      const isOurs = wanted === specifier && context.parentURL === import.meta.url;
      const from = isOurs ? { ...context, parentURL: parentUrl } : context;
      try {
        return next(wanted, from);
      } catch (error) {
        if (!isPackageName(wanted) || !isNotFound(error)) throw error;
        return next(wanted, { ...context, parentURL: import.meta.url });
      }
    },
  });
  try {
    return (await import(specifier)) as Record<string, unknown>;
  } finally {
    hooks.deregister();
  }
}

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
