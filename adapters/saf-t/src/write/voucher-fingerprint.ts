import { voucherReference, named, type ViewedLine, type Voucher } from '@bilag/core';
import { Fingerprint } from '../fingerprint.ts';

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
const taxBytes = 512;
const partyBytes = 64;
const analysisBytes = 256;
