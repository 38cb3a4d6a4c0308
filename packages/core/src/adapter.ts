import type { Amount } from './amount.ts';
import type { AccountRole } from './chart.ts';
import type { Finding } from './finding.ts';
import type { PlainDate } from './plain-date.ts';
import type { ServiceAdapter } from './service.ts';
import type { DocumentKind, VatView, Voucher } from './voucher.ts';

/** The contract version adapters declare. Provisional until the conformance kit is done. */
export const contractVersion = 1;

/**
 * Anything that checks a value and says what is wrong: a zod schema, or any other library's that follows Standard Schema.
 * Asynchronous checks are not supported: a config is checked before anything runs.
 */
export interface ConfigSchema<Config> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => ConfigResult<Config> | Promise<ConfigResult<Config>>;
    readonly types?: { readonly input: unknown; readonly output: Config } | undefined;
  };
}

export type ConfigResult<Config> =
  | { readonly value: Config; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string;
        readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
      }[];
    };

/** What a target can take in one voucher; `book()` splits by it before key and digest are made. */
export interface VoucherShape {
  /** The kinds of document the target tells apart; a target that does not lists `journal` alone. */
  readonly documents: readonly DocumentKind[];
  /** The most lines of one voucher in the gross view. */
  readonly maxLines: number;
}

/** Who the books belong to. */
export interface BookCompany {
  readonly name: string;
  /** Digits only, without country prefix or `MVA`. */
  readonly organisationNumber: string;
  /** ISO 3166: NO, DK, SE, FI. */
  readonly country: string;
  /** ISO 4217: every voucher of the book is in this currency. */
  readonly currency: string;
}

/** An account of the book. Σ opening + Σ postings of the period = closing. */
export interface BookAccount {
  readonly number: string;
  readonly name: string;
  readonly role?: AccountRole | 'revenue' | 'vat';
  /** Revenue only: the VAT codes that the policy posts on it, also where this period has none of them. */
  readonly vatCodes?: readonly string[];
  /** Debit − credit at the start of the period. */
  readonly opening: Amount;
}

/** A VAT code the vouchers may use. */
export interface BookVatCode {
  readonly code: string;
  readonly description: string;
  readonly rateBasisPoints: number;
  readonly kind: 'output' | 'input' | 'reverse-charge';
}

/** A value of a dimension the vouchers may use. */
export interface BookDimension {
  readonly type: string;
  readonly id: string;
  readonly name: string;
}

/** A customer or supplier the vouchers may name. */
export interface BookParty {
  readonly kind: 'customer' | 'supplier';
  readonly id: string;
  readonly name: string;
  readonly registrationNumber?: string;
  /** The receivable or payable account its lines are posted on. */
  readonly account: string;
  /** Debit − credit at the start of the period. */
  readonly opening: Amount;
}

/** What a file adapter renders. `vouchers()` may be iterated again and must repeat itself exactly. */
export interface Book {
  readonly company: BookCompany;
  readonly period: { readonly from: PlainDate; readonly to: PlainDate };
  readonly accounts: readonly BookAccount[];
  readonly vatCodes: readonly BookVatCode[];
  readonly dimensions: readonly BookDimension[];
  readonly parties: readonly BookParty[];
  vouchers(): AsyncIterable<Voucher> | Iterable<Voucher>;
}

/** One file to hand over. Its content is streamed; strings are written as UTF-8. */
export interface OutputFile {
  readonly name: string;
  readonly mediaType: string;
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
  check?(file: InputFile): AsyncIterable<Finding>;
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
