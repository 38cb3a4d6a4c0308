import { BilagError, type CredentialStore, quotedName } from '@bilag/core';

/**
 * Credentials from environment variables, read-only. `env:FIKEN` has every variable that begins with `FIKEN_`:
 * `FIKEN_CLIENT_SECRET` is its `clientSecret`. Throws `config` when there is none, or the reference is none.
 *
 * @example
 * ```ts
 * import { environmentCredentials } from '@bilag/engine';
 *
 * const store = environmentCredentials({ FIKEN_API_TOKEN: 'from the shell' });
 * await store.get('env:FIKEN'); // => { apiToken: 'from the shell' }
 * ```
 */
export function environmentCredentials(env: Readonly<Record<string, string | undefined>>): CredentialStore {
  return {
    get: async (reference) => {
      const [, name] = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(reference) ?? [];
      if (name === undefined) throw noReference();
      const secrets = Object.entries(env).flatMap(([variable, value = '']) =>
        variable.startsWith(`${name}_`) && value.trim() !== ''
          ? [[toCamelCase(variable.slice(name.length + 1)), value.trim()] as const]
          : [],
      );
      if (secrets.length === 0) throw notSet(name, reference);
      return Object.fromEntries(secrets);
    },
  };
}

function toCamelCase(name: string): string {
  return name.toLowerCase().replaceAll(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function notSet(name: string, reference: string): BilagError {
  const shown = quotedName(name).slice(1, -1);
  return new BilagError('config', {
    what: `no variable begins with ${shown}_`,
    where: `the environment, for ${quotedName(reference)}`,
    action: `set the keys there, such as ${shown}_TOKEN; what a target asks for is in its README`,
  });
}

/** What stands where a reference belongs may be a key: it is not repeated. */
function noReference(): BilagError {
  return new BilagError('config', {
    what: 'this does not refer to keys in the environment',
    where: '"…"',
    action: 'write env:NAME; keys themselves never stand in a config',
  });
}
