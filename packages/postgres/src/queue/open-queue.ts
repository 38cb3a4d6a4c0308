import { Connection, type PostgresOptions } from '../connection.ts';
import { mustBeMigrated } from '../migrate.ts';
import { companyStores } from '../company-stores.ts';
import { postgresOn } from '../open-postgres.ts';
import { newBoss } from '../boss.ts';
import { NightQueue } from './night-queue.ts';
import type { OfficeQueue } from './queue-types.ts';
import { Worker } from './worker.ts';

/**
 * Opens the queue. Throws `config` where the tables are not up to date (see {@link migratePostgres}).
 *
 * @example
 * ```ts
 * import { openQueue, type Enqueued } from '@bilag/postgres';
 *
 * const enqueue = async (connectionString: string, ids: readonly string[]): Promise<Enqueued> => {
 *   const queue = await openQueue({ connectionString });
 *   const companies = ids.map((id) => ({ id, input: { id } }));
 *   const at = Date.now();
 *   const enqueued = await queue.enqueue(companies, { target: 'books', at, goesOnSince: at - 43_200_000 });
 *   await queue.close();
 *   return enqueued;
 * };
 * typeof enqueue; // => 'function'
 * ```
 */
export async function openQueue(options: PostgresOptions = {}): Promise<OfficeQueue> {
  const connection = new Connection(options);
  const boss = newBoss(options, false);
  try {
    await mustBeMigrated(connection);
    await boss.start();
  } catch (error) {
    await connection.close();
    throw error;
  }
  const postgres = postgresOn(connection);
  const queue = new NightQueue(connection, boss, postgres.office);
  return {
    where: connection.where,
    stores: companyStores(postgres),
    enqueue: (...given) => queue.enqueue(...given),
    status: () => queue.status(),
    redrive: (companyId) => queue.dead.redrive(companyId),
    work: (given) => new Worker(connection, boss, queue, given).run(),
    close: async () => {
      await boss.stop({ graceful: false });
      await connection.close();
    },
  };
}
