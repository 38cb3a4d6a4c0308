import type { Amount, PlainDate } from '@bilag/core';

/** One row: debit or credit. */
export interface HeldRow {
  readonly account: string;
  /** Debit +. */
  readonly amount: Amount;
  readonly information: string;
  readonly costCenter: string | undefined;
  readonly project: string | undefined;
}

/** A voucher as the company really holds it. */
export interface HeldFortnoxVoucher {
  readonly series: string;
  readonly number: number;
  /** The id of its financial year. */
  readonly year: number;
  readonly date: PlainDate;
  readonly description: string;
  readonly comments: string;
  readonly rows: readonly HeldRow[];
  readonly createdAt: number;
}

/** A voucher that is checked, but for its number. */
export type VoucherDraft = Omit<HeldFortnoxVoucher, 'number' | 'createdAt'>;

/** A file in the inbox, or on a voucher. */
export interface HeldFile {
  readonly id: string;
  readonly name: string;
  readonly content: Uint8Array;
}

/** A file on a voucher. */
export interface FileConnection {
  readonly fileId: string;
  readonly series: string;
  readonly number: number;
  readonly year: number;
}
