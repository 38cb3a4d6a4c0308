import type { Amount, PlainDate } from '@bilag/core';

/** One line as it was typed or sent: gross. */
export interface HeldUnimicroDraftLine {
  readonly date: PlainDate;
  readonly account: string;
  /** Debit +. */
  readonly amount: Amount;
  readonly vatCode: string | undefined;
  readonly description: string;
  readonly department: string | undefined;
  readonly project: string | undefined;
}

/** A line of the ledger: net, or VAT. */
export interface HeldUnimicroLine extends HeldUnimicroDraftLine {
  readonly id: number;
  /** Of VAT: the line it is the VAT of. */
  readonly vatOf: number | undefined;
  /** What it takes back, and what took it back. */
  readonly credits: number | undefined;
  readonly creditedBy: number | undefined;
}

/** A journal entry as the company really holds it. */
export interface HeldUnimicroEntry {
  readonly id: number;
  readonly reference: string;
  readonly source: string;
  readonly description: string;
  /** Such as `34-2026`; undefined while it is a draft. */
  readonly number: string | undefined;
  /** Kept when it is booked. */
  readonly draftLines: readonly HeldUnimicroDraftLine[];
  readonly lines: readonly HeldUnimicroLine[];
  readonly createdAt: number;
}

/** What is sent to be drafted or booked. */
export type EntryDraft = Pick<HeldUnimicroEntry, 'reference' | 'source' | 'description' | 'draftLines'>;

/** A file on an entry. */
export interface HeldUnimicroFile {
  readonly entryId: number;
  readonly name: string;
  readonly content: Uint8Array;
}
