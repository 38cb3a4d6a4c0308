import { voucherReference, named, type ViewedLine, type Voucher } from '@bilag/core';

/** What takes everything that a voucher is written from. */
export interface WrittenParts {
  /** Takes a text; returns how many bytes it takes at most in the file, escaped and as UTF-8. */
  addText(text: string): number;
  /** Takes a whole number that is exact. */
  addNumber(value: number): void;
}

/** Takes nothing but the most bytes there can be: a character takes five, as `&amp;`, or less. */
export const mostBytes: WrittenParts = { addText: ({ length }) => 5 * length, addNumber: () => undefined };

/**
 * A running fingerprint of 64 bits: two readings that say the same have the same, and two that differ in anything have the
 * same once in some 10¹⁹ pairs. Quicker than a digest, and nobody's secret.
 */
export class Fingerprint implements WrittenParts {
  #first = 0x811c9dc5;
  #second = 0x9747b28c;

  addText(text: string): number {
    let first = this.#first;
    let second = this.#second;
    let bytes = text.length;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      first = Math.imul(first ^ unit, 0x01000193);
      second = Math.imul(second ^ unit, 0x5bd1e995);
      if (unit > 0x7f) bytes += unit > 0x7ff ? 2 : 1;
      // What XML forbids becomes U+FFFD, and what it wants escaped `&amp;` at most.
      else if (unit < 0x20) bytes += 2;
      else if (unit === ampersand || unit === lessThan || unit === greaterThan) bytes += 4;
    }
    this.#first = first;
    this.#second = second;
    // Where a text ends is told too.
    this.addNumber(text.length);
    return bytes;
  }

  addNumber(value: number): void {
    const low = value | 0;
    const first = Math.imul(this.#first ^ low, 0x85ebca6b);
    const second = Math.imul(this.#second ^ low, 0xc2b2ae35);
    this.#first = first ^ (first >>> 13);
    this.#second = second ^ (second >>> 15);
    if (low !== value) this.addNumber((value - low) / 0x1_0000_0000);
  }

  isLike(other: Fingerprint): boolean {
    return this.#first === other.#first && this.#second === other.#second;
  }
}

const ampersand = 0x26;
const lessThan = 0x3c;
const greaterThan = 0x3e;

/** The fingerprints of a reading, by accounting period and series. */
export class ReadingPrint {
  readonly #prints: Map<number, Map<string, Fingerprint>> = new Map();

  of(period: number, series: string): Fingerprint {
    let ofPeriod = this.#prints.get(period);
    if (ofPeriod === undefined) this.#prints.set(period, (ofPeriod = new Map()));
    let fingerprint = ofPeriod.get(series);
    if (fingerprint === undefined) ofPeriod.set(series, (fingerprint = new Fingerprint()));
    return fingerprint;
  }
}

/** Adds everything a voucher is written from; returns how many bytes it takes at most in the file. */
export function addTo(parts: WrittenParts, voucher: Voucher, lines: readonly ViewedLine[]): number {
  const described = parts.addText(voucher.description) + parts.addText(voucherReference(voucher));
  parts.addText(voucher.date);
  parts.addText(voucher.document);
  parts.addNumber(lines.length);
  let bytes = headBytes + 2 * described;
  let before: ViewedLine | undefined;
  let own = 0;
  for (const line of lines) {
    const { text, reference = '' } = line;
    // Lines of one entry share their texts.
    if (before?.text === text && before.reference === line.reference) parts.addNumber(-1);
    else own = parts.addText(text) + 2 * parts.addText(reference);
    before = line;
    parts.addNumber(line.amount);
    bytes += lineBytes + own + (text === '' || reference === '' ? described : 0) + parts.addText(line.account);
    if (line.vat !== undefined) bytes += taxBytes + addVat(parts, line.vat);
    if (line.dimensions !== undefined) bytes += addDimensions(parts, line.dimensions);
    if (line.party === undefined) continue;
    parts.addText(line.party.kind);
    bytes += partyBytes + parts.addText(line.party.id);
  }
  return bytes;
}

function addVat(parts: WrittenParts, { code, rateBasisPoints, net, amount }: NonNullable<ViewedLine['vat']>): number {
  parts.addNumber(rateBasisPoints);
  parts.addNumber(net);
  parts.addNumber(amount);
  return parts.addText(code);
}

function addDimensions(parts: WrittenParts, values: Readonly<Record<string, string>>): number {
  let bytes = 0;
  for (const type in values) {
    parts.addText(type);
    bytes += analysisBytes + parts.addText(named(values, type) ?? '');
  }
  return bytes;
}

/** More than the tags, numbers and dates around the texts take. */
const headBytes = 1024;
const lineBytes = 448;
const taxBytes = 576;
const partyBytes = 64;
const analysisBytes = 256;
