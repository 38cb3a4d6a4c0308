import type { Amount, BookCompany, FileAdapter } from '@bilag/core';
import type { KitChart } from '../kit/kit-chart.ts';

/** A file that an adapter rendered, whole. */
export interface WrittenFile {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Uint8Array;
}

/** A line as an independent reader finds it, in the VAT view the adapter declares. */
export interface ReadLine {
  readonly account: string;
  /** Minor units, debit +. */
  readonly amount: Amount;
  /** Absent where the file has none, or the kind of file has no codes. */
  readonly vatCode?: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  /** Absent where the file keeps none. */
  readonly text?: string;
}

/** A voucher as an independent reader finds it. */
export interface ReadVoucher {
  readonly reference: string;
  /** `2026-01-31`. */
  readonly date: string;
  /** Absent where the kind of file names no currency. */
  readonly currency?: string;
  readonly description?: string;
  /** In the order of the file. */
  readonly lines: readonly ReadLine[];
}

/** What a reader has to be told where the file does not say it itself. */
export interface ReadingHints {
  /** ISO 4217: the currency of the book. */
  readonly currency: string;
  /** How many decimals its amounts have: 2 for NOK, 0 for ISK. */
  readonly decimals: number;
}

/** A file adapter, and what the laws need to try it. */
export interface FileSubject<Config = unknown> {
  readonly adapter: FileAdapter<Config>;
  /** The module that exports it, such as `new URL('../index.ts', import.meta.url)`: imported alone, to see that nothing happens. */
  readonly module: URL;
  /** Tells apart the subjects of one adapter: its dialect, its version. */
  readonly variant?: string;
  /** The config as a config file would have it. */
  readonly config: unknown;
  readonly company?: Partial<BookCompany>;
  /** Where the accounts and codes differ from {@link norwegianChart}. */
  readonly chart?: Partial<KitChart>;
  /** The year of the laws' books, where the adapter or this variant of it takes only some; 2026 by default. */
  readonly year?: number;
  /** Letters that the format's character set lacks, and the letters it has in their place, such as `{ ø: 'ö' }`. */
  readonly substitutes?: Readonly<Record<string, string>>;
  /**
   * What is really in the files. Nothing of the adapter takes part in it: a parser made by others, or one written from the
   * specification. Throws when the files are not sound.
   */
  read(files: readonly WrittenFile[], hints: ReadingHints): Promise<readonly ReadVoucher[]> | readonly ReadVoucher[];
}
