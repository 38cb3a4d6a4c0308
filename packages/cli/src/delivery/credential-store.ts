import { BilagError, type CredentialStore, type Secrets } from '@bilag/core';
import type { Company } from '../config/company.ts';
import type { World } from '../world.ts';

/** Where a company's targets find their keys: `env:NAME` in the environment, `file:NAME` in the encrypted file. */
export function credentialsFor(company: Company, world: World): CredentialStore {
  const environment = environmentCredentials(world.env);
  void company;
  return environment;
}

/** `env:FIKEN` is every variable that begins with `FIKEN_`: `FIKEN_CLIENT_ID` is the secret `clientId`. */
export function environmentCredentials(env: World['env']): CredentialStore {
  return {
    get: async (reference) => {
      const [, name] = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(reference) ?? [];
      if (name === undefined) throw noReference(reference);
      const secrets = secretsOf(env, `${name}_`);
      if (Object.keys(secrets).length > 0) return secrets;
      throw new BilagError('config', {
        what: `no variable begins with ${name}_`,
        where: `the environment, for "${reference}"`,
        now: `set the keys there, such as ${name}_TOKEN; what a target asks for is in its README`,
      });
    },
  };
}

function secretsOf(env: World['env'], prefix: string): Secrets {
  const set = Object.entries(env).filter(([name, value]) => name.startsWith(prefix) && (value ?? '').trim() !== '');
  return Object.fromEntries(set.map(([name, value]) => [camelCase(name.slice(prefix.length)), (value ?? '').trim()]));
}

function camelCase(name: string): string {
  return name.toLowerCase().replaceAll(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function noReference(reference: string): BilagError {
  return new BilagError('config', {
    what: 'this does not refer to keys',
    where: `"${/^(?:env|file):/.test(reference) ? reference.slice(0, 40) : '…'}"`,
    now: 'write env:NAME or file:NAME; keys themselves never stand in a config',
  });
}
