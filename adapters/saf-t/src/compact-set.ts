/** Room for some hundred texts: what most vouchers have of lines. */
const smallest = 1024;

/**
 * A set of texts in 16 bytes each or less, for millions of voucher numbers: it keeps 64-bit fingerprints, so two different
 * texts are taken for the same once in some 10¹⁹ pairs.
 */
export class CompactSet {
  #slots: Uint32Array = new Uint32Array(smallest);
  #count = 0;

  /** Makes the set empty. */
  clear(): void {
    if (this.#count === 0) return;
    if (this.#slots.length === smallest) this.#slots.fill(0);
    else this.#slots = new Uint32Array(smallest);
    this.#count = 0;
  }

  /** Adds a text; false when it was there already. */
  add(text: string): boolean {
    if (this.#count * 4 > this.#slots.length) this.#grow();
    let first = 0x811c9dc5;
    let second = 0x9747b28c;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      first = Math.imul(first ^ unit, 0x01000193);
      second = Math.imul(second ^ unit, 0x5bd1e995);
      second ^= second >>> 15;
    }
    // Zero means an empty slot.
    return this.#insert(mix(first) || 1, mix(second ^ text.length));
  }

  #insert(first: number, second: number): boolean {
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    for (let slot = (first ^ Math.imul(second, 31)) & mask; ; slot = (slot + 1) & mask) {
      const held = slots[2 * slot];
      if (held === 0) {
        slots[2 * slot] = first;
        slots[2 * slot + 1] = second;
        this.#count += 1;
        return true;
      }
      if (held === first && slots[2 * slot + 1] === second) return false;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    this.#count = 0;
    for (let index = 0; index < old.length; index += 2) {
      const first = old[index] ?? 0;
      if (first !== 0) this.#insert(first, old[index + 1] ?? 0);
    }
  }
}

/** The finaliser of MurmurHash3: every bit of the input moves every bit of the result. */
function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
