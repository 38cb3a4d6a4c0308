import type { CompanyStores } from '@bilag/company';
import type { World } from './world.ts';

/** The variable that names the database of an office. */
export const databaseVariable = 'BILAG_DATABASE';

/** The database of an office, where the environment names one. Its driver is loaded here alone. */
export async function databaseOf(env: World['env']): Promise<CompanyStores | undefined> {
  const connectionString = env[databaseVariable];
  if (connectionString === undefined || connectionString === '') return undefined;
  const { companyStores, openPostgres } = await import('@bilag/postgres');
  return companyStores(await openPostgres({ connectionString }));
}
