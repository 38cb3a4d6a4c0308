import { isPlainDate, parseAmount, type PlainDate } from '@bilag/core';
import { z } from 'zod';

/** What the adapter reads of e-conomic's replies. Numbers are their own text, as the JSON had them; false is left out there. */

const number = z.string().regex(/^\d+$/);
const money = z.string().regex(/^-?\d+(?:\.\d+)?$/);
const text = z.string().nullish();
const flag = z.boolean().optional();

/** A date with a time after it, which is midnight. */
const date: z.ZodType<PlainDate> = z
  .string()
  .transform((value) => value.replace(/T.*$/, ''))
  .refine((value): value is PlainDate => isPlainDate(value), 'is not a date');

/** A line of a journal. */
export interface DraftReply {
  readonly entryNumber: string;
  readonly voucherNumber?: string | null | undefined;
  readonly journalNumber: string;
  readonly date: PlainDate;
  readonly accountNumber?: string | null | undefined;
  readonly contraAccountNumber?: string | null | undefined;
  readonly vatCode?: string | null | undefined;
  readonly contraVatCode?: string | null | undefined;
  readonly amount: string;
  readonly currency: string;
  readonly text?: string | null | undefined;
}

export const draftReply: z.ZodType<DraftReply> = z.object({
  entryNumber: number,
  voucherNumber: number.nullish(),
  journalNumber: number,
  date,
  accountNumber: number.nullish(),
  contraAccountNumber: number.nullish(),
  vatCode: text,
  contraVatCode: text,
  amount: money,
  currency: z.string(),
  text,
});

/** An entry of the ledger. */
export interface BookedReply {
  readonly voucherNumber?: string | null | undefined;
  readonly date: PlainDate;
  readonly accountNumber: string;
  readonly amount: string;
  readonly currencyCode: string;
  readonly text?: string | null | undefined;
  readonly vatAccountNumber?: string | null | undefined;
}

export const bookedReply: z.ZodType<BookedReply> = z.object({
  voucherNumber: number.nullish(),
  date,
  accountNumber: number,
  amount: money,
  currencyCode: z.string(),
  text,
  vatAccountNumber: text,
});

/** An account of the chart; types above 2 are headings and sums. */
export interface AccountReply {
  readonly number: string;
  readonly name?: string | null | undefined;
  readonly type: string;
  readonly isBarred?: boolean | undefined;
  readonly isBlockedForDirectEntries?: boolean | undefined;
  readonly isDepartmentMandatory?: boolean | undefined;
}

export const accountReply: z.ZodType<AccountReply> = z.object({
  number,
  name: text,
  type: number,
  isBarred: flag,
  isBlockedForDirectEntries: flag,
  isDepartmentMandatory: flag,
});

/** A VAT code, as the older API shows it. */
export interface VatReply {
  readonly vatCode: string;
  readonly name?: string | null | undefined;
  /** In basis points. */
  readonly ratePercentage: number;
  readonly barred?: boolean | undefined;
  readonly account?: { readonly accountNumber: string } | undefined;
  readonly contraAccount?: { readonly accountNumber: string } | undefined;
}

const place = z.object({ accountNumber: number }).optional();

export const vatReply: z.ZodType<VatReply> = z.object({
  vatCode: z.string(),
  name: text,
  ratePercentage: money.default('0').transform((value) => parseAmount(value)),
  barred: flag,
  account: place,
  contraAccount: place,
});

/** A journal and how it is set up. */
export interface JournalReply {
  readonly name: string;
  readonly minimumVoucherNumber?: string | null | undefined;
  readonly maximumVoucherNumber?: string | null | undefined;
  readonly isStandingJournal?: boolean | undefined;
  readonly requireAdminApproval?: boolean | undefined;
  readonly allowedEntryType?: string | null | undefined;
}

export const journalReply: z.ZodType<JournalReply> = z.object({
  name: z.string(),
  minimumVoucherNumber: number.nullish(),
  maximumVoucherNumber: number.nullish(),
  isStandingJournal: flag,
  requireAdminApproval: flag,
  allowedEntryType: number.nullish(),
});

/** A month of an accounting year. */
export interface PeriodReply {
  readonly year: string;
  readonly dateFrom: PlainDate;
  readonly dateTo: PlainDate;
  readonly isClosed?: boolean | undefined;
  readonly isBarred?: boolean | undefined;
}

export const periodReply: z.ZodType<PeriodReply> = z.object({
  year: z.string(),
  dateFrom: date,
  dateTo: date,
  isClosed: flag,
  isBarred: flag,
});

/** A document that hangs on a voucher. */
export const documentReply: z.ZodType<{ readonly note?: string | null | undefined }> = z.object({ note: text });

/** Who the tokens open. */
export interface SelfReply {
  readonly agreementNumber: string;
  readonly agreementType?: { readonly name?: string | null | undefined } | undefined;
  readonly company: {
    readonly name?: string | null | undefined;
    readonly companyIdentificationNumber?: string | null | undefined;
  };
  readonly settings: { readonly baseCurrency: string };
}

export const selfReply: z.ZodType<SelfReply> = z.object({
  agreementNumber: number,
  agreementType: z.object({ name: text }).optional(),
  company: z.object({ name: text, companyIdentificationNumber: text }),
  settings: z.object({ baseCurrency: z.string() }),
});

export const createdReply: z.ZodType<{ readonly entryNumbers: readonly string[] }> = z.object({
  entryNumbers: z.array(number),
});
