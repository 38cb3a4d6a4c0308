/** What a proof saw, where a law may be kept in more than one way: `dimensions: kept`. */
export type Observation = string;

/**
 * A law: a sentence that holds for every adapter of its kind, and the proof of it. What excuses an adapter is something it
 * declares, never a list of names.
 */
export interface Law<World, Adapter, Options = Record<never, never>> {
  /** Short and lower-case, such as `lost-reply`. Stable: results are kept under it. */
  readonly id: string;
  /** What it says, in one sentence a bookkeeper could read. */
  readonly sentence: string;
  /** The declaration that excuses the adapter, in words; undefined where nothing does. */
  readonly excuse?: (adapter: Adapter) => string | undefined;
  /** Opens worlds of its own and throws {@link LawBroken} when the law does not hold in one. */
  readonly prove: (open: (options?: Options) => Promise<World>) => Promise<Observation | void>;
}

/** The law does not hold: what was seen instead. */
export class LawBroken extends Error {
  override readonly name: string = 'LawBroken';
}

/** How an adapter stands to one law. */
export interface LawResult {
  readonly law: string;
  readonly sentence: string;
  readonly outcome: 'kept' | 'excused' | 'broken';
  /** The declaration that excuses it, or what was seen instead. */
  readonly why?: string;
  readonly observed?: Observation;
}

/** Says that a law is broken unless the condition holds. */
export function mustHold(condition: boolean, seen: string): asserts condition {
  if (!condition) throw new LawBroken(seen);
}

/** Says that a law is broken unless the two are the same as JSON. */
export function mustEqual(actual: unknown, expected: unknown, what: string): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (found !== wanted) throw new LawBroken(`${what}: it is ${found}, and should be ${wanted}`);
}
