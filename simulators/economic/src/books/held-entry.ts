import type { Amount, PlainDate } from '@bilag/core';

/** A line of a journal that is not booked yet: gross. */
export interface DraftEntry {
  readonly entryNumber: number;
  readonly entryTypeNumber: number;
  readonly journalNumber: number;
  readonly voucherNumber: number;
  readonly date: PlainDate;
  readonly account: string | undefined;
  readonly contraAccount: string | undefined;
  readonly vatCode: string | undefined;
  readonly contraVatCode: string | undefined;
  /** Gross, debit + on the account. */
  readonly amount: Amount;
  readonly currency: string;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** An entry of the ledger: net, and the VAT beside it. */
export interface BookedEntry {
  readonly entryNumber: number;
  readonly voucherNumber: number;
  readonly date: PlainDate;
  readonly account: string;
  /** Debit +. */
  readonly amount: Amount;
  readonly currency: string;
  readonly text: string;
  /** Of the line that was booked; the VAT's own entries have none. */
  readonly vatCode: string | undefined;
  readonly bookedAt: number;
}

/** A document that hangs on a voucher. */
export interface HeldDocument {
  readonly number: number;
  readonly voucherNumber: number;
  readonly accountingYear: string;
  readonly note: string;
  readonly fileName: string;
  readonly content: Uint8Array;
}

/** An accounting year, a calendar year here. */
export interface HeldPeriod {
  readonly year: string;
  readonly number: number;
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly isClosed: boolean;
  readonly isBarred: boolean;
}
