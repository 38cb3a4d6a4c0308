import type { FileAdapter, Finding } from '@bilag/core';
import type { FileLaw } from '../../../files/file-law.ts';
import type { WrittenFile } from '../../../files/file-subject.ts';
import { mustHold } from '../../../law.ts';

/** A checker that never objects is worse than none. */
export const fileChecked: FileLaw = {
  id: 'checked',
  sentence:
    'The check finds no error in the adapter’s own files, and finds one where a file is cut off or a digit is changed.',
  excuse: (adapter) => (adapter.check === undefined ? 'it declares no check' : undefined),
  async prove(open) {
    const world = await open();
    const { vouchers: maker } = world;
    const vouchers = [maker.sales(), maker.payout(), maker.payout(tellTale, 0)];
    let changed = 0;
    for (const file of await world.render(world.book({ vouchers }))) {
      const [error] = await errorsOf(world.adapter, file);
      mustHold(error === undefined, `the check finds an error in the adapter's own ${file.name}: ${error?.message}`);
      const cut = { ...file, content: file.content.slice(0, Math.floor(file.content.length * 0.6)) };
      mustHold((await errorsOf(world.adapter, cut)).length > 0, `the check finds no error in half of ${file.name}`);
      const wrong = withAnotherDigit(file);
      if (wrong === undefined) continue;
      changed += 1;
      mustHold(
        (await errorsOf(world.adapter, wrong)).length > 0,
        `the check finds no error in ${file.name} where one amount was changed by one digit`,
      );
    }
    return changed > 0 ? 'cut and changed' : 'cut';
  },
};

/** 98 765.43: easy to find in any file. */
const tellTale = 9_876_543;

/** The last place of the amount, however it is written; undefined where it is not plain text. */
function withAnotherDigit(file: WrittenFile): WrittenFile | undefined {
  const text = Buffer.from(file.content).toString('latin1');
  const place = Math.max(...['98765.43', '98765,43', '98 765,43', '9876543'].map((shown) => text.lastIndexOf(shown)));
  if (place === -1) return undefined;
  const content = Uint8Array.from(file.content);
  content[place] = '8'.charCodeAt(0);
  return { ...file, content };
}

/** Read in pieces that end in the middle of words and of characters. */
async function errorsOf({ check }: FileAdapter, { name, content }: WrittenFile): Promise<Finding[]> {
  function* pieces(): Generator<Uint8Array> {
    for (let at = 0; at < content.length; at += 97) yield content.slice(at, at + 97);
  }
  const errors: Finding[] = [];
  for await (const finding of check?.({ name, content: pieces() }) ?? []) {
    if (finding.severity === 'error') errors.push(finding);
  }
  return errors;
}
