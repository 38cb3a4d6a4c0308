import { SourceConnections, type Surroundings } from '@bilag/company';
import { Looks, type OfficeStore } from '@bilag/office';

/** What the turns of one night share. */
export interface Shared {
  readonly connections: SourceConnections;
  readonly looks: Looks;
}

/**
 * A worker runs for weeks, and meanwhile merchants come and go and keys are replaced: in each night the keys are read anew, and asked
 * once which ledgers they see.
 */
export class SharedByNight {
  readonly #surroundings: Surroundings;
  readonly #store: OfficeStore;
  readonly #nights = new Map<string, Shared & { turns: number }>();
  #latest: string | undefined;

  constructor(surroundings: Surroundings, store: OfficeStore) {
    this.#surroundings = surroundings;
    this.#store = store;
  }

  /** Does a turn of a night with what the other turns of that night have. */
  async during<Result>(night: string, turn: (shared: Shared) => Promise<Result>): Promise<Result> {
    this.#latest = night;
    const shared = this.#of(night);
    shared.turns += 1;
    try {
      await this.#closeEnded();
      return await turn(shared);
    } finally {
      shared.turns -= 1;
    }
  }

  async close(): Promise<void> {
    this.#latest = undefined;
    await this.#closeEnded();
  }

  #of(night: string): Shared & { turns: number } {
    const known = this.#nights.get(night);
    if (known !== undefined) return known;
    const { now } = this.#surroundings;
    const connections = new SourceConnections(this.#surroundings);
    const made = { connections, looks: new Looks(this.#store, now), turns: 0 };
    this.#nights.set(night, made);
    return made;
  }

  async #closeEnded(): Promise<void> {
    for (const [night, { turns, connections }] of this.#nights) {
      if (turns > 0 || night === this.#latest) continue;
      this.#nights.delete(night);
      await connections.close();
    }
  }
}
