import {
  amount,
  book,
  definePolicy,
  ledgerEntry,
  plainDate,
  voucherReference,
  type EntryFacts,
  type PlainDate,
  type PolicyInput,
  type Voucher,
} from '@bilag/core';
import { fiken } from '../src/index.ts';

export const day: PlainDate = plainDate('2026-03-02');

type Movement = Pick<EntryFacts, 'type'> & { readonly ore: number; readonly unit?: string };

/** The vouchers of one day, booked for Fiken's shape. */
export async function vouchersOf(
  movements: readonly Movement[],
  version: Partial<PolicyInput['versions'][number]> = {},
): Promise<Voucher[]> {
  const entries = movements.map(({ type, ore, unit }, index) =>
    ledgerEntry({
      ledgerId: '302321',
      account: 'funds',
      ledgerDate: day,
      currency: 'NOK',
      reference: null,
      time: null,
      type,
      amount: amount(ore),
      pspReference: type === 'payout-scheduled' ? '302321-2000042' : `psp-${index}`,
      salesUnit: unit ?? null,
    }),
  );
  const policy = definePolicy({
    versions: [{ from: '2026-01-01', market: 'NO', sales: { sale: '25' }, lines: 'summary', ...version }],
  });
  const dates = [{ ledgerId: '302321', date: day, currency: 'NOK', accounts: { funds: { closed: true } }, entries }];
  const booked = await Array.fromAsync(book(dates, policy, { shape: fiken.shape }));
  return booked.flatMap(({ vouchers }) => vouchers);
}

/** A day with everything: sales, a refund, a fee and the payout of all of it. */
export function wholeDay(): Promise<Voucher[]> {
  return vouchersOf([
    { type: 'capture', ore: 90_000 },
    { type: 'capture', ore: 12_345 },
    { type: 'refund', ore: -1_202 },
    { type: 'capture-fee', ore: -2_711 },
    { type: 'payout-scheduled', ore: -98_432 },
  ]);
}

export const referenceOf: (voucher: Voucher) => string = voucherReference;
