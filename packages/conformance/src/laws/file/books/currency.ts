import type { Voucher } from '@bilag/core';
import type { FileLaw } from '../../../files/file-law.ts';
import type { FileWorld } from '../../../files/file-world.ts';
import { keptOrRefused, together, type KeptOrRefused } from '../../../refusal.ts';
import { mustReadAsBooked } from './as-booked.ts';

/** Books of other currencies than the subject's own, all with two decimals. */
export const fileCurrency: FileLaw = {
  id: 'currency',
  sentence: 'A book in another currency is written in that currency, or refused in words.',
  async prove(open) {
    return proveCurrencies(await open(), ['NOK', 'EUR', 'DKK', 'SEK']);
  },
};

/** Books of currencies without minor units: nothing is divided by a hundred there. */
export const fileZeroDecimal: FileLaw = {
  id: 'zero-decimal',
  sentence: 'Amounts of a currency without øre, such as ISK or JPY, are written as they are, or refused in words.',
  async prove(open) {
    return proveCurrencies(await open(), ['ISK', 'JPY']);
  },
};

/** With and without VAT, as a file may take the one and not the other. */
async function proveCurrencies(world: FileWorld, currencies: readonly string[]): Promise<string> {
  const outcomes: { plain: KeptOrRefused[]; taxed: KeptOrRefused[] } = { plain: [], taxed: [] };
  for (const currency of currencies.filter((other) => other !== world.chart.currency)) {
    const attempt = (vouchers: readonly Voucher[]): Promise<KeptOrRefused> =>
      keptOrRefused(async () => {
        mustReadAsBooked(await world.written({ vouchers, company: { currency } }), vouchers, world.adapter.vat);
      });
    const { vouchers: maker } = world;
    outcomes.plain.push(await attempt([maker.payout(65_300, 700, { currency }), maker.payout(1, 0, { currency })]));
    outcomes.taxed.push(await attempt([maker.sales([1, 500, 12_345, -99], { currency })]));
  }
  const [plain, taxed] = [together(outcomes.plain), together(outcomes.taxed)];
  return plain === taxed ? plain : `${plain}, with VAT ${taxed}`;
}
