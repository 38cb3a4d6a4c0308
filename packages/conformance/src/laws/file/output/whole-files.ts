import type { FileLaw } from '../../../files/file-law.ts';
import type { WrittenFile } from '../../../files/file-subject.ts';
import { bytesOf, createdAt, type FileWorld } from '../../../files/file-world.ts';
import type { Book } from '@bilag/core';
import { atMoment } from '../../../kit/surroundings.ts';
import { mustBeTheSameBytes } from './same-bytes.ts';

/** Disks are slow, and some who write hold on to what they got. */
export const fileWholeFiles: FileLaw = {
  id: 'whole-files',
  sentence: 'Nothing is lost when the reader is slow, and a piece that was handed over is never changed afterwards.',
  async prove(open) {
    const world = await open();
    const { vouchers: maker } = world;
    const vouchers = Array.from({ length: 50 }, (_, index) => maker.sales([10_000 + index, 500, -20]));
    const book = world.book({ vouchers });
    const [wanted, late, held] = await atMoment(
      createdAt,
      0.5,
      async () => [await world.render(book), await slowly(world, book), await holding(world, book)] as const,
    );
    mustBeTheSameBytes(late, wanted, 'for a reader who is slow');
    mustBeTheSameBytes(held, wanted, 'for a reader who holds on to the pieces without a copy');
  },
};

/** The reader turns to other things before each piece and each file. */
async function slowly(world: FileWorld, book: Book): Promise<WrittenFile[]> {
  const files: WrittenFile[] = [];
  for await (const { name, mediaType, content } of world.files(book)) {
    await otherThings();
    const pieces: Uint8Array[] = [];
    for await (const piece of content) {
      const copy = Uint8Array.from(bytesOf(piece));
      await otherThings();
      pieces.push(copy);
    }
    await otherThings();
    files.push({ name, mediaType, content: Buffer.concat(pieces) });
  }
  return files;
}

async function holding(world: FileWorld, book: Book): Promise<WrittenFile[]> {
  const files: WrittenFile[] = [];
  for await (const { name, mediaType, content } of world.files(book)) {
    const pieces: Uint8Array[] = [];
    for await (const piece of content) pieces.push(bytesOf(piece));
    files.push({ name, mediaType, content: Buffer.concat(pieces) });
  }
  return files;
}

async function otherThings(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}
