import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { blocksOf } from '../src/output/blocks.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('æøå', '\u{1F600}', '\ud83d', '\ude00', ''),
  fc
    .tuple(fc.constantFrom('x', 'å', '€', '\u{1F600}'), fc.integer({ min: 60_000, max: 140_000 }))
    .map(([one, count]) => one.repeat(count)),
);
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 20 }),
  fc.integer({ min: 262_000, max: 525_000 }).map((length) => new Uint8Array(length).fill(7)),
);

/** Text between bytes as one text, so that halves of a character meet. */
function twin(pieces: readonly (string | Uint8Array)[]): Buffer {
  const parts: Buffer[] = [];
  let own = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') own += piece;
    else {
      parts.push(Buffer.from(own), Buffer.from(piece));
      own = '';
    }
  }
  return Buffer.concat([...parts, Buffer.from(own)]);
}

test('blocks hold what was given, whatever comes and in whatever pieces, also where the giver uses its memory again', async () => {
  const run = fc.asyncProperty(fc.array(fc.oneof(text, bytes), { maxLength: 12 }), async (pieces) => {
    const memory = new Uint8Array(600_000);
    function* given(): Generator<string | Uint8Array> {
      for (const piece of pieces) {
        if (typeof piece === 'string') yield piece;
        else {
          memory.set(piece);
          yield memory.subarray(0, piece.length);
          memory.fill(0);
        }
      }
    }
    const blocks: Buffer[] = [];
    let before: Uint8Array | undefined;
    for await (const block of blocksOf(given())) {
      // A block stands until the next but one is asked for.
      if (before !== undefined) blocks.push(Buffer.from(before));
      before = block;
    }
    if (before !== undefined) blocks.push(Buffer.from(before));
    expect(Buffer.concat(blocks).equals(twin(pieces))).toBe(true);
    expect(blocks.slice(0, -1).every(({ length }) => length > 262_140)).toBe(true);
  });
  await fc.assert(run, { numRuns: 60 });
});
