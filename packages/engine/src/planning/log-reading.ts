import type { DeliveryRow, RowHead } from '../log/delivery-store.ts';
import type { DeliveryContext } from '../delivery/delivery-run.ts';
import type { PlanSource } from './plan.ts';

/** The rows of these heads with their vouchers, read some at a time. One that is gone or changed meanwhile is as it is then. */
export async function* fullRows(
  heads: readonly RowHead[],
  { store, companyId }: Pick<PlanSource, 'store' | 'companyId'>,
): AsyncGenerator<DeliveryRow, void, undefined> {
  for (let place = 0; place < heads.length; place += readAtATime) {
    const references = heads.slice(place, place + readAtATime).map(({ reference }) => reference);
    yield* await store.rows(companyId, { references });
  }
}

const readAtATime = 500;

/** Whether the log has such a row; it is read until there is one. */
export async function hasRow(
  { store, companyId }: Pick<DeliveryContext, 'store' | 'companyId'>,
  isMeant: (row: RowHead) => boolean = () => true,
): Promise<boolean> {
  for await (const head of store.heads(companyId)) if (isMeant(head)) return true;
  return false;
}
