export { companyStores } from './company-stores.ts';
export { migratePostgres, type Migrated } from './migrate.ts';
export { openPostgres, type Postgres } from './open-postgres.ts';
export { openQueue } from './queue/open-queue.ts';
export type { Enqueued, OfficeQueue, QueuedCompany, QueueStatus, WorkerEvent } from './queue/queue-types.ts';
