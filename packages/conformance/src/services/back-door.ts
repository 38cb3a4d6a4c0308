import type { Amount, DocumentKind, PlainDate } from '@bilag/core';

/** One posting as the target's ledger shows it: net amounts, and VAT on postings of its own. */
export interface HeldPosting {
  /** The account as the voucher named it. */
  readonly account: string;
  /** Debit +. */
  readonly amount: Amount;
  /** The code of a base posting, as the voucher named it; absent without VAT and on the VAT's own postings. */
  readonly vatCode?: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly text?: string;
}

/** A file that lies with a voucher. */
export interface HeldFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** A voucher as the target really holds it. */
export interface HeldVoucher {
  /** As the adapter says it in a receipt. */
  readonly id: string;
  /** Our reference. */
  readonly reference: string;
  readonly state: 'live' | 'reversed' | 'deleted';
  /** On a reversal: the id of what it takes back. */
  readonly reverses?: string;
  readonly document: DocumentKind;
  readonly date: PlainDate;
  readonly currency: string;
  readonly description: string;
  /** In the order the target shows them; they add up to nothing. */
  readonly postings: readonly HeldPosting[];
  readonly files: readonly HeldFile[];
}

/**
 * How the laws look behind a fake target, and do what people do in it. It goes past HTTP, the adapter and everything that
 * could be wrong in them: what it shows is what the books of a real target would show.
 */
export interface BackDoor {
  /** Everything the target holds, oldest first; reversals too, and deleted vouchers where it keeps them. */
  held(): readonly HeldVoucher[];
  /** Closes the books on and before this date. */
  lockThrough(date: PlainDate): void;
  /** From now on a new voucher is not found by a search for this long. */
  showAfter(ms: number): void;
  /** A person changes an amount of the voucher (and of another posting, so that it balances). */
  edit(id: string): void;
  /** The next voucher is stored with another amount than was sent, and is answered for all the same. */
  alterNext(): void;
}
