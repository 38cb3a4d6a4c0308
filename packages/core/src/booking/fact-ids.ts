/**
 * The identities of the facts of a date. Mostly they are kept and never asked for: what finds one among them is made when somebody
 * asks.
 */
export class FactIds implements Iterable<string> {
  readonly #listed: readonly string[];
  #found: Set<string> | undefined;

  /** Each of them once. */
  constructor(listed: readonly string[] = []) {
    this.#listed = listed;
  }

  get #ids(): Set<string> {
    return (this.#found ??= new Set(this.#listed));
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Adds an identity, and says whether it was not among them. */
  add(id: string): boolean {
    const known = this.#ids.size;
    return this.#ids.add(id).size > known;
  }

  [Symbol.iterator](): Iterator<string> {
    return (this.#found ?? this.#listed)[Symbol.iterator]();
  }
}
