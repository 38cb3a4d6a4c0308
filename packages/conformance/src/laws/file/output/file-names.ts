import type { BookCompany } from '@bilag/core';
import type { FileLaw } from '../../../files/file-law.ts';
import { mustHold } from '../../../law.ts';
import { refusalOf } from '../../../refusal.ts';

/** A file that cannot be saved on the accountant's machine was never delivered. */
export const fileNames: FileLaw = {
  id: 'file-names',
  sentence: 'Every file has a name of its own that every machine can save, whatever the company is called.',
  async prove(open) {
    const world = await open();
    mustHoldNames(await namesOf({}));
    for (const name of companyNames) {
      await refusalOf(async () => mustHoldNames(await namesOf({ name })));
    }

    async function namesOf(company: Partial<BookCompany>): Promise<readonly string[]> {
      const vouchers = [world.vouchers.sales(), world.vouchers.payout()];
      const files = await world.render(world.book({ vouchers, company }));
      for (const { name, mediaType } of files) {
        mustHold(/^[\w.+-]+\/[\w.+-]+(\s*;.*)?$/.test(mediaType), `the media type of ${name} is "${mediaType}"`);
      }
      return files.map(({ name }) => name);
    }
  },
};

const companyNames = ['Kaffe/Bar: "Å" <1>|2?*', '..\\..\\etc', 'CON', 'Sluttpunkt. ', 'linje\nto', 'x'.repeat(400)];

function mustHoldNames(names: readonly string[]): void {
  mustHold(names.length > 0, 'there is no file');
  for (const name of names) {
    const shown = JSON.stringify(name);
    mustHold(/^[^\p{Cc}<>:"/\\|?*]+$/u.test(name), `the file name ${shown} has characters that Windows does not take`);
    mustHold(!/^\.|[. ]$|^ /.test(name), `the file name ${shown} begins with a point or ends in a point or a blank`);
    mustHold(!/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(name), `the file name ${shown} is a device of Windows`);
    mustHold(Buffer.byteLength(name) <= 200, `the file name ${shown} is longer than 200 bytes`);
  }
  const lower = names.map((name) => name.toLowerCase());
  mustHold(new Set(lower).size === names.length, `two files share a name: ${names.join(', ')}`);
}
