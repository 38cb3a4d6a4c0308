import type { CompanyStores } from '@bilag/company';
import { BilagError } from '@bilag/core';
import type { OfficeStore } from '@bilag/office';
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

/** What companies with `store: 'database'` are kept in. The driver is loaded here and in the commands of the queue alone. */
export async function storesIn(env: World['env']): Promise<CompanyStores | undefined> {
  const database = databaseIn(env);
  if (database === undefined) return undefined;
  const { companyStores, openPostgres } = await import('@bilag/postgres');
  return companyStores(await openPostgres(database));
}

/** What an office remembers that is kept in a database. */
export async function officeIn(env: World['env']): Promise<OfficeStore | undefined> {
  const database = databaseIn(env);
  if (database === undefined) return undefined;
  const { openPostgres } = await import('@bilag/postgres');
  return (await openPostgres(database)).office;
}
