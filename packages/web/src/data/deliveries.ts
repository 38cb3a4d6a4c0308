import type { Company } from '@bilag/company';
import { accountNaming, isBilagError } from '@bilag/core';
import type { DeliveryRow, DeliveryStore } from '@bilag/engine';

/** Opens a company's delivery log to read it, gives it to the work, and closes it; undefined before the company was connected. */
export async function withDeliveries<Result>(
  company: Company,
  work: (store: DeliveryStore) => Promise<Result>,
): Promise<Result | undefined> {
  let store: DeliveryStore;
  try {
    store = await company.stores.openDeliveries(company, { create: false, onlyReads: true });
  } catch (error) {
    if (isBilagError(error) && error.kind === 'not-found') return undefined;
    throw error;
  }
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** The writes of these references, in the order of their dates. */
export async function rowsOf(
  store: DeliveryStore,
  companyId: string,
  references: Iterable<string>,
): Promise<readonly DeliveryRow[]> {
  const asked = [...new Set(references)];
  return asked.length === 0 ? [] : store.rows(companyId, { references: asked });
}

/** What the accounts of a company's vouchers are called. */
export function namesOfAccounts({ policy, source }: Company): ReturnType<typeof accountNaming> {
  const { provider } = source.declaration.profile ?? {};
  return accountNaming(policy, new Map(provider === undefined ? [] : [['', provider]]));
}
