import type { Voucher } from '@bilag/core';
import type { HeldVoucher } from '../../../services/back-door.ts';
import { mustEqual, mustHold } from '../../../law.ts';
import type { ServiceLaw } from '../../../services/service-law.ts';
import type { ServiceWorld } from '../../../services/service-world.ts';
import { mustHoldAsBooked } from './exact.ts';
import { failureOf, mustFind, postedOrRefused } from '../expectations.ts';

/** A text is somebody else's: nothing in it may move an amount, or take the reference with it. */
export const text: ServiceLaw = {
  id: 'text',
  sentence:
    'Whatever the texts are, the voucher arrives whole and is found by its reference, or is refused by name; æ, ø and å stay.',
  async prove(open) {
    const world = await open();
    for (const ordinary of ordinaryTexts) await mustArrive(world, ordinary);
    let refused = 0;
    for (const strange of strangeTexts) {
      for (const voucher of vouchersWith(world, strange)) {
        const what = `a voucher with the text ${JSON.stringify(strange.slice(0, 30))}`;
        if ((await postedOrRefused(world, voucher, what)) === 'refused') refused += 1;
        else await mustBeWhole(world, voucher, what);
      }
    }
    await mustKeepLetters(await open());
    return refused === 0 ? 'kept' : `kept, ${refused} of ${2 * strangeTexts.length} strange ones refused`;
  },
};

/** What people write. No target may refuse them. */
const ordinaryTexts: readonly string[] = [
  'Blåbær og søt øl på Ærøya, ÆØÅ Ää Öö Éé Üü',
  'Bør & sønner; "beste" kjøp, 50 % < 100 % > 0: \'ja\' `nei` \\ / {x} [y]',
  'linje 1\nlinje 2\r\nlinje 3\tog mer',
  '400001-20260302 [400001-20260302] 400001-20260302.R2',
  'Lang tekst med mellomrom, '.repeat(40),
];

/** What machines write. It may be refused in words, and may not break anything. */
const strangeTexts: readonly string[] = [
  'Kaffe ☕ 🧾 👩‍👧 🇳🇴',
  '🧾'.repeat(150),
  'x'.repeat(5_000),
  '\u0001\u001B[31m\u007F\u0085\u2028\u202Eesrever\u202C',
  '\uD83E halvt tegn \uDD7E',
  '',
];

function vouchersWith({ vouchers }: ServiceWorld, words: string): Voucher[] {
  const texts = { text: words, description: words };
  return [vouchers.sales([100_000], texts), vouchers.payout(10_000, 100, texts)];
}

async function mustArrive(world: ServiceWorld, words: string): Promise<void> {
  for (const voucher of vouchersWith(world, words)) {
    const what = `a voucher with the text ${JSON.stringify(words.slice(0, 30))}`;
    const error = await failureOf(world.connect().post(voucher, voucher.key), what);
    mustHold(error === undefined, `${what}: it is refused (${error?.message ?? ''}), and people write so`);
    await mustBeWhole(world, voucher, what);
  }
}

async function mustBeWhole(world: ServiceWorld, voucher: Voucher, what: string): Promise<void> {
  const held = world.backDoor.held().filter(({ reference }) => reference === voucher.key);
  mustEqual(held.length, 1, `${what}: how often its reference ${voucher.key} is held`);
  mustHoldAsBooked(held, voucher);
  await mustFind(world, voucher, voucher.key, what);
}

/** Where the target keeps texts at all. */
async function mustKeepLetters(world: ServiceWorld): Promise<void> {
  for (const voucher of vouchersWith(world, letters)) {
    await world.connect().post(voucher, voucher.key);
    const [held] = world.live(voucher.key);
    for (const kept of held === undefined ? [] : textsOf(held)) {
      mustHold(
        !kept.includes('rsyltet') || kept.includes(letters),
        `the text "${letters}" is held as "${kept}", and should keep its letters`,
      );
    }
  }
}

const letters = 'Blåbærsyltetøy ÆØÅ';

function textsOf({ description, postings }: HeldVoucher): string[] {
  return [description, ...postings.flatMap((posting) => posting.text ?? [])];
}
