import type { Amount, PlainDate } from '@bilag/core';

/** A line of a manual journal: gross where its tax is in it. */
export interface HeldXeroLine {
  /** Debit +. */
  readonly amount: Amount;
  /** Absent where Xero has taken out a code that it does not know. */
  readonly account: string | undefined;
  readonly taxType: string;
  /** The tax in the amount, or on top of it. */
  readonly taxAmount: Amount;
  readonly description: string;
  readonly tracking: Readonly<Record<string, string>>;
}

export type XeroStatus = 'DRAFT' | 'POSTED' | 'DELETED' | 'VOIDED';

/** A manual journal: none is ever taken away. */
export interface HeldXeroJournal {
  readonly id: string;
  readonly narration: string;
  readonly date: PlainDate;
  readonly status: XeroStatus;
  readonly lineAmountTypes: 'Inclusive' | 'Exclusive' | 'NoTax';
  readonly lines: readonly HeldXeroLine[];
  readonly attachments: readonly {
    readonly fileName: string;
    readonly mimeType: string;
    readonly content: Uint8Array;
  }[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** An entry of the ledger. */
export interface HeldLedgerEntry {
  readonly number: number;
  readonly date: PlainDate;
  readonly sourceType: string;
  readonly sourceId: string;
  readonly createdAt: number;
  readonly lines: readonly {
    readonly account: string;
    /** Net, debit +. */
    readonly amount: Amount;
    readonly taxType: string;
    readonly description: string;
    readonly tracking: Readonly<Record<string, string>>;
  }[];
}
