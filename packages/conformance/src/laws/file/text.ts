import { linesOf, type Book, type Voucher } from '@bilag/core';
import type { FileLaw } from '../../files/file-law.ts';
import type { ReadVoucher } from '../../files/file-subject.ts';
import type { FileWorld } from '../../files/file-world.ts';
import { mustEqual, mustHold } from '../../law.ts';
import { keptOrRefused, type KeptOrRefused } from '../../refusal.ts';
import { mustHoldTheDates } from './books/as-booked.ts';

/** A text is somebody else's: nothing in it may move an amount, end a line or begin a voucher. */
export const fileText: FileLaw = {
  id: 'text',
  sentence:
    'Whatever texts and names are made of, the file holds the same vouchers, accounts and amounts; æ, ø and å stay.',
  async prove(open) {
    const world = await open();
    for (const text of ordinaryTexts) await mustStayWhole(world, text);
    await mustKeepLetters(world);
    const outcomes: KeptOrRefused[] = [];
    for (const text of strangeTexts) outcomes.push(await keptOrRefused(() => mustStayWhole(world, text)));
    for (const name of [...ordinaryTexts, ...strangeTexts]) {
      outcomes.push(await keptOrRefused(() => mustStayWholeWithNames(world, name)));
    }
    const refused = outcomes.filter((outcome) => outcome === 'refused').length;
    return refused === 0 ? 'kept' : `kept, ${refused} of ${outcomes.length} strange ones refused`;
  },
};

/** What people write. No file may refuse them. */
const ordinaryTexts: readonly string[] = [
  'Blåbær og søt øl på Ærøya, ÆØÅ æøå Ää Öö Éé Üü',
  'Bør & sønner; "beste" kjøp, 50 % < 100 % > 0: \'ja\'',
  '=SUM(A1:A9)',
  '+47 22 22 22 22',
  '-12,50',
  '@kaffe',
  'a\tb',
  'linje 1\nlinje 2\r\nlinje 3\rlinje 4',
  'C:\\kasse\\1|2|3 {x} [y] (z) #1 $2 ~3 ^4 `5`',
  '  to mellomrom  foran, midt i og bak  ',
  '{"a":[1,2]} <a href="x">&amp;</a> ]]> -- %s %d ${x}',
  '; kommentar * ! | 1920  100.00 NOK',
  '',
];

/** What machines write. A file may refuse them in words, and may not break. */
const strangeTexts: readonly string[] = [
  'Kaffe ☕ 🧾 👩‍👧 🇳🇴',
  '\u0000\u0001\u001B[31m\u007F\u0085\u2028\u2029',
  '\uFEFF\u202Eesrever\u202C \uFFFE\uFFFF',
  '\uD83E halvt tegn \uDD7E',
  'ż漢字кофеقهوة',
  'l'.repeat(10_000),
  'ø🧾'.repeat(5_000),
];

/** Between two ordinary vouchers, so that what spills over is seen. */
async function mustStayWhole(world: FileWorld, text: string): Promise<void> {
  const vouchers = around(world, { text, description: text });
  mustHoldTheStructure(await world.written({ vouchers }), vouchers, world);
}

async function mustStayWholeWithNames(world: FileWorld, name: string): Promise<void> {
  const vouchers = around(world, {});
  const book = world.book({ vouchers });
  const renamed: Book = {
    ...book,
    company: { ...book.company, name },
    accounts: book.accounts.map((account) => ({ ...account, name })),
    vatCodes: book.vatCodes.map((code) => ({ ...code, description: name })),
    dimensions: book.dimensions.map((dimension) => ({ ...dimension, name })),
  };
  mustHoldTheStructure(await world.readBack(renamed), vouchers, world);
}

function around({ vouchers: maker }: FileWorld, texts: { text?: string; description?: string }): Voucher[] {
  return [maker.sales([11_100, 2_200]), maker.sales([33_300, -4_400], texts), maker.payout(55_500, 600)];
}

function mustHoldTheStructure(
  read: readonly ReadVoucher[],
  vouchers: readonly Voucher[],
  { adapter }: FileWorld,
): void {
  mustHoldTheDates(read, vouchers);
  mustEqual(
    read.map(({ lines }) => sortedLines(lines)),
    vouchers.map((voucher) => sortedLines(linesOf(voucher, adapter.vat))),
    'the lines of the vouchers',
  );
}

function sortedLines(lines: readonly { readonly account: string; readonly amount: number }[]): string[] {
  return lines.flatMap(({ account, amount }) => (amount === 0 ? [] : [`${account} ${amount}`])).sort();
}

/** Where the file keeps texts at all. A letter its character set lacks may be another letter, and nothing else. */
async function mustKeepLetters(world: FileWorld): Promise<void> {
  const letters = 'Blåbærøl ÆØÅ';
  const { substitutes = {} } = world.subject;
  for (const substitute of Object.values(substitutes)) {
    mustHold(/^\p{L}+$/u.test(substitute), `"${substitute}" stands for a letter and is none`);
  }
  const wanted = letters.replaceAll(/\p{L}/gu, (letter) => substitutes[letter] ?? letter);
  const read = await world.written({
    vouchers: [world.vouchers.sales([100], { text: letters, description: letters })],
  });
  for (const { description, lines } of read) {
    for (const kept of [description, ...lines.map(({ text }) => text)]) {
      mustHold(
        kept === undefined || kept === '' || kept.includes(wanted),
        `the text "${letters}" is in the file as "${kept}"`,
      );
    }
  }
}
