export { companyStores } from './company-stores.ts';
export type { PostgresOptions } from './connection.ts';
export { migratePostgres, type Migrated } from './migrate.ts';
export { openPostgres, type Postgres } from './open-postgres.ts';
export { openQueue } from './queue/open-queue.ts';
export type {
  DeadCompany,
  Enqueued,
  OfficeQueue,
  QueuedCompany,
  QueueStatus,
  WorkerEvent,
  WorkerOptions,
} from './queue/queue-types.ts';
export type { TurnsOptions } from './turnstile.ts';
