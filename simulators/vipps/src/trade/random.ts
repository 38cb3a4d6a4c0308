/**
 * Repeatable chance: the same seed gives the same draws on every machine, which the platform's own source does not.
 * xoshiro128** by Blackman and Vigna, its state filled by a splitmix generator, in 32-bit integer arithmetic throughout.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: number | string) {
    let state = 0x811c9dc5;
    for (const character of String(seed)) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
    const word = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
      mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
      return mixed ^ (mixed >>> 16);
    };
    this.#a = word();
    this.#b = word();
    this.#c = word();
    this.#d = word();
  }

  /** A whole number from 0 up to, not including, a limit of at most 2³². */
  below(limit: number): number {
    return Math.floor((this.#next() / 0x1_0000_0000) * limit);
  }

  /** A whole number between two others, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True that many times in ten thousand. */
  chance(basisPoints: number): boolean {
    return this.below(10_000) < basisPoints;
  }

  /** One of the items, each as likely. */
  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  /** An index, as likely as its weight. */
  weighted(weights: readonly number[]): number {
    let left = this.below(weights.reduce((total, weight) => total + weight, 0));
    for (const [index, weight] of weights.entries()) {
      left -= weight;
      if (left < 0) return index;
    }
    return weights.length - 1;
  }

  #next(): number {
    const scrambled = Math.imul(rotateLeft(Math.imul(this.#b, 5), 7), 9);
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotateLeft(this.#d, 11);
    return scrambled >>> 0;
  }
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
