import { isUtf8 } from 'node:buffer';

/** UTF-8 in pieces as text, without its byte order mark; undefined where it is none. */
export class Utf8Reader {
  #held: Buffer = Buffer.alloc(0);
  #isBegun = false;

  /** A character that the piece begins and does not end is kept for the next. */
  read(piece: Uint8Array): string | undefined {
    const own = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    const bytes = this.#held.length === 0 ? own : Buffer.concat([this.#held, own]);
    const end = bytes.length - unfinishedBytes(bytes);
    this.#held = Buffer.from(bytes.subarray(end));
    const whole = bytes.subarray(0, end);
    if (!isUtf8(whole)) return undefined;
    const text = whole.toString('utf8');
    if (this.#isBegun || text === '') return text;
    this.#isBegun = true;
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  }

  /** Whether the last character came to its end. */
  get isWhole(): boolean {
    return this.#held.length === 0;
  }
}

/** How many bytes at the end belong to a character that goes on. */
function unfinishedBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    // From 0xf5 on no character begins.
    if (byte >= 0xc0) return byte < 0xf5 && (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}
