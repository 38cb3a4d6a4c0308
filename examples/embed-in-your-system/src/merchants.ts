import type { DatabaseSync } from 'node:sqlite';
import type { CompanyInput } from '@bilag/company';
import type { ServiceAdapter } from '@bilag/core';

/** A customer of ours whose payments we book, as it stands in our database: nothing of it is checked yet. */
export interface Merchant {
  readonly id: string;
  readonly name: string;
  readonly organisationNumber: string;
  readonly ledgerId: string;
  /** Where its keys are in the vault. */
  readonly credential: string;
  readonly cutOver: string;
  readonly salesVat: string;
}

/** Every merchant, page by page: a hundred or a hundred thousand, one page is in memory. */
export async function* merchants(database: DatabaseSync): AsyncGenerator<Merchant, void, undefined> {
  const page = database.prepare(
    `SELECT id, name, organisation_number AS "organisationNumber", vipps_ledger AS "ledgerId", credential, cut_over AS "cutOver", sales_vat AS "salesVat"
     FROM merchant WHERE id > ? ORDER BY id LIMIT 50`,
  );
  let rows = page.all('') as unknown as Merchant[];
  while (rows.length > 0) {
    yield* rows;
    rows = page.all(rows.at(-1)?.id ?? '') as unknown as Merchant[];
  }
}

/** A merchant as Bilag's config of a company: who it is, where its payments are, and the choices it made in our pages. */
export function companyOf(
  { id, name, organisationNumber, ledgerId, credential, cutOver, salesVat }: Merchant,
  baseUrl: string,
  adapter: ServiceAdapter<{ readonly merchantId: string }>,
): CompanyInput {
  return {
    id,
    name,
    organisationNumber,
    country: 'NO',
    currency: 'NOK',
    store: 'database',
    source: { kind: 'vipps', keys: 'merchant', credentials: credential, ledgers: [ledgerId], baseUrl },
    policy: { versions: [{ from: cutOver, market: 'NO', sales: { sale: salesVat }, lines: 'summary' }] },
    targets: { ledger: { adapter, config: { merchantId: id } } },
  };
}
