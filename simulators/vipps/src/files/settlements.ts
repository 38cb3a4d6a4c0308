import { amount, type Amount, type PlainDate } from '@bilag/core';
import type { V2Entry } from '../ledger/ledger-dates.ts';
import type { Merchant } from '../merchant/merchant.ts';
import { localText } from '../trade/local-time.ts';

/** A payment as settlement files tell it: a capture or a refund, and its fee. Amounts are signed, the fee positive. */
export interface SettledPayment {
  readonly at: string;
  readonly date: PlainDate;
  readonly id: string;
  readonly order: string;
  readonly amount: Amount;
  readonly fee: Amount;
}

/** A payout and the payments it is for. */
export interface SettledPayout {
  readonly number: string;
  readonly date: PlainDate;
  readonly payments: readonly SettledPayment[];
}

/**
 * What a merchant's settlement files tell: its payments, by payout. The rest of its ledger, such as disputes, stands in no
 * settlement file, and neither does what has not been paid out.
 */
export function settlementsOf(merchant: Merchant): readonly SettledPayout[] {
  const settled: SettledPayout[] = [];
  let payments: SettledPayment[] = [];
  for (const { date, funds, fees } of merchant.dates()) {
    const feeOf = Map.groupBy(
      fees.filter(({ entryType }) => entryType === 'capture-fee'),
      ({ pspReference }) => pspReference,
    );
    for (const entry of funds) {
      if (entry.entryType === 'capture' || entry.entryType === 'refund')
        payments.push(paymentOf(entry, feeOf.get(entry.pspReference) ?? [], merchant));
      if (entry.entryType !== 'payout-scheduled') continue;
      settled.push({ number: entry.pspReference.replace(/^.*-/, ''), date, payments });
      payments = [];
    }
  }
  return settled;
}

function paymentOf(entry: V2Entry, fees: readonly V2Entry[], { market }: Merchant): SettledPayment {
  const isCapture = entry.entryType === 'capture';
  return {
    at: localText(Date.parse(entry.time) * 1000, market),
    date: entry.ledgerDate,
    id: entry.pspReference,
    order: entry.reference ?? '',
    amount: entry.amount,
    fee: amount(isCapture ? -fees.reduce((sofar, fee) => sofar + fee.amount, 0) : 0),
  };
}

/** What payments come to. */
export interface PaymentSums {
  readonly capture: Amount;
  readonly refund: Amount;
  readonly fee: Amount;
}

export function sumsOf(payments: readonly SettledPayment[]): PaymentSums {
  const of = (value: (payment: SettledPayment) => number): Amount =>
    amount(payments.reduce((sofar, payment) => sofar + value(payment), 0));
  return {
    capture: of((payment) => Math.max(payment.amount, 0)),
    refund: of((payment) => Math.min(payment.amount, 0)),
    fee: of(({ fee }) => fee),
  };
}
