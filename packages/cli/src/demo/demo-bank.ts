import { bankCalendar } from '@bilag/bank';
import { amount, type PlainDate } from '@bilag/core';
import type { BankPayment } from '@bilag/simulator-bank';
import type { Merchant } from '@bilag/simulator-vipps';

/**
 * What a merchant's payouts come to at the bank: on the bank day on which they should, under the text that is documented. Payouts
 * that the provider aborts never come. Read from what the simulator made up, not from what Bilag has read of it.
 */
export async function bankPaymentsOf(merchant: Merchant, through: PlainDate): Promise<readonly BankPayment[]> {
  const calendar = await bankCalendar(merchant.market);
  const isNorwegian = merchant.market === 'NO';
  const unit = merchant.ledger.settlesForRecipientHandles[0]?.replace(/^.*:/, '') ?? '';
  const payouts = new Map<string, BankPayment>();
  for (const { date, funds } of merchant.dates()) {
    for (const { entryType, pspReference, amount: value, reference } of funds) {
      if (entryType === 'payout-aborted') payouts.delete(pspReference);
      if (entryType !== 'payout-scheduled') continue;
      const number = pspReference.slice(pspReference.indexOf('-') + 1);
      // Where the ledger tells the bank's text it is that one; in Norway it tells none.
      const text = reference ?? `Utb. ${number} Vippsnr ${unit}`;
      const on = calendar.add(date, isNorwegian ? 2 : 1);
      payouts.set(pspReference, { on, amount: amount(-value), text, counterparty: 'Vipps MobilePay AS' });
    }
  }
  return [...payouts.values()].filter(({ on }) => on <= through).toSorted((a, b) => (a.on < b.on ? -1 : 1));
}
