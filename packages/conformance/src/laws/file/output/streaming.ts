import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Book, Voucher } from '@bilag/core';
import type { FileLaw } from '../../../files/file-law.ts';
import type { FileWorld } from '../../../files/file-world.ts';
import { mustHold } from '../../../law.ts';

/** A year of a large chain is millions of lines. */
export const fileStreaming: FileLaw = {
  id: 'streaming',
  sentence: 'Memory does not grow with the book: what is written is let go of.',
  async prove(open) {
    const world = await open();
    const few = await bytesOf(world, bookOf(world, 50));
    mustHold(
      few - (await bytesOf(world, bookOf(world, 0))) > 50,
      'vouchers that are made when they are asked for are not in the file',
    );
    const vouchers = Math.ceil(Math.min(1_500, Math.max(500, (leastBytes * 50) / few)));
    const expected = (few / 50) * vouchers;
    const book = bookOf(world, vouchers);
    const bound = Math.max(expected / 2, smallChange);
    const first = await mostHeld(world, book, expected);
    // A program gains memory now and then by itself; what an adapter keeps it keeps the second time too.
    const most = first < bound ? first : Math.min(first, await mostHeld(world, book, expected));
    mustHold(
      most < bound,
      `while a file of ${megabytes(expected)} is written, ${megabytes(most)} are held: hand on what is ready, ` +
        'and keep neither the vouchers nor the text of those that are written',
    );
  },
};

/** Much more than what a running program gains and loses by itself. */
const leastBytes = 6_000_000;

/** A set of references, a table of accounts. */
const smallChange = 500_000;

/** How much more memory is in use while the book is written than before, at most. */
async function mostHeld(world: FileWorld, book: Book, expected: number): Promise<number> {
  const before = memoryInUse();
  const held = await heldAt(world, book, [0, 0.2, 0.5, 0.9], expected);
  return Math.max(...held) - before;
}

/** Memory in use when these parts of the output have come: after everything that nobody holds was let go of. */
async function heldAt(world: FileWorld, book: Book, parts: readonly number[], bytes: number): Promise<number[]> {
  const held: number[] = [];
  let written = 0;
  // Kept while memory is measured: a piece that nobody needs any more is not in use.
  let inHand: string | Uint8Array = '';
  for await (const { content } of world.files(book)) {
    for await (const piece of content) {
      inHand = piece;
      written += piece.length;
      if (written > (parts[held.length] ?? Infinity) * bytes) held.push(memoryInUse());
    }
  }
  mustHold(held.length > 0 && written >= inHand.length, 'nothing was written');
  return held;
}

async function bytesOf(world: FileWorld, book: Book): Promise<number> {
  let bytes = 0;
  for await (const { content } of world.files(book)) for await (const piece of content) bytes += piece.length;
  return Math.max(1, bytes);
}

/** Vouchers that are made when they are asked for, from nothing that is kept. */
function bookOf(world: FileWorld, vouchers: number): Book {
  const lines = Math.min(24, world.adapter.shape?.maxLines ?? 24) - 2;
  const grosses = Array.from({ length: Math.max(0, lines) }, (_, index) => 12_345 + index);
  return world.book({
    *vouchers(): Generator<Voucher> {
      const maker = world.makerOf(world.chart.sales);
      for (let made = 0; made < vouchers; made += 1) yield maker.sales([20_000 + made, ...grosses]);
    },
  });
}

function memoryInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Node's own, without asking that the tests be started with a flag. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  // What the first collection only marks goes with the second.
  collect();
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
