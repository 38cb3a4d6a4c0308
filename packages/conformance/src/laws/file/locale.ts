import type { FileLaw } from '../../files/file-law.ts';
import type { WrittenFile } from '../../files/file-subject.ts';
import { atMoment, inLanguage, languagesToTry } from '../../kit/surroundings.ts';
import { mustBeTheSameBytes } from './output/same-bytes.ts';

/** A decimal comma on one machine and a point on the next are two different files. */
export const fileLocale: FileLaw = {
  id: 'locale',
  sentence: 'The language of the machine changes nothing: neither decimal marks, dates, digits nor the order of names.',
  async prove(open) {
    const world = await open();
    const vouchers = [world.vouchers.sales([123_456, -7_850, 3]), world.vouchers.payout(4_500_000, 1_250)];
    const book = world.book({ vouchers });
    let first: readonly WrittenFile[] | undefined;
    for (const language of languagesToTry) {
      const files = await atMoment('2026-06-15T12:00:00Z', 0.5, () => inLanguage(language, () => world.render(book)));
      mustBeTheSameBytes(files, (first ??= files), `written on a machine that speaks ${language}`);
    }
  },
};
