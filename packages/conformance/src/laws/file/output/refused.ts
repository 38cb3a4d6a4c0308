import { voucherReference, type BookCompany, type Voucher } from '@bilag/core';
import type { FileLaw } from '../../../files/file-law.ts';
import type { FileWorld } from '../../../files/file-world.ts';
import { mustHold } from '../../../law.ts';
import { refusalOf } from '../../../refusal.ts';

/** What cannot be written right is not written. */
export const fileRefused: FileLaw = {
  id: 'refused',
  sentence: 'What does not belong in the file is refused by name, and never written as if it did.',
  async prove(open) {
    const world = await open();
    const currency = world.chart.currency === 'DKK' ? 'NOK' : 'DKK';
    const stranger = world.vouchers.payout(65_300, 0, { currency });
    await mustRefuse(world, stranger, `a voucher in ${currency} in a book in ${world.chart.currency}`);
    for (const date of [world.day('02-28'), world.day('04-01')]) {
      await mustRefuse(world, world.vouchers.payout(65_300, 0, { date }), `a voucher of ${date} in a book of March`);
    }
    for (const company of oddCompanies) await mustRefuseBeforeTheFirstByte(world, company);
  },
};

/** Other vouchers come first, so that the refusal has to look at each. */
async function mustRefuse(world: FileWorld, voucher: Voucher, what: string): Promise<void> {
  const book = world.book({ vouchers: [world.vouchers.sales(), world.vouchers.payout(), voucher] });
  const refusal = await refusalOf(() => world.render(book));
  mustHold(refusal !== undefined, `${what} is written as if it belonged there`);
  mustHold(
    `${refusal.what} ${refusal.where}`.includes(voucherReference(voucher)),
    `${what} is refused without naming the voucher: "${refusal.message}"`,
  );
}

/** An adapter may take these; when it does not, it says so in words and leaves no half of a file behind. */
const oddCompanies: readonly Partial<BookCompany>[] = [
  { organisationNumber: '' },
  { organisationNumber: '12 34' },
  { name: '' },
  { country: 'XX' },
  { currency: 'XTS' },
];

async function mustRefuseBeforeTheFirstByte(world: FileWorld, company: Partial<BookCompany>): Promise<void> {
  let bytes = 0;
  const { currency } = { currency: world.chart.currency, ...company };
  const book = world.book({ vouchers: [world.vouchers.payout(500, 0, { currency })], company });
  const refusal = await refusalOf(async () => {
    for await (const { content } of world.files(book)) for await (const piece of content) bytes += piece.length;
  });
  mustHold(
    refusal === undefined || bytes === 0,
    `a book of ${JSON.stringify(company)} is refused after ${bytes} bytes: it is known before the first`,
  );
}
