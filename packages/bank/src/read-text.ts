import { BilagError } from '@bilag/core';

/** A file as it comes: whole, or in pieces. */
export type Bytes = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** The text of a file, piece by piece, in the encoding that it declares or that its bytes are. A byte order mark is left out. */
export async function* textOf(bytes: Bytes, encodingOf: (head: Uint8Array) => string): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let head = new Uint8Array(0);
  for await (const piece of smallPieces(bytes)) {
    if (decoder === undefined) {
      head = joined(head, piece);
      if (head.length < headBytes) continue;
      decoder = decoderOf(encodingOf(head));
      yield decoded(decoder, head);
    } else yield decoded(decoder, piece);
  }
  if (decoder === undefined) {
    decoder = decoderOf(encodingOf(head));
    yield decoded(decoder, head);
  }
  const rest = decoded(decoder);
  if (rest !== '') yield rest;
}

/** What a large piece completes would all be in memory at once. */
async function* smallPieces(bytes: Bytes): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes instanceof Uint8Array ? [bytes] : bytes)
    for (let start = 0; start < piece.length; start += pieceBytes) yield piece.subarray(start, start + pieceBytes);
}

const pieceBytes = 65_536;

function joined(head: Uint8Array, piece: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(head.length + piece.length);
  whole.set(head);
  whole.set(piece, head.length);
  return whole;
}

/** More than the longest prolog. */
const headBytes = 256;

function decoderOf(encoding: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch (cause) {
    throw unreadable(`the file is written in ${encoding.slice(0, 40)}, which is not read`, cause);
  }
}

function decoded(decoder: InstanceType<typeof TextDecoder>, piece?: Uint8Array): string {
  try {
    return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
  } catch (cause) {
    throw unreadable(`the file is not written in ${decoder.encoding}, as it says`, cause);
  }
}

function unreadable(what: string, cause: unknown): BilagError {
  const action = 'fetch the file from the bank again, as UTF-8; nothing of it was read';
  return new BilagError('rejected', { what, where: 'the bank file', action }, { cause });
}
