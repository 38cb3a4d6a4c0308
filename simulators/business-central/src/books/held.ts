import type { Amount, PlainDate } from '@bilag/core';

/** A line of a journal: gross. */
export interface HeldLine {
  readonly id: string;
  readonly journal: string;
  readonly lineNumber: number;
  readonly account: string;
  readonly postingDate: PlainDate;
  readonly documentNumber: string;
  readonly externalDocumentNumber: string;
  /** Gross, debit +. */
  readonly amount: Amount;
  readonly description: string;
  readonly comment: string;
  /** Empty where the line has no group. */
  readonly taxCode: string;
  readonly balancingAccount: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** An entry of the general ledger: net, and the VAT beside it. */
export interface HeldEntry {
  readonly id: string;
  readonly entryNumber: number;
  readonly postingDate: PlainDate;
  readonly documentNumber: string;
  readonly account: string;
  /** Debit +. */
  readonly amount: Amount;
  readonly description: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly createdAt: number;
}

/** A file with a document: it stays with it when the journal is posted. */
export interface HeldAttachment {
  readonly id: string;
  readonly documentNumber: string;
  readonly postingDate: PlainDate;
  readonly fileName: string;
  /** Empty until it is filled. */
  readonly content: Uint8Array;
}

/** A month. */
export interface HeldPeriod {
  readonly startingDate: PlainDate;
  readonly isNewYear: boolean;
  readonly isClosed: boolean;
}
