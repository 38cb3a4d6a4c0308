import { amount, formatAmount, type Amount, type PlainDate } from '@bilag/core';
import { localText } from '../trade/local-time.ts';
import type { MerchantSetup } from '../merchant/merchant-options.ts';
import { movementsOf, type Movement } from '../trade/movements.ts';
import { paysOut, settledAt } from '../trade/settlement-calendar.ts';

/**
 * A row of version 1 of the Report API: a sale and its fee in one. Amounts are minor units here; {@link v1Text} writes
 * them as version 1 did, in major units.
 */
export interface V1Row {
  readonly transactionId: string;
  /** Local time with an offset without colon. */
  readonly timestamp: string;
  readonly ledgerDate: PlainDate;
  readonly ledgerId: string;
  readonly transactionType: string;
  readonly orderId: string | null;
  readonly currency: string;
  /** What the ledger moved by: gross less fee with net settlement, gross with gross settlement. */
  readonly ledgerAmount: Amount;
  readonly grossAmount: Amount;
  readonly fee: Amount;
  readonly recipientHandle: string | null;
}

/** A merchant's rows of one date. */
export interface V1Date {
  readonly date: PlainDate;
  readonly rows: readonly V1Row[];
  /** The number of the payout the date ends in. */
  readonly payout: string | null;
}

/** What the rows of a ledger should come to. Positive, but for the closing balance and whatever is neither of the named. */
export interface V1Summary {
  readonly rows: number;
  readonly sales: Amount;
  readonly refunds: Amount;
  readonly fees: Amount;
  readonly payouts: Amount;
  readonly other: Amount;
  readonly closing: Amount;
}

/**
 * The same trade as version 1 told it. Fees stand beside their sales whenever they were charged, and the payouts follow
 * from that, so its balances are its own: they differ from version 2's by late and service fees, which it does not know.
 */
export function* v1DatesOf(setup: MerchantSetup): Generator<V1Date, V1Summary> {
  const totals = { rows: 0, sales: 0, refunds: 0, fees: 0, payouts: 0, other: 0, closing: setup.openings.funds };
  let payoutNumber = setup.openings.payoutNumber;
  for (const { date, movements } of movementsOf(setup)) {
    const rows: V1Row[] = [];
    for (const movement of movements) {
      if (movement.account === 'fees') continue;
      const fee = movement.fee?.parts.reduce((sofar, part) => sofar + part, 0) ?? 0;
      const row = rowOf(movement, fee, date, setup);
      rows.push(row);
      totals.closing += row.ledgerAmount;
      totals.fees += fee;
      if (movement.type === 'capture') totals.sales += movement.amount;
      else if (movement.type === 'refund') totals.refunds -= movement.amount;
      else totals.other += movement.amount;
    }
    const pays = paysOut(date, setup.payouts) && totals.closing > 0;
    if (pays) {
      rows.push(payoutRow(totals.closing, payoutNumber, date, setup));
      totals.payouts += totals.closing;
      totals.closing = 0;
    }
    totals.rows += rows.length;
    yield { date, rows, payout: pays ? String(payoutNumber++) : null };
  }
  return {
    rows: totals.rows,
    sales: amount(totals.sales),
    refunds: amount(totals.refunds),
    fees: amount(totals.fees),
    payouts: amount(totals.payouts),
    other: amount(totals.other),
    closing: amount(totals.closing),
  };
}

function rowOf(movement: Movement, fee: number, date: PlainDate, setup: MerchantSetup): V1Row {
  return {
    transactionId: movement.pspReference,
    timestamp: localText(movement.at, setup.market),
    ledgerDate: date,
    ledgerId: setup.ledgerId,
    transactionType: movement.type,
    orderId: movement.reference,
    currency: setup.currency,
    ledgerAmount: amount(setup.settlement === 'net' ? movement.amount - fee : movement.amount),
    grossAmount: amount(movement.amount),
    fee: amount(fee),
    recipientHandle: movement.handle?.replace(/^NO:/, 'nor:') ?? null,
  };
}

function payoutRow(payout: number, payoutNumber: number, date: PlainDate, setup: MerchantSetup): V1Row {
  return {
    transactionId: `1${setup.ledgerId.padStart(11, '0')}${payoutNumber}`,
    timestamp: localText(settledAt(date, setup), setup.market),
    ledgerDate: date,
    ledgerId: setup.ledgerId,
    transactionType: 'payout',
    orderId: null,
    currency: setup.currency,
    ledgerAmount: amount(-payout),
    grossAmount: amount(-payout),
    fee: amount(0),
    recipientHandle: null,
  };
}

/**
 * A row as JSON text. Amounts are written digit by digit, never as a float, and as unevenly as version 1 did: whole
 * amounts without decimals, fees always with two.
 */
export function v1Text(row: V1Row): string {
  const fields = Object.entries(row).map(([name, value]: [string, unknown]) => {
    if (typeof value !== 'number') return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
    const decimal = formatAmount(value as Amount);
    return `"${name}":${name === 'fee' ? decimal : decimal.replace(/\.00$/, '')}`;
  });
  return `{${fields.join(',')}}`;
}
