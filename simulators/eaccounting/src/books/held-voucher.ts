import type { Amount, PlainDate } from '@bilag/core';

/** One row: debit or credit. */
export interface HeldEAccountingRow {
  readonly account: string;
  /** Debit +. */
  readonly amount: Amount;
  readonly text: string;
  readonly project: string | undefined;
}

/** A voucher, or a draft of one, as the company really holds it. */
export interface HeldEAccountingVoucher {
  readonly id: string;
  readonly isDraft: boolean;
  readonly date: PlainDate;
  readonly text: string;
  /** The letters before its number; those of eAccounting where it names none. */
  readonly series: string;
  /** In its series; a draft has none. */
  readonly number: number | undefined;
  /** 2 is typed by hand, or sent; 27 is Zettle's, 34 of Payment Links. */
  readonly type: number;
  readonly rows: readonly HeldEAccountingRow[];
  readonly createdAt: number;
}

/** What is sent, or typed. */
export type VoucherDraft = Pick<HeldEAccountingVoucher, 'date' | 'text' | 'series' | 'rows'>;

/** A file, and what it is linked to. */
export interface HeldEAccountingFile {
  readonly id: string;
  readonly name: string;
  readonly content: Uint8Array;
  readonly documentId: string | undefined;
}
