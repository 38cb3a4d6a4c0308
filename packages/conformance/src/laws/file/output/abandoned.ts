import type { Book, Voucher } from '@bilag/core';
import type { FileLaw } from '../../../files/file-law.ts';
import type { FileWorld } from '../../../files/file-world.ts';
import { mustHold } from '../../../law.ts';

/** A full disk, a person who presses a key: what was being read has to be let go of. */
export const fileAbandoned: FileLaw = {
  id: 'abandoned',
  sentence: 'When the reader stops early the adapter stops too, and lets go of the book it was reading.',
  async prove(open) {
    for (const [when, stop] of ways) {
      const world = await open();
      const { book, readings } = watched(world);
      await inTime(stop(world.files(book)), `the adapter does not come back when its reader stops ${when}`);
      const open_ = readings.opened - readings.closed;
      mustHold(
        open_ === 0,
        `when its reader stops ${when}, ${open_} of ${readings.opened} readings of the book are never closed: ` +
          'close what book.vouchers() gave (for await does it; a loop of next() needs return() in a finally)',
      );
      const { read } = readings;
      await aTurn();
      mustHold(readings.read === read, `it goes on reading vouchers after its reader has stopped ${when}`);
    }
  },
};

type Files = ReturnType<FileWorld['files']>;

const ways: readonly (readonly [string, (files: Files) => Promise<void>])[] = [
  [
    'after the first piece of the last file',
    async (files) => {
      for await (const { content } of files) {
        for await (const piece of content) if (piece.length > 0) break;
      }
    },
  ],
  [
    'after the first pieces',
    async (files) => {
      for await (const { content } of files) {
        let pieces = 0;
        for await (const piece of content) if (piece.length > 0 && (pieces += 1) === 3) break;
        break;
      }
    },
  ],
  [
    'before it reads the first file',
    async (files) => {
      for await (const file of files) if (file.name !== '') break;
    },
  ],
];

/** A book that knows how often it is opened, read and closed. */
function watched(world: FileWorld): { book: Book; readings: { opened: number; closed: number; read: number } } {
  const readings = { opened: 0, closed: 0, read: 0 };
  const vouchers = Array.from({ length: 300 }, (_, index) => world.vouchers.sales([1_000 + index, 500, -20, 7, 8, 9]));
  function* reading(): Generator<Voucher> {
    readings.opened += 1;
    try {
      for (const voucher of vouchers) {
        readings.read += 1;
        yield voucher;
      }
    } finally {
      readings.closed += 1;
    }
  }
  return { book: world.book({ vouchers: reading }), readings };
}

/** Only for what never comes back: nothing is measured. */
async function inTime(work: Promise<void>, otherwise: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), 20_000);
  });
  const first = await Promise.race([work, late]);
  clearTimeout(timer);
  mustHold(first !== 'late', otherwise);
}

function aTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
