import type { Voucher } from '@bilag/core';

/**
 * Equal where vouchers have equal digests, and else once in some 10¹⁹ pairs: quicker than a digest, and nobody's secret. It is kept
 * in records of exports: another way to make it would name every voucher there as changed.
 */
export function bookingFingerprint({ date, currency, lines }: Pick<Voucher, 'date' | 'currency' | 'lines'>): string {
  const all = new Fingerprint();
  all.addText(date);
  all.addText(currency);
  const own = new Fingerprint();
  for (const { account, amount, vat, dimensions } of lines) {
    own.clear();
    own.addText(account);
    own.addNumber(amount);
    if (vat !== undefined) {
      own.addText(vat.kind);
      own.addText(vat.code);
      own.addText(vat.account ?? '');
      own.addText(vat.deductionAccount ?? '');
      own.addNumber(vat.amount);
    }
    if (dimensions !== undefined) addDimensions(own, dimensions);
    all.addInAnyOrder(own);
  }
  return all.toString();
}

function addDimensions(line: Fingerprint, dimensions: Readonly<Record<string, string>>): void {
  const own = new Fingerprint();
  for (const [name, value] of Object.entries(dimensions)) {
    own.clear();
    own.addText(name);
    own.addText(value);
    line.addInAnyOrder(own);
  }
}

class Fingerprint {
  #first = 0x811c9dc5;
  #second = 0x9747b28c;
  /** Of what came in any order. */
  #firstSum = 0;
  #secondSum = 0;

  clear(): void {
    this.#first = 0x811c9dc5;
    this.#second = 0x9747b28c;
    this.#firstSum = this.#secondSum = 0;
  }

  addText(text: string): void {
    for (let index = 0; index < text.length; index += 1) this.#add(text.charCodeAt(index));
    // Where a text ends is told too.
    this.#add(~text.length);
  }

  /** Takes a whole number that is exact. */
  addNumber(value: number): void {
    this.#add(value | 0);
    this.#add(Math.floor(value / 0x1_0000_0000));
  }

  addInAnyOrder(other: Fingerprint): void {
    this.#firstSum = (this.#firstSum + other.#firstEnd()) | 0;
    this.#secondSum = (this.#secondSum + other.#secondEnd()) | 0;
  }

  toString(): string {
    return `${this.#firstEnd()}.${this.#secondEnd()}`;
  }

  #add(value: number): void {
    const first = Math.imul(this.#first ^ value, 0x85ebca6b);
    const second = Math.imul(this.#second ^ value, 0xc2b2ae35);
    this.#first = first ^ (first >>> 15);
    this.#second = second ^ (second >>> 13);
  }

  #firstEnd(): number {
    return mixed(this.#first ^ this.#firstSum);
  }

  #secondEnd(): number {
    return mixed(this.#second ^ this.#secondSum);
  }
}

/** The finaliser of MurmurHash3: every bit of the input moves every bit of the result, so that sums do not cancel out. */
function mixed(value: number): number {
  let result = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  result = Math.imul(result ^ (result >>> 13), 0xc2b2ae35);
  return result ^ (result >>> 16);
}
