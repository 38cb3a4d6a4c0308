import type { Amount, PlainDate } from '@bilag/core';

/** A posting as a company really holds it. */
export interface HeldPosting {
  readonly id: number;
  /** 0 for what the system added. */
  readonly row: number;
  readonly date: PlainDate;
  readonly description: string;
  /** The account's number. */
  readonly account: string;
  /** The VAT type's number. */
  readonly vatType: string;
  readonly amountGross: Amount;
  /** Net of the VAT that stands on row 0. */
  readonly amount: Amount;
  /** Numbers, as people know them. */
  readonly department?: string;
  readonly project?: string;
  readonly customer?: string;
  readonly supplier?: string;
}

/** A voucher as a company really holds it, deleted ones too. */
export interface HeldVoucher {
  readonly id: number;
  readonly version: number;
  readonly date: PlainDate;
  /** 0 while it waits for a person ("Ikke bokført"). */
  readonly number: number;
  readonly tempNumber: number;
  readonly description: string;
  readonly externalVoucherNumber: string | null;
  readonly voucherType: string | null;
  readonly postings: readonly HeldPosting[];
  readonly isDeleted: boolean;
  /** The other end of a reversal, where it is told. */
  readonly reverseVoucher: number | null;
  /** On a reversal, whatever it tells: what it takes back. */
  readonly reverses: number | null;
  readonly attachment: HeldAttachment | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** What lies with a voucher. Every upload adds its pages; the first gives the name. */
export interface HeldAttachment {
  readonly id: number;
  readonly fileName: string;
  readonly mediaType: string;
  readonly uploads: readonly Uint8Array[];
}

/** A row as a person types it, or an import writes it: numbers, not ids. */
export interface TypedRow {
  readonly account: string;
  /** Gross, debit +. */
  readonly amount: number;
  /** The number of the VAT type; 0 by default. */
  readonly vatType?: string;
  readonly department?: string;
}

/** What the system is told of one posting, by number, before it adds its own rows. */
export interface PostingDraft {
  readonly row: number;
  readonly date: PlainDate;
  readonly description: string;
  readonly account: string;
  readonly vatType: string;
  readonly amountGross: Amount;
  readonly department?: string;
  readonly project?: string;
  readonly customer?: string;
  readonly supplier?: string;
}
