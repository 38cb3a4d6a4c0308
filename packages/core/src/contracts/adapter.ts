import type { Book, ConfigSchema, contractVersion, VoucherShape } from './contract.ts';
import type { Finding } from '../ledger/finding.ts';
import type { ServiceAdapter } from './service.ts';
import type { Amount } from '../money/amount.ts';
import type { PlainDate } from '../money/plain-date.ts';
import type { VatView } from '../voucher/voucher.ts';

/** One file to hand over. Its content is streamed; strings are written as UTF-8. */
export interface OutputFile {
  readonly name: string;
  readonly mediaType: string;
  /** What it holds of the book's period, where that is a part. */
  readonly period?: Book['period'];
  readonly content: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;
}

/** A file to check, also one that another system wrote. */
export interface InputFile {
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** The only thing a renderer may take from outside the book: when the file is made. */
export interface RenderContext {
  /** ISO 8601 with offset or `Z`, such as `2026-11-21T08:00:00Z`. */
  readonly createdAt: string;
  /** Told at the end by an adapter that checks what it renders, see {@link FileAdapter.checksWhileRendering}. */
  readonly onFindings?: (findings: readonly Finding[]) => void;
}

/** A target that is a file to hand over. */
export interface FileAdapter<Config = unknown> {
  readonly contract: typeof contractVersion;
  readonly kind: 'file';
  /** Short and lower-case, such as `saf-t`. */
  readonly id: string;
  readonly title: string;
  readonly config: ConfigSchema<Config>;
  readonly vat: VatView;
  /** Absent: one voucher per ledger date, however long. */
  readonly shape?: VoucherShape;
  /** Pure: the same book, config and context give the same bytes. Each file's content is read before the next is asked for. */
  render(book: Book, config: Config, context: RenderContext): AsyncIterable<OutputFile>;
  /**
   * Says that `render` judges its files as it writes them, by every rule of `check`, and tells what it found when all of them
   * have come: then nobody needs to read them again.
   */
  readonly checksWhileRendering?: boolean;
  check?(file: InputFile): AsyncIterable<Finding>;
  /**
   * Checks the files of a set together, in their order: what none of them shows alone. Where a finding is of one file, its
   * place begins with the file's name and `: `.
   */
  checkSet?(files: AsyncIterable<InputFile> | Iterable<InputFile>): AsyncIterable<Finding>;
  /** The code by which `check` says that a file is a part of a set, and was not judged whole. */
  readonly partCode?: string;
  /** How the names of the files end that `check` is for, such as `.xml`, in lower case; absent: any file. */
  readonly checkedExtensions?: readonly string[];
  /**
   * Reads what a file, also one that another system wrote, has on some accounts, in the order of the file. Throws `rejected`
   * for a file that cannot be read to its end, or that is of another company or currency.
   */
  readLines?(file: InputFile, wanted: WantedLines): AsyncIterable<FileLine>;
}

/** Which lines of a file are asked for, and whose books it must be. */
export interface WantedLines {
  readonly organisationNumber: string;
  readonly currency: string;
  readonly accounts: ReadonlySet<string>;
}

/** A line as the books in a file have it. Texts are left out: they may be of customers. */
export interface FileLine {
  readonly account: string;
  /** The date of its voucher. */
  readonly date: PlainDate;
  /** In minor units, debit +. */
  readonly amount: Amount;
  /** What the file calls the voucher. */
  readonly voucher: string;
}

/** Any adapter: what a config names. */
export type Adapter<Config = unknown> = FileAdapter<Config> | ServiceAdapter<Config>;

/**
 * Declares an adapter. Nothing happens here: an import sends nothing and reads nothing.
 *
 * @example
 * ```ts
 * import { defineAdapter, formatAmount } from '@bilag/core';
 * import { z } from 'zod';
 *
 * const adapter = defineAdapter({
 *   contract: 1,
 *   kind: 'file',
 *   id: 'totals',
 *   title: 'One total per voucher',
 *   config: z.object({ separator: z.string() }),
 *   vat: 'gross',
 *   async *render(book, config) {
 *     yield {
 *       name: 'totals.txt',
 *       mediaType: 'text/plain',
 *       content: (async function* () {
 *         for await (const voucher of book.vouchers()) {
 *           const debit = voucher.lines.reduce((total, line) => total + Math.max(0, line.amount), 0);
 *           yield voucher.key + config.separator + formatAmount(debit as typeof voucher.lines[0]['amount']) + '\n';
 *         }
 *       })(),
 *     };
 *   },
 * });
 * adapter.id; // => 'totals'
 * ```
 */
export function defineAdapter<Config>(adapter: FileAdapter<Config>): FileAdapter<Config>;
export function defineAdapter<Config>(adapter: ServiceAdapter<Config>): ServiceAdapter<Config>;
export function defineAdapter<Config>(adapter: Adapter<Config>): Adapter<Config> {
  return adapter;
}
