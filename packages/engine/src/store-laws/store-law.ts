import { isBilagError, type ErrorKind } from '@bilag/core';
import type { DeliveryStore } from '../log/delivery-store.ts';

/** Where a store keeps its data, with nothing in it yet: a new file, an empty schema. */
export interface StorePlace<Store extends Closable = DeliveryStore> {
  /** The store on this place. Each call gives one of its own, as another process would open it; the law closes it. */
  open(): Promise<Store>;
}

interface Closable {
  close(): Promise<void>;
}

/** Makes a fresh place. Where a company has to be known before anything is kept of it, {@link lawCompanies} are. */
export type NewStorePlace<Store extends Closable = DeliveryStore> = () =>
  | Promise<StorePlace<Store>>
  | StorePlace<Store>;

/** What every store must keep. A delivery store that breaks one may post a voucher twice, or lose one. */
export interface StoreLaw<Store extends Closable = DeliveryStore> {
  /** Short and lower-case. Stable. */
  readonly id: string;
  /** What it says, in one sentence. */
  readonly sentence: string;
  /** Throws {@link StoreLawBroken}, or what the store threw where it should have written. */
  prove(newPlace: NewStorePlace<Store>): Promise<void>;
}

/** The companies the laws write for. */
export const lawCompanies: readonly [string, string] = ['kaffebaren', 'bokhandelen'];

/** The law does not hold: what was seen instead. */
export class StoreLawBroken extends Error {
  override readonly name: string = 'StoreLawBroken';
}

/** Says that a law is broken unless the condition holds. */
export function mustHold(condition: boolean, seen: string): asserts condition {
  if (!condition) throw new StoreLawBroken(seen);
}

/** Says that a law is broken unless the two are the same as JSON. */
export function mustEqual(actual: unknown, expected: unknown, what: string): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  mustHold(found === wanted, `${what}: it is ${found}, and should be ${wanted}`);
}

/** Says that a law is broken unless the work is refused as it should be; gives the refusal. */
export async function mustRefuse(work: Promise<unknown>, kind: ErrorKind, what: string): Promise<Error> {
  const [refusal] = await refusals([work]);
  mustHold(refusal !== undefined, `${what} is not refused`);
  const seen = isBilagError(refusal) ? refusal.kind : refusal.name;
  mustHold(seen === kind, `${what} is refused as "${seen}" (${refusal.message}), and should be as "${kind}"`);
  return refusal;
}

/** What was thrown by each of several works that run at the same time; undefined where nothing was. */
export async function refusals(works: readonly Promise<unknown>[]): Promise<readonly (Error | undefined)[]> {
  const ends = await Promise.allSettled(works);
  return ends.map((end) => {
    if (end.status === 'fulfilled') return undefined;
    return end.reason instanceof Error ? end.reason : new Error(String(end.reason));
  });
}

/** Opens stores on one fresh place, gives them to the proof, and closes them. */
export async function withStores<Store extends Closable>(
  newPlace: NewStorePlace<Store>,
  proof: (...stores: [Store, Store, ...Store[]]) => Promise<void>,
  count = 2,
): Promise<void> {
  const place = await newPlace();
  const first = await place.open();
  const stores: [Store, Store, ...Store[]] = [first, await place.open()];
  while (stores.length < count) stores.push(await place.open());
  try {
    await proof(...stores);
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
}
