import type { OutputFile } from '@bilag/core';

/** Long enough that a write costs little, short enough that memory stays flat. */
const blockLength = 262_144;

/**
 * Content in blocks fit for the disk. Two memories take turns, since new ones would cost more than to fill them: a block
 * stands until the next but one is asked for. A character whose halves come in two strings is kept whole.
 */
export async function* blocksOf(content: OutputFile['content']): AsyncGenerator<Uint8Array, void, undefined> {
  let [block, other] = [Buffer.allocUnsafe(blockLength), Buffer.allocUnsafe(blockLength)];
  let filled = 0;
  /** The first half of a character. */
  let half = '';
  for await (const piece of withEnd(content)) {
    const text = typeof piece === 'string' ? half + piece : half;
    half = typeof piece === 'string' && /[\ud800-\udbff]/.test(text.slice(-1)) ? text.slice(-1) : '';
    let left = half === '' ? text : text.slice(0, -1);
    let bytes = typeof piece === 'string' ? none : piece;
    while (left !== '' || bytes.length > 0) {
      const { read, written } = encoder.encodeInto(left, block.subarray(filled));
      filled += written;
      left = left.slice(read);
      if (left === '') {
        const taken = bytes.subarray(0, blockLength - filled);
        block.set(taken, filled);
        filled += taken.length;
        bytes = bytes.subarray(taken.length);
      }
      if (left === '' && filled < blockLength) continue;
      yield block.subarray(0, filled);
      [block, other] = [other, block];
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}

/** Bytes end a text: no bytes at the end of all do too. */
async function* withEnd(content: OutputFile['content']): AsyncGenerator<string | Uint8Array, void, undefined> {
  yield* content;
  yield none;
}

const none = new Uint8Array();
const encoder = new TextEncoder();
