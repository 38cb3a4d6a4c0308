import type { Office } from '../view.ts';

/** How many things wait for a person: of a company, or of the whole office. Read from what is remembered, for every page. */
export async function countWaiting(office: Office, companyId: string | undefined): Promise<number> {
  let count = 0;
  for await (const { companyId: id, reasons } of office.store?.companies({ asksFor: 'person' }) ?? []) {
    if (companyId === undefined || id === companyId) count += reasons.length;
  }
  return count;
}
