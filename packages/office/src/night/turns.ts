/**
 * Hands out items to several workers: each new one first, then those that have turns left, in the order in which they came
 * back. So whatever is long waits for what is short, and is done all the same.
 */
export class Turns<Item> {
  readonly #source: AsyncIterator<Item>;
  readonly #waiting: Item[] = [];
  #reading: Promise<unknown> = Promise.resolve();
  #isRead = false;
  #atWork = 0;
  #wake: (() => void)[] = [];
  #failure: { readonly error: unknown } | undefined;
  #brokenOff: { readonly error: unknown } | undefined;

  constructor(items: AsyncIterable<Item>) {
    this.#source = items[Symbol.asyncIterator]();
  }

  /** What the list threw: no more was read of it. */
  get brokenOff(): unknown {
    return this.#brokenOff?.error;
  }

  /** One worker: until there is nothing left, or a turn throws in any of them. A turn gives back what has turns left. */
  async run(turn: (item: Item) => Promise<Item | undefined>): Promise<void> {
    for (;;) {
      const item = await this.#next();
      if (item === undefined || this.#failure !== undefined) break;
      this.#atWork += 1;
      try {
        const left = await turn(item.value);
        if (left !== undefined) this.#waiting.push(left);
      } catch (error) {
        this.#failure ??= { error };
      } finally {
        this.#atWork -= 1;
        for (const wake of this.#wake.splice(0)) wake();
      }
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #next(): Promise<{ readonly value: Item } | undefined> {
    for (;;) {
      const fresh = await this.#read();
      if (fresh !== undefined) return fresh;
      const value = this.#waiting.shift();
      if (value !== undefined) return { value };
      // What is at work may come back with turns left.
      if (this.#atWork === 0 || this.#failure !== undefined) return undefined;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  /** One at a time: a list is read in its order. */
  async #read(): Promise<{ readonly value: Item } | undefined> {
    const read = this.#reading.then(async () => {
      if (this.#isRead || this.#failure !== undefined) return undefined;
      try {
        const { done, value } = await this.#source.next();
        if (done !== true) return { value };
      } catch (error) {
        this.#brokenOff = { error };
      }
      this.#isRead = true;
      return undefined;
    });
    this.#reading = read;
    return read;
  }
}
