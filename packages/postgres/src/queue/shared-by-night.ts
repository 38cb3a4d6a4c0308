import { SourceConnections, type Surroundings } from '@bilag/company';
import { Looks, type OfficeStore } from '@bilag/office';

/** What the turns of one night share. */
export interface Shared {
  readonly connections: SourceConnections;
  readonly looks: Looks;
}

/**
 * A worker runs for weeks, and meanwhile merchants come and go and keys are replaced: with each night that begins the keys are read
 * anew, and asked once which ledgers they see. Turns of earlier nights go on with what the latest has.
 */
export class SharedByNight {
  readonly #surroundings: Surroundings;
  readonly #store: OfficeStore;
  readonly #nights = new Set<string>();
  #latest: (Shared & { turns: number }) | undefined;

  constructor(surroundings: Surroundings, store: OfficeStore) {
    this.#surroundings = surroundings;
    this.#store = store;
  }

  /** Does a turn of a night with what the other turns have. */
  async during<Result>(night: string, turn: (shared: Shared) => Promise<Result>): Promise<Result> {
    const before = this.#latest;
    const shared = before !== undefined && this.#nights.has(night) ? before : this.#make(night);
    shared.turns += 1;
    try {
      if (before?.turns === 0) await before.connections.close();
      return await turn(shared);
    } finally {
      shared.turns -= 1;
      if (shared.turns === 0 && shared !== this.#latest) await shared.connections.close();
    }
  }

  /** When no turn is under way. */
  async close(): Promise<void> {
    await this.#latest?.connections.close();
  }

  #make(night: string): Shared & { turns: number } {
    this.#nights.add(night);
    const { now } = this.#surroundings;
    const connections = new SourceConnections(this.#surroundings);
    this.#latest = { connections, looks: new Looks(this.#store, now), turns: 0 };
    return this.#latest;
  }
}
