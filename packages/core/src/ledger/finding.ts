import type { Amount } from '../money/amount.ts';
import type { PlainDate } from '../money/plain-date.ts';

/** `error` stops delivery, `warning` asks for a person's eye, `info` only tells. */
export type Severity = 'info' | 'warning' | 'error';

/**
 * A problem as a value, not an exception: what was found, where, and what to do. The machine reads `code` and the
 * structured fields; the bookkeeper reads `message` and `action`.
 */
export interface Finding {
  /** Stable, such as `unknown-entry-type`. */
  readonly code: string;
  readonly severity: Severity;
  /** What was found, in one sentence. */
  readonly message: string;
  /** The place in words: a ledger and date, an element path, a line of a file. */
  readonly where: string;
  /** What to do now. */
  readonly action: string;
  readonly ledgerId?: string;
  /** The ledger date, or the first of several. */
  readonly date?: PlainDate;
  /** Of a finding that holds for several dates: the last of them. */
  readonly lastDate?: PlainDate;
  /** And how many they are. */
  readonly dateCount?: number;
  /** Keys of the vouchers the finding points at. */
  readonly vouchers?: readonly string[];
  /** What the facts come to, in minor units, signed as on the ledger. */
  readonly amount?: Amount;
  /** The orders they are of, or the provider's references where they have none: the first twenty. */
  readonly references?: readonly string[];
  /** Ids of the facts the finding is about. */
  readonly facts?: readonly string[];
}
