import { promisify } from 'node:util';
import { gunzip, gunzipSync, gzip, gzipSync } from 'node:zlib';
import type { Reading } from '@bilag/core';
import { digestsIn, pagesToStore, type PageToStore } from '@bilag/engine/storage';

const [gzipAside, gunzipAside] = [promisify(gzip), promisify(gunzip)];

/** To hand less than this to another thread takes longer than to do it. */
const smallBytes = 65_536;

async function compress(body: Uint8Array): Promise<Buffer> {
  return body.length <= smallBytes ? gzipSync(body) : gzipAside(body);
}

/** What a body was before it was packed. Throws where it is damaged, or longer than it may be. */
export async function unpacked(packed: Buffer, maxOutputLength: number): Promise<Buffer> {
  return maxOutputLength <= smallBytes
    ? gunzipSync(packed, { maxOutputLength })
    : gunzipAside(packed, { maxOutputLength });
}

/** A reading, with the bodies of its pages as they are kept. */
export interface Packed<Given> {
  readonly reading: Given;
  readonly pages: readonly PageToStore[];
  readonly packed: readonly Buffer[];
}

/** Packs bodies before a transaction begins: nobody waits for it. */
export async function packedOf<Given extends Omit<Reading, 'cursor' | 'fingerprint'>>(
  given: readonly Given[],
): Promise<readonly Packed<Given>[]> {
  return Promise.all(
    given.map(async (reading) => {
      const pages = pagesToStore(reading);
      return { reading, pages, packed: await Promise.all(pages.map(({ body }) => compress(body))) };
    }),
  );
}

/** Readings that one statement carries: one at least, and no more bodies than a message should have. */
export function partsOf<Given>(all: readonly Packed<Given>[]): readonly (readonly Packed<Given>[])[] {
  const parts: Packed<Given>[][] = [];
  let [bodies, bytes] = [0, 0];
  for (const one of all) {
    const ownBytes = one.packed.reduce((sum, { length }) => sum + length, 0);
    bodies += one.packed.length;
    bytes += ownBytes;
    const part = parts.at(-1);
    if (part === undefined || bodies > mostBodies || bytes > mostBytes) {
      parts.push([one]);
      [bodies, bytes] = [one.packed.length, ownBytes];
    } else part.push(one);
  }
  return parts.length === 0 ? [[]] : parts;
}

const mostBodies = 500;
const mostBytes = 8_000_000;

/** Readings as the functions of the schema take them: the bodies come beside them, in one list. */
export function toGiven(
  part: readonly Packed<Omit<Reading, 'fingerprint'>>[],
  fingerprintOf: (place: number) => string | null,
): { readonly readings: string; readonly bodies: readonly Buffer[] } {
  const bodies: Buffer[] = [];
  const readings = part.map(({ reading, pages, packed }, index) => ({
    ledger: reading.ledgerId,
    date: reading.date,
    topic: reading.topic,
    closed: reading.closed,
    fingerprint: fingerprintOf(index),
    cursor: reading.cursor,
    digests: digestsIn(pages),
    pages: pages.map(({ sequence, digest, body, request, receivedAt }, place) => ({
      sequence,
      digest,
      bytes: body.length,
      request,
      received_at: receivedAt,
      place: bodies.push(packed[place] ?? Buffer.of()),
    })),
  }));
  return { readings: JSON.stringify(readings), bodies };
}
