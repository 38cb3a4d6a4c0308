import type { DatabaseSync } from 'node:sqlite';
import { definePolicy, plainDate, type Policy } from '@bilag/core';

/** A customer of ours whose payments we book, as it stands in our database: nothing of it is checked yet. */
export interface Merchant {
  readonly id: string;
  readonly ledgerId: string;
  /** Where its keys are in the vault. */
  readonly credential: string;
  readonly cutOver: string;
  readonly salesVat: string;
}

/** Every merchant, page by page: a hundred or a hundred thousand, one page is in memory. */
export async function* merchants(database: DatabaseSync): AsyncGenerator<Merchant, void, undefined> {
  const page = database.prepare(
    `SELECT id, vipps_ledger AS "ledgerId", credential, cut_over AS "cutOver", sales_vat AS "salesVat"
     FROM merchant WHERE id > ? ORDER BY id LIMIT 50`,
  );
  let rows = page.all('') as unknown as Merchant[];
  while (rows.length > 0) {
    yield* rows;
    rows = page.all(rows.at(-1)?.id ?? '') as unknown as Merchant[];
  }
}

/** The bookkeeping choices a merchant has made in our pages. Throws `config` for those that are none. */
export function policyOf({ cutOver, salesVat }: Merchant): Policy {
  return definePolicy({
    versions: [{ from: plainDate(cutOver), market: 'NO', sales: { sale: salesVat }, lines: 'summary' }],
  });
}
