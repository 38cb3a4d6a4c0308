import type { ServiceContext } from '@bilag/core';
import type { ArchiveStore, BankRecord, DeliveryStore, InvoiceRecord } from '@bilag/engine';
import type { OfficeStore } from '@bilag/office';
import { PostgresArchive } from './archive/archive.ts';
import { PostgresBankRecord } from './records/bank-record.ts';
import { databaseClock } from './clock.ts';
import { Connection, type PostgresOptions } from './connection.ts';
import { PostgresDeliveryLog } from './delivery-log.ts';
import { PostgresInvoiceRecord } from './records/invoice-record.ts';
import { mustBeMigrated } from './migrate.ts';
import { PostgresOffice } from './office.ts';
import { PostgresTurnstile, type TurnsOptions } from './turnstile.ts';

/** Bilag's stores on one PostgreSQL database, for any number of machines. */
export interface Postgres {
  /** For messages: host, database and schema, never a password. */
  readonly where: string;
  /** The archive of one company; `open` says whether anything is there. */
  archive(companyId: string): ArchiveStore & { open(): Promise<boolean> };
  /** The delivery log of every company. */
  readonly deliveries: DeliveryStore;
  /** What the bank of one company delivered; `isThere` where anything was ever kept. */
  bank(companyId: string): BankRecord & { isThere(): Promise<boolean> };
  /** What the provider of one company has invoiced. */
  invoices(companyId: string): InvoiceRecord;
  /** What the office remembers of its nights. */
  readonly office: OfficeStore;
  /** Turns under a target's limits; `pause` is told what the target asks for. */
  turns(options: TurnsOptions): {
    readonly turn: ServiceContext['turn'];
    readonly pause: NonNullable<ServiceContext['pause']>;
    /** Gives back what is kept for the next turn; else it is free a moment later. */
    close(): Promise<void>;
  };
  /** The database's time for a run, whatever the clock of this machine says. */
  clock(signal?: AbortSignal): Promise<Pick<ServiceContext, 'now' | 'sleep' | 'signal'>>;
  close(): Promise<void>;
}

/**
 * Opens the stores. Throws `config` where the tables are not up to date (see {@link migratePostgres}) or the server does not take
 * the user, `unavailable` where it cannot be reached.
 *
 * @example
 * ```ts
 * import { migratePostgres, openPostgres, type Postgres } from '@bilag/postgres';
 *
 * const start = async (connectionString: string): Promise<Postgres> => {
 *   await migratePostgres({ connectionString });
 *   return openPostgres({ connectionString });
 * };
 * typeof start; // => 'function'
 * ```
 */
export async function openPostgres(
  options: PostgresOptions & {
    /** `given`: leases go by the times that callers give, as the laws of stores need it. By default the database's clock. */
    readonly time?: 'database' | 'given';
  } = {},
): Promise<Postgres> {
  const connection = new Connection(options);
  try {
    await mustBeMigrated(connection);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return postgresOn(connection, options.time);
}

/** The stores on connections that are open. */
export function postgresOn(connection: Connection, time: 'database' | 'given' = 'database'): Postgres {
  return {
    where: connection.where,
    archive: (companyId) => new PostgresArchive(connection, companyId),
    deliveries: new PostgresDeliveryLog(connection, time),
    bank: (companyId) => new PostgresBankRecord(connection, companyId),
    invoices: (companyId) => new PostgresInvoiceRecord(connection, companyId),
    office: new PostgresOffice(connection),
    turns: (asked) => new PostgresTurnstile(connection, asked),
    clock: (signal) => databaseClock(connection, signal),
    close: () => connection.close(),
  };
}
