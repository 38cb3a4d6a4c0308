import { isBilagError } from '@bilag/core';

/**
 * What is read of a target when it is first needed, and kept for the connection: accounts, codes. A reading that failed is made again
 * the next time.
 *
 * @example
 * ```ts
 * import { Remembered } from '@bilag/http';
 *
 * let readings = 0;
 * const accounts = new Remembered(async () => [`account ${(readings += 1)}`]);
 * [await accounts.get(), await accounts.get()]; // => [['account 1'], ['account 1']]
 * ```
 */
export class Remembered<Value> {
  readonly #read: () => Promise<Value>;
  #value: Promise<Value> | undefined;

  constructor(read: () => Promise<Value>) {
    this.#read = read;
  }

  async get(): Promise<Value> {
    const value = (this.#value ??= this.#read());
    try {
      return await value;
    } catch (error) {
      if (this.#value === value) this.#value = undefined;
      throw error;
    }
  }

  /** Reads anew the next time: something may have been added since. */
  forget(): void {
    this.#value = undefined;
  }

  /**
   * Checks something against what is remembered. What that does not have may have been added since it was read: where it refuses
   * (`rejected`, `blocked`) the check is made once more, with what is read anew.
   */
  async check<Result>(against: (value: Value) => Result): Promise<Result> {
    try {
      return against(await this.get());
    } catch (error) {
      if (!isBilagError(error) || (error.kind !== 'rejected' && error.kind !== 'blocked')) throw error;
      this.forget();
      return against(await this.get());
    }
  }
}
