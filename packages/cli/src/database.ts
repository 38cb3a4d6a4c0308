import type { CompanyStores } from '@bilag/company';
import { BilagError } from '@bilag/core';
import type { OfficeStore } from '@bilag/office';
import type { Postgres } from '@bilag/postgres';
import type { World } from './world.ts';

/** The variable that names the database of an office. */
const variable = 'BILAG_DATABASE';

/** Where the database of an office is, if the environment names one. */
export function databaseIn(env: World['env']): { readonly connectionString: string } | undefined {
  const connectionString = env[variable];
  return connectionString === undefined || connectionString === '' ? undefined : { connectionString };
}

/** The same for a command that is nothing without one. */
export function mustHaveDatabase(env: World['env']): { readonly connectionString: string } {
  const database = databaseIn(env);
  if (database !== undefined) return database;
  throw new BilagError('config', {
    what: 'no database is named',
    where: variable,
    action: 'set it to a connection string, such as postgres://bilag@127.0.0.1/bilag',
  });
}

/** Opens what companies with `store: 'database'` are kept in, where a database is named. */
export function storesIn(env: World['env']): (() => Promise<CompanyStores>) | undefined {
  const database = databaseIn(env);
  if (database === undefined) return undefined;
  return async () => {
    const { companyStores } = await import('@bilag/postgres');
    return companyStores(await opened(database.connectionString));
  };
}

/** What an office remembers that is kept in a database. */
export async function officeIn(env: World['env']): Promise<OfficeStore | undefined> {
  const database = databaseIn(env);
  return database === undefined ? undefined : (await opened(database.connectionString)).office;
}

const databases = new Map<string, Promise<Postgres>>();

/** One set of connections for whatever a command does with a database. The driver is loaded with the first of them. */
async function opened(connectionString: string): Promise<Postgres> {
  const known = databases.get(connectionString);
  if (known !== undefined) return known;
  const opening = (async () => (await import('@bilag/postgres')).openPostgres({ connectionString }))();
  databases.set(connectionString, opening);
  // What could not be opened may be there the next time.
  opening.catch(() => databases.delete(connectionString));
  return opening;
}
