import type { Amount } from '../money/amount.ts';
import type { AccountRole } from '../policy/chart.ts';
import type { PlainDate } from '../money/plain-date.ts';
import type { DocumentKind, Voucher } from '../voucher/voucher.ts';

/**
 * The contract version adapters declare. Optional additions keep it; a required one raises it, and the version before is
 * accepted for as long as the next.
 */
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
  /** The month in which the accounting year begins, 1 to 12; the calendar year where it is not said. */
  readonly fiscalYearStartMonth?: number;
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
  /** The first day the policy has the code with this rate: a rate changes by law, and what is refunded has the old one. */
  readonly from?: PlainDate;
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
  /**
   * Says that whoever made the book keeps its vouchers, so that each reading gives the very same ones: who reads them twice need
   * not prove it. Absent: they may be made again for each reading.
   */
  readonly keepsVouchers?: boolean;
  vouchers(): AsyncIterable<Voucher> | Iterable<Voucher>;
}
