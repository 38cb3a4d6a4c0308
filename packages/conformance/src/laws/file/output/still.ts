import type { Book } from '@bilag/core';
import type { FileLaw } from '../../../files/file-law.ts';
import { importAlone } from '../../../import-alone.ts';
import { mustEqual, mustHold } from '../../../law.ts';

/** Who imports an adapter has not yet asked for anything. */
export const fileStill: FileLaw = {
  id: 'still',
  sentence: 'Importing the adapter sends, reads and starts nothing, and rendering changes neither book nor config.',
  async prove(open) {
    const world = await open();
    const seen = await importAlone(world.subject.module);
    mustHold(seen.length === 0, `importing ${world.subject.module.pathname.split('/').at(-1)} ${seen.join(', ')}`);
    const vouchers = [world.vouchers.sales(), world.vouchers.payout(), world.vouchers.sales([400, 300, 200])];
    const book = world.book({ vouchers });
    const before = [shown(book), JSON.stringify(world.config)];
    await world.render(book);
    mustEqual([shown(book), JSON.stringify(world.config)], before, 'the book and the config after rendering');
  },
};

function shown({ vouchers, ...rest }: Book): string {
  return JSON.stringify({ ...rest, vouchers: [...(vouchers() as Iterable<unknown>)] });
}
