import { voucherReference, named, type ViewedLine, type Voucher } from '@bilag/core';

/**
 * A running fingerprint of 64 bits: two readings that say the same have the same, and two that differ in anything have the
 * same once in some 10¹⁹ pairs. Quicker than a digest, and nobody's secret.
 */
export class Fingerprint {
  #first = 0x811c9dc5;
  #second = 0x9747b28c;

  /** Takes a text; returns how many bytes it takes at most in the file, escaped and as UTF-8. */
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

  /** Takes a whole number that is exact. */
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

/** The fingerprint of a series in a map of them. */
export function fingerprintIn(fingerprints: Map<string, Fingerprint>, series: string): Fingerprint {
  const known = fingerprints.get(series);
  if (known !== undefined) return known;
  const fingerprint = new Fingerprint();
  fingerprints.set(series, fingerprint);
  return fingerprint;
}

/** Adds everything a voucher is written from; returns how many bytes it takes at most in the file. */
export function addTo(fingerprint: Fingerprint, voucher: Voucher, lines: readonly ViewedLine[]): number {
  const described = fingerprint.addText(voucher.description) + fingerprint.addText(voucherReference(voucher));
  fingerprint.addText(voucher.date);
  fingerprint.addText(voucher.document);
  fingerprint.addNumber(lines.length);
  let bytes = headBytes + 2 * described;
  let before: ViewedLine | undefined;
  let own = 0;
  for (const line of lines) {
    const { text, reference = '' } = line;
    // Lines of one entry share their texts.
    if (before?.text === text && before.reference === line.reference) fingerprint.addNumber(-1);
    else own = fingerprint.addText(text) + 2 * fingerprint.addText(reference);
    before = line;
    fingerprint.addNumber(line.amount);
    bytes += lineBytes + own + (text === '' || reference === '' ? described : 0) + fingerprint.addText(line.account);
    if (line.vat !== undefined) bytes += taxBytes + addVat(fingerprint, line.vat);
    if (line.dimensions !== undefined) bytes += addDimensions(fingerprint, line.dimensions);
    if (line.party === undefined) continue;
    fingerprint.addText(line.party.kind);
    bytes += partyBytes + fingerprint.addText(line.party.id);
  }
  return bytes;
}

function addVat(
  fingerprint: Fingerprint,
  { code, rateBasisPoints, net, amount }: NonNullable<ViewedLine['vat']>,
): number {
  fingerprint.addNumber(rateBasisPoints);
  fingerprint.addNumber(net);
  fingerprint.addNumber(amount);
  return fingerprint.addText(code);
}

function addDimensions(fingerprint: Fingerprint, values: Readonly<Record<string, string>>): number {
  let bytes = 0;
  for (const type in values) {
    fingerprint.addText(type);
    bytes += analysisBytes + fingerprint.addText(named(values, type) ?? '');
  }
  return bytes;
}

/** More than the tags, numbers and dates around the texts take. */
const headBytes = 1024;
const lineBytes = 512;
const taxBytes = 768;
const partyBytes = 64;
const analysisBytes = 256;
