import type { Amount, PlainDate } from '@bilag/core';

/** What kind of file a statement was read from. */
export type StatementFormat = 'camt.053' | 'camt.054' | 'bank-csv';

/** One account over some days, as a bank tells it. Nothing in it is believed before it is proved. */
export interface Statement {
  readonly format: StatementFormat;
  /** The bank's name for it; absent in a CSV. */
  readonly id?: string;
  /** See {@link accountKey}. */
  readonly account: string;
  /** ISO 4217. */
  readonly currency: string;
  /** The electronic sequence number, which counts up by one from statement to statement. */
  readonly sequence?: number;
  readonly page?: Page;
  /** The days it covers, both included; absent where neither the bank nor an entry tells. */
  readonly period?: { readonly from: PlainDate; readonly to: PlainDate };
  /** Booked balances; absent in a notification and in most CSVs. */
  readonly opening?: Amount;
  readonly closing?: Amount;
  readonly claims: Claims;
  /** In the order of the file. */
  readonly lines: readonly StatementLine[];
  /** Where it stands: the file, and the place in it. */
  readonly where: string;
}

/** A page of something longer. */
export interface Page {
  /** What it is a page of: pages of one thing share it. */
  readonly of: string;
  readonly number: number;
  readonly isLast: boolean;
}

/** What the bank says the entries come to. Claims are checked, never trusted. */
export interface Claims {
  readonly count?: number;
  /** Credits − debits. */
  readonly net?: Amount;
  readonly credits?: CountAndSum;
  readonly debits?: CountAndSum;
}

/** Each half where it is told; the sum is never negative. */
export interface CountAndSum {
  readonly count?: number;
  readonly sum?: Amount;
}

/** One entry on the account. */
export interface StatementLine {
  /** The booking date, in the bank's own zone. */
  readonly date: PlainDate;
  readonly valueDate?: PlainDate;
  /** Signed: plus is money in. In minor units of the statement's currency. */
  readonly amount: Amount;
  /** Only what is booked takes part in a proof. */
  readonly status: 'booked' | 'other';
  /** That the bank says it takes an earlier entry back. */
  readonly isReversal: boolean;
  /** The bank's own reference. Helps to know a line again, and may repeat. */
  readonly bankReference?: string;
  /** Every text of it, as received, where a payout's own may stand. */
  readonly texts: readonly string[];
  /** The other side's names, where the bank tells them. */
  readonly parties: readonly string[];
  /** What the details below it come to, where every one of them tells its amount; minor units, signed as the line. */
  readonly detailSum?: Amount;
  /** That the money came in another currency. */
  readonly isExchanged: boolean;
  /** Where it stands in its statement, such as `Ntry 3` or `row 5`. */
  readonly place: string;
}
