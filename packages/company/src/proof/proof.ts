import type { Amount, Finding, PlainDate } from '@bilag/core';
import type { Period } from '../dates/period.ts';

/** One row behind a figure: a date, a payout, a line of the bank, a voucher. */
export interface ProofRow {
  readonly date: PlainDate;
  readonly text: string;
  readonly amount: Amount;
  /** How many entries it sums up; absent for a single one. */
  readonly count?: number;
  /** Bank days that a payout is under way. */
  readonly age?: number;
  /** References of the vouchers it is booked in. */
  readonly vouchers?: readonly string[];
}

/** One figure of a table, and the rows that come to it. */
export interface ProofLine {
  /** Unique in the proof: what the figure links to. */
  readonly id: string;
  /**
   * `opening` and `movement` come to `closing`; `compared` is what another book says of the closing, `difference` how much it
   * differs: nothing, where all is well.
   */
  readonly is: 'opening' | 'movement' | 'closing' | 'compared' | 'difference';
  readonly label: string;
  readonly amount: Amount;
  /** Rows behind it; those of an opening and a closing are not listed. */
  readonly rows: readonly ProofRow[];
}

/** One account of one book, from the beginning of the period to its end. */
export interface ProofTable {
  readonly id: string;
  readonly about: 'funds' | 'fees' | 'transit' | 'bank' | 'target';
  readonly title: string;
  readonly lines: readonly ProofLine[];
}

/** What the provider owed on a date, over all ledgers. */
export interface BalancePoint {
  readonly date: PlainDate;
  /** Before the payouts of the date were scheduled. */
  readonly beforePayout: Amount;
  /** At the end of the date. */
  readonly amount: Amount;
}

/** A company's money from the provider's ledger to the bank, and whether every book says the same. */
export interface Proof {
  readonly company: { readonly id: string; readonly name: string; readonly organisationNumber: string };
  readonly currency: string;
  readonly period: Period;
  /** Every difference is nothing, and nothing is wrong. */
  readonly isProved: boolean;
  readonly tables: readonly ProofTable[];
  /** Dates and ledgers of the period, and how many of them are closed, without an error, and equal to the provider at the end of the day. */
  readonly dates: number;
  readonly provedDates: number;
  readonly balances: readonly BalancePoint[];
  /** What is wrong: named and located. */
  readonly findings: readonly Finding[];
}
