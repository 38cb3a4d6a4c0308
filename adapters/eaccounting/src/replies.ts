import { isPlainDate, type PlainDate } from '@bilag/core';
import { z } from 'zod';

/** What the adapter reads of eAccounting's replies. Numbers are their own text, as the JSON had them. */

const text = z.string().nullish();
const number = z.string().regex(/^\d+$/);
const money = z.string().regex(/^\d+(?:\.\d+)?$/);
const flag = z.boolean().nullish();
/** A day, which comes as its midnight. */
const date: z.ZodType<PlainDate> = z
  .string()
  .transform((value) => value.replace(/T00:00:00(?:\.0+)?Z?$/, ''))
  .refine((value): value is PlainDate => isPlainDate(value), 'is not a date');

export interface RowReply {
  readonly AccountNumber: string;
  readonly DebitAmount?: string | null | undefined;
  readonly CreditAmount?: string | null | undefined;
  readonly ProjectId?: string | null | undefined;
}

/** A voucher, or a draft of one. */
export interface VoucherReply {
  readonly Id: string;
  readonly VoucherDate: PlainDate;
  readonly VoucherText?: string | null | undefined;
  readonly Rows?: readonly RowReply[] | null | undefined;
  /** Such as `V12`; a draft has none. */
  readonly NumberAndNumberSeries?: string | null | undefined;
  /** What made it: 2 is typed by hand, or by us. */
  readonly VoucherType?: string | null | undefined;
  readonly CreatedUtc?: string | null | undefined;
}

export const voucherReply: z.ZodType<VoucherReply> = z.object({
  Id: z.string().min(1),
  VoucherDate: date,
  VoucherText: text,
  Rows: z
    .array(
      z.object({ AccountNumber: number, DebitAmount: money.nullish(), CreditAmount: money.nullish(), ProjectId: text }),
    )
    .nullish(),
  NumberAndNumberSeries: text,
  VoucherType: number.nullish(),
  CreatedUtc: text,
});

/** What a new voucher is known by; the rest is read back. */
export const createdReply: z.ZodType<{ readonly Id: string }> = z.object({ Id: z.string().min(1) });

export interface AccountReply {
  readonly Number: string;
  readonly Name?: string | null | undefined;
  readonly FiscalYearId: string;
  readonly IsActive?: boolean | null | undefined;
  readonly IsBlockedForManualBooking?: boolean | null | undefined;
  readonly IsFirstCostCenterMandatory?: boolean | null | undefined;
  readonly AllowTransactionText?: boolean | null | undefined;
  readonly IsProjectAllowed?: boolean | null | undefined;
}

export const accountReply: z.ZodType<AccountReply> = z.object({
  Number: number,
  Name: text,
  FiscalYearId: z.string(),
  IsActive: flag,
  IsBlockedForManualBooking: flag,
  IsFirstCostCenterMandatory: flag,
  AllowTransactionText: flag,
  IsProjectAllowed: flag,
});

export interface YearReply {
  readonly Id: string;
  readonly StartDate: PlainDate;
  readonly EndDate: PlainDate;
  readonly IsLockedForAccounting?: boolean | null | undefined;
}

export const yearReply: z.ZodType<YearReply> = z.object({
  Id: z.string(),
  StartDate: date,
  EndDate: date,
  IsLockedForAccounting: flag,
});

export interface ProjectReply {
  readonly Id: string;
  readonly Number: string;
  readonly Name?: string | null | undefined;
}

export const projectReply: z.ZodType<ProjectReply> = z.object({ Id: z.string(), Number: z.string(), Name: text });

export interface SettingsReply {
  readonly Name?: string | null | undefined;
  readonly CompanyIdentifier: string;
  readonly CorporateIdentityNumber?: string | null | undefined;
  readonly CountryCode: string;
  readonly CurrencyCode: string;
  readonly AccountingLockedTo?: PlainDate | undefined;
  readonly UseAutomaticVatCalculation?: boolean | null | undefined;
  /** 1 is active, 2 can only be read. */
  readonly CompanyStatus?: string | null | undefined;
}

/** No lock is told as a date of the first year there is. */
export const settingsReply: z.ZodType<SettingsReply> = z.object({
  Name: text,
  CompanyIdentifier: z.string().min(1),
  CorporateIdentityNumber: text,
  CountryCode: z.string().length(2),
  CurrencyCode: z.string().length(3),
  AccountingLockedTo: z.preprocess(
    (value) => (typeof value === 'string' && !value.startsWith('0001-') ? value : undefined),
    date.optional(),
  ),
  UseAutomaticVatCalculation: flag,
  CompanyStatus: number.nullish(),
});

export interface AttachmentReply {
  readonly Id: string;
  readonly FileName?: string | null | undefined;
}

export const attachmentReply: z.ZodType<AttachmentReply> = z.object({ Id: z.string().min(1), FileName: text });
