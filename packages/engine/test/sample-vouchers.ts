import {
  addDays,
  amount,
  createVoucher,
  plainDate,
  zero,
  type BookedDate,
  type PlainDate,
  type Voucher,
} from '@bilag/core';

const firstDate = plainDate('2026-03-02');

/** The date of the nth sample voucher. */
export function sampleDate(index: number): PlainDate {
  return addDays(firstDate, index);
}

/** What a sample voucher is made of; facts and accounts can be chosen. */
export interface Sample {
  readonly index: number;
  readonly gross?: number;
  readonly account?: string;
  readonly facts?: readonly string[];
  readonly key?: string;
  readonly text?: string;
}

/** A day's sales: clearing against revenue. */
export function sampleVoucher(sample: Sample): Voucher {
  const { index, gross = 10_000 + index, account = '3000', text = 'Salg' } = sample;
  const date = sampleDate(index);
  const facts = sample.facts ?? [`302321/funds/${date}/capture/${index}/${gross}`];
  return createVoucher({
    key: sample.key ?? `302321-${date.replaceAll('-', '')}`,
    date,
    ledgerId: '302321',
    ledgerDate: date,
    series: 'VIPPS',
    document: 'journal',
    description: `Vipps MobilePay 302321 ${date}`,
    currency: 'NOK',
    lines: [
      { account: '1579', amount: amount(gross), role: 'clearing', text, facts },
      { account, amount: amount(-gross), text, facts },
    ],
    facts,
  });
}

/** As many days of sales. */
export function sampleVouchers(count: number): Voucher[] {
  return Array.from({ length: count }, (_, index) => sampleVoucher({ index }));
}

const emptyTotals = {
  ledgerId: '302321',
  captures: zero,
  refunds: zero,
  fees: zero,
  payouts: zero,
  other: zero,
  entries: 0,
};

/** Vouchers as `book()` hands them on. */
export function bookedDates(vouchers: readonly Voucher[], change: Partial<BookedDate> = {}): BookedDate[] {
  const none = { provider: zero, books: zero };
  return vouchers.map((voucher) => ({
    ledgerId: voucher.ledgerId,
    date: voucher.ledgerDate,
    currency: 'NOK',
    bookable: true,
    vouchers: [voucher],
    findings: [],
    balances: [{ ledgerId: voucher.ledgerId, funds: none, inTransit: zero, preBooked: zero }],
    totals: [emptyTotals],
    ...change,
  }));
}
