import { holdingStates, type DeliveryRow, type RowHead, type RunRow } from '../log/delivery-store.ts';
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

/** A run, and those that came after it, the latest first; undefined where it is not in the log. Read some at a time. */
export async function runsSince(
  id: string,
  { store, companyId }: Pick<PlanSource, 'store' | 'companyId'>,
): Promise<{ readonly run: RunRow; readonly later: readonly RunRow[] } | undefined> {
  const later: RunRow[] = [];
  for (let after: RunRow | undefined; ; after = later.at(-1)) {
    const some = await store.runs(companyId, { most: runsAtATime, ...(after === undefined ? {} : { after }) });
    const at = some.findIndex((run) => run.id === id);
    later.push(...some.slice(0, at === -1 ? some.length : at));
    const run = some[at];
    if (run !== undefined) return { run, later };
    if (some.length !== runsAtATime) return undefined;
  }
}

const runsAtATime = 20;

/** The references of what a run has written so far. */
export async function writtenBy(
  run: string,
  { store, companyId }: Pick<PlanSource, 'store' | 'companyId'>,
): Promise<readonly string[]> {
  const heads = await Array.fromAsync(store.heads(companyId, { run, states: holdingStates }));
  return heads.map(({ reference }) => reference);
}
