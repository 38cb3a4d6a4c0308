import { amount, plainDate, type PlainDate } from '@bilag/core';
import type { MerchantDate, V2Entry } from '../ledger/ledger-dates.ts';
import { Tally } from '../ledger/ledger-summary.ts';
import type { Merchant, V2Ledger } from './merchant.ts';
import type { V1Date, V1Row, V1Summary } from '../ledger/v1-rows.ts';

const date: PlainDate = plainDate('2022-10-01');
const unitOfExamples = 'NO:57860';

/**
 * The day Vipps documents for version 2: captures of 100, 100 and 200, a refund of 100, three fees of 4.00, and a
 * payout of 288.00. In the current Norwegian form, with the payout's reference missing.
 */
export const exampleDay: Merchant = exampleMerchant({
  ledger: exampleLedger('12345', 'NO:57860'),
  funds: [
    ['3343121302', '2022-10-01T14:33:00.824993Z', 'capture', 'purchase-12', 10_000],
    ['3334234112', '2022-10-01T16:37:55.982497Z', 'capture', 'purchase-12', 10_000],
    ['3259823497', '2022-10-01T17:12:54.932428Z', 'capture', 'purchase-14', 20_000],
    ['1154320987', '2022-10-01T21:47:59.984224Z', 'refund', 'purchase-12', -10_000],
    ['12345-20221001', '2022-10-01T22:00:00.000000Z', 'fees-retained', null, -1200],
    ['12345-2000023', '2022-10-01T22:00:00.000000Z', 'payout-scheduled', null, -28_800],
  ],
  fees: [
    ['3343121302', '2022-10-01T14:33:00.824993Z', 'capture-fee', 'purchase-12', -400],
    ['3334234112', '2022-10-01T16:37:55.982497Z', 'capture-fee', 'purchase-12', -400],
    ['3259823497', '2022-10-01T17:12:54.932428Z', 'capture-fee', 'purchase-14', -400],
    ['12345-20221001', '2022-10-01T22:00:00.000000Z', 'fees-retained', null, 1200],
  ],
  v1Payout: '2000023',
  v1: [
    v1Row('12345', ['3343121302', '2022-10-01T16:33:00.824993+0200', 'capture', 'purchase-12', 10_000, 400]),
    v1Row('12345', ['3334234112', '2022-10-01T18:37:55.982497+0200', 'capture', 'purchase-12', 10_000, 400]),
    v1Row('12345', ['3259823497', '2022-10-01T19:12:54.932428+0200', 'capture', 'purchase-14', 20_000, 400]),
    v1Row('12345', ['1154320987', '2022-10-01T23:47:59.984224+0200', 'refund', 'purchase-12', -10_000, 0]),
    v1Row('12345', ['1000000123452000023', '2022-10-02T00:00:00.000000+0200', 'payout', null, -28_800, 0]),
  ],
});

/**
 * The day documented for version 1: a sale of 9.00 with a fee of 1.11, a refund of 6.00 and a payout of 1.89. Its payout
 * names another ledger than the one asked for, 273179, as the document does.
 */
export const v1ExampleDay: Merchant = exampleMerchant({
  ledger: exampleLedger('302321', 'api:123455'),
  funds: [
    ['3343121302', '2022-10-01T14:33:00.824993Z', 'capture', 'purchase-12', 900],
    ['2370000000', '2022-10-01T16:37:55.982497Z', 'refund', 'purchase-12', -600],
    ['302321-20221001', '2022-10-01T22:00:00.000000Z', 'fees-retained', null, -111],
    ['302321-2000045', '2022-10-01T22:00:00.000000Z', 'payout-scheduled', null, -189],
  ],
  fees: [
    ['3343121302', '2022-10-01T14:33:00.824993Z', 'capture-fee', 'purchase-12', -111],
    ['302321-20221001', '2022-10-01T22:00:00.000000Z', 'fees-retained', null, 111],
  ],
  v1Payout: '2000045',
  v1: [
    v1Row('302321', ['3343121302', '2022-10-01T16:33:00.824993+0200', 'capture', 'purchase-12', 900, 111]),
    v1Row('302321', ['2370000000', '2022-10-01T18:37:55.982497+0200', 'refund', 'purchase-12', -600, 0]),
    v1Row('273179', ['1000002731792000009', '2022-10-01T22:00:00.000000+0200', 'payout', null, -189, 0]),
  ],
});

/** pspReference, time, entry type, reference, amount. */
type EntryRow = readonly [string, string, string, string | null, number];

/** transactionId, timestamp, transaction type, order, gross, fee. */
type V1Facts = readonly [string, string, string, string | null, number, number];

interface Example {
  readonly ledger: V2Ledger;
  readonly funds: readonly EntryRow[];
  readonly fees: readonly EntryRow[];
  readonly v1Payout: string;
  readonly v1: readonly V1Row[];
}

function exampleMerchant({ ledger, funds, fees, v1Payout, v1 }: Example): Merchant {
  const tally = new Tally(ledger, date, { funds: 0, fees: 0 });
  for (const [, , type, reference, value] of funds) {
    tally.count('funds', type, value, reference === null ? null : unitOfExamples, date);
  }
  for (const [, , type, , value] of fees) tally.count('fees', type, value, null, date);
  const summary = tally.summary();
  const day: MerchantDate = { date, funds: chain(funds), fees: chain(fees), closed: true, summary };
  const v1Day: V1Date = { date, rows: v1, payout: v1Payout };
  const v1Summary: V1Summary = {
    rows: v1.length,
    sales: summary.sales,
    refunds: summary.refunds,
    fees: summary.feesCharged,
    payouts: summary.payouts,
    other: amount(0),
    closing: amount(0),
  };
  return {
    name: 'Example Shop Oslo',
    ledgerId: ledger.ledgerId,
    market: 'NO',
    currency: 'NOK',
    settlement: 'net',
    payouts: 'daily',
    cutoffHour: 0,
    from: date,
    to: date,
    ledger,
    *dates() {
      yield day;
      return summary;
    },
    *v1Dates() {
      yield v1Day;
      return v1Summary;
    },
  };
}

function chain(rows: readonly EntryRow[]): V2Entry[] {
  let balance = amount(0);
  return rows.map(([pspReference, time, entryType, reference, value]) => {
    const balanceBefore = balance;
    balance = amount(balance + value);
    return {
      pspReference,
      time,
      ledgerDate: date,
      entryType,
      reference,
      currency: 'NOK',
      amount: amount(value),
      recipientHandle: reference === null ? null : unitOfExamples,
      balanceAfter: balance,
      balanceBefore,
    };
  });
}

function v1Row(ledgerId: string, [transactionId, timestamp, transactionType, orderId, gross, fee]: V1Facts): V1Row {
  return {
    transactionId,
    timestamp,
    ledgerDate: date,
    ledgerId,
    transactionType,
    orderId,
    currency: 'NOK',
    ledgerAmount: amount(gross - fee),
    grossAmount: amount(gross),
    fee: amount(fee),
    recipientHandle: orderId === null ? null : 'nor:57860',
  };
}

function exampleLedger(ledgerId: string, handle: string): V2Ledger {
  const owner = { scheme: 'business:NO:ORG', id: '987654321' };
  return {
    ledgerId,
    currency: 'NOK',
    payoutBankAccount: { scheme: 'BBAN:NO', id: '86011117947' },
    owner,
    settlesForRecipientHandles: [handle],
    salesUnits: [{ name: 'Example Shop Oslo', recipientHandle: handle, businessIdentifier: owner }],
  };
}
