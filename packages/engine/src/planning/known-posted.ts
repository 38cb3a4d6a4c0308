import type { Posted } from '@bilag/core';
import type { RowHead } from '../log/delivery-store.ts';
import type { DeliveryContext } from '../delivery/delivery-run.ts';

/** What the log knows of a posting. */
export interface Known {
  /** Whether the log has its reference or its id. */
  readonly has: (posted: Posted) => boolean;
  /** Whether the log has it, or what it takes back. */
  readonly isOurs: (posted: Posted) => boolean;
  /** What the log says the target calls the voucher of a reference; undefined where it has none. */
  readonly idOf: (reference: string) => string | null | undefined;
}

/** Reads what a target lists, each with what the log knows: asked some at a time, and nothing is kept. */
export async function* withKnown(
  listed: AsyncIterable<Posted> | Iterable<Posted>,
  context: Pick<DeliveryContext, 'store' | 'companyId'>,
): AsyncGenerator<readonly [Posted, Known], void, undefined> {
  let some: Posted[] = [];
  for await (const posted of listed) {
    some.push(posted);
    if (some.length < askedAtATime) continue;
    yield* await together(some, context);
    some = [];
  }
  if (some.length > 0) yield* await together(some, context);
}

const askedAtATime = 500;

async function together(
  some: readonly Posted[],
  { store, companyId }: Pick<DeliveryContext, 'store' | 'companyId'>,
): Promise<(readonly [Posted, Known])[]> {
  const heads = new Map<string, RowHead>();
  const references = some.map(({ reference }) => reference);
  for await (const head of store.heads(companyId, { references })) heads.set(head.reference, head);
  const asked = some.flatMap(({ id, reverses }) => (reverses === undefined ? [id] : [id, reverses]));
  const ids = new Set<string | null>();
  for await (const head of store.heads(companyId, { targetIds: asked })) ids.add(head.delivery.targetId);
  const has = ({ reference, id }: Posted): boolean => heads.has(reference) || ids.has(id);
  const known: Known = {
    has,
    isOurs: (posted) => has(posted) || ids.has(posted.reverses ?? null),
    idOf: (reference) => heads.get(reference)?.delivery.targetId,
  };
  return some.map((posted) => [posted, known]);
}
