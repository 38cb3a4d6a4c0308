import type { Amount, PlainDate } from '@bilag/core';

/** A line as it was posted: gross. */
export interface HeldLedgerLine {
  readonly id: number;
  readonly account: string;
  readonly vatCode: string;
  readonly date: PlainDate;
  /** Gross, debit +. */
  readonly amount: Amount;
  readonly description: string;
  readonly externalLineReference: string | null;
  /** Codes, as people know them. */
  readonly department?: string;
  readonly project?: string;
}

/** A transaction as the general ledger really holds it: net, and the VAT beside it. */
export interface HeldTransaction extends Omit<HeldLedgerLine, 'externalLineReference'> {
  /** What of the line's gross amount went to another account. */
  readonly vatAmount: Amount;
  /** Posted by Go itself. */
  readonly isVat: boolean;
}

/** The kinds of voucher that the simulator makes. */
export type PowerOfficeVoucherType = 'ManualJournal' | 'BankJournal' | 'ReversalVoucher' | 'CorrectionVoucher';

/** A voucher as a client really holds it. None is ever deleted. */
export interface HeldLedgerVoucher {
  readonly id: string;
  readonly number: number;
  readonly type: PowerOfficeVoucherType;
  readonly date: PlainDate;
  readonly currency: string;
  readonly description: string;
  readonly externalImportReference: string | null;
  readonly importedVoucherNo: string | null;
  readonly saftSourceId: string | null;
  readonly saftBatchId: string | null;
  readonly lines: readonly HeldLedgerLine[];
  readonly transactions: readonly HeldTransaction[];
  /** Came through the API. */
  readonly isImported: boolean;
  readonly isReversed: boolean;
  /** On a reversal: what it takes back. */
  readonly reverses: string | null;
  /** On a correction: what it corrects. */
  readonly corrects: string | null;
  /** The one document; the last upload is what remains. */
  readonly documentation: { readonly fileName: string; readonly content: Uint8Array } | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** A row as a person types it: numbers and codes, not ids. */
export interface TypedLedgerRow {
  readonly account: string;
  /** Gross, debit +. */
  readonly amount: number;
  /** `0` by default. */
  readonly vatCode?: string;
  readonly department?: string;
  readonly project?: string;
}
