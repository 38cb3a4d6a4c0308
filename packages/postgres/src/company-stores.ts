import { BilagError } from '@bilag/core';
import type { Company, CompanyStores } from '@bilag/company';
import type { Postgres } from './open-postgres.ts';

/**
 * Where workers die every night, who follows need not wait longer than the longest write: a lease is renewed for that before each,
 * and every ten seconds in between.
 */
const leaseMs = 30_000;

/**
 * What companies with `store: 'database'` are kept in. The connections stay open: close them when the work is done.
 *
 * @example
 * ```ts
 * import type { CompanyStores } from '@bilag/company';
 * import { companyStores, openPostgres } from '@bilag/postgres';
 *
 * const start = async (connectionString: string): Promise<CompanyStores> =>
 *   companyStores(await openPostgres({ connectionString }));
 * typeof start; // => 'function'
 * ```
 */
export function companyStores(postgres: Postgres): CompanyStores {
  const places = ({ id }: Company): { readonly archive: string; readonly delivery: string } => ({
    archive: postgres.archive(id).where,
    delivery: postgres.where,
  });
  return {
    placesOf: places,
    openArchive: async (company, { create }) => {
      const archive = postgres.archive(company.id);
      if (!(await archive.open()) && !create) {
        throw new BilagError('not-found', {
          what: 'there is no archive',
          where: archive.where,
          action: 'fetch into it first',
        });
      }
      return archive;
    },
    openDeliveries: async (company, { create }) => {
      const { deliveries, where } = postgres;
      if (create || (await deliveries.pastOf(company.id)) !== undefined) return deliveries;
      throw new BilagError('not-found', {
        what: 'there is no delivery log',
        where,
        action: 'connect the company first',
      });
    },
    openBank: async ({ id }, { create }) => {
      const bank = postgres.bank(id);
      if (create || (await bank.isThere())) return bank;
      throw nothingRecorded(bank.where);
    },
    openInvoices: async ({ id }, { create }) => {
      const invoices = postgres.invoices(id);
      if (create || (await invoices.invoices()).length > 0) return invoices;
      throw nothingRecorded(invoices.where);
    },
    leaseMs,
    openTurns: (_, { limits }, clock) => postgres.turns({ limits, clock }),
    clock: (signal) => postgres.clock(signal),
  };
}

function nothingRecorded(where: string): BilagError {
  return new BilagError('not-found', { what: 'nothing was recorded', where, action: 'record something first' });
}
