import { isPlainDate, type PlainDate } from '@bilag/core';
import { z } from 'zod';

/** What the adapter reads of PowerOffice's replies. Numbers are their own text, as the JSON had them; null is left out. */

const number = z.string().regex(/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/);
const money = z.string().regex(/^-?\d+(?:\.\d+)?$/);
const id = z.string().regex(/^\d+$/);
const text = z.string().optional();
const flag = z.boolean().optional();

/** A date alone; some replies of date fields carry a time after it. */
const date: z.ZodType<PlainDate> = z
  .string()
  .transform((value) => value.replace(/T.*$/, ''))
  .refine((value): value is PlainDate => isPlainDate(value), 'is not a date');

/** A general ledger account. */
export interface LedgerAccount {
  readonly Id: string;
  readonly AccountNo: string;
  readonly Name?: string | undefined;
  readonly IsActive?: boolean | undefined;
  readonly IsVatCodeLocked?: boolean | undefined;
  readonly VatCode?: string | undefined;
  readonly IsDepartmentRequired?: boolean | undefined;
  readonly IsProjectRequired?: boolean | undefined;
}

export const ledgerAccount: z.ZodType<LedgerAccount> = z.object({
  Id: id,
  AccountNo: id,
  Name: text,
  IsActive: flag,
  IsVatCodeLocked: flag,
  VatCode: text,
  IsDepartmentRequired: flag,
  IsProjectRequired: flag,
});

/** A VAT code; `Rate` is between 0 and 1. */
export interface VatCode {
  readonly Id: string;
  readonly Code: string;
  readonly Name?: string | undefined;
  readonly Rate?: string | undefined;
  readonly IsActive?: boolean | undefined;
}

export const vatCode: z.ZodType<VatCode> = z.object({
  Id: id,
  Code: z.string(),
  Name: text,
  Rate: number.optional(),
  IsActive: flag,
});

/** A department or a project. */
export interface DimensionValue {
  readonly Id: string;
  readonly Code: string;
  readonly Name?: string | undefined;
  readonly IsActive?: boolean | undefined;
}

export const dimensionValue: z.ZodType<DimensionValue> = z.object({
  Id: id,
  Code: z.string(),
  Name: text,
  IsActive: flag,
});

export interface Organization {
  readonly Id: string;
  readonly Name?: string | undefined;
  readonly LegalName?: string | undefined;
  readonly OrganizationNumber?: string | undefined;
}

export const organization: z.ZodType<Organization> = z.object({
  Id: z.string().min(1),
  Name: text,
  LegalName: text,
  OrganizationNumber: text,
});

export const financialSettings: z.ZodType<{ readonly CurrencyCode: string }> = z.object({ CurrencyCode: z.string() });

export const lockDateSettings: z.ZodType<{ readonly LockDate?: PlainDate | undefined }> = z.object({
  LockDate: date.optional(),
});

/** A manual voucher that this integration posted. */
export interface ManualVoucher {
  readonly Id: string;
  readonly VoucherNo?: string | undefined;
  readonly VoucherDate: PlainDate;
  readonly CurrencyCode: string;
  readonly Description?: string | undefined;
  readonly ExternalImportReference?: string | undefined;
  readonly IsReversed?: boolean | undefined;
  readonly VoucherLines: readonly ManualVoucherLine[];
}

export interface ManualVoucherLine {
  readonly AccountId: string;
  readonly PostingDate: PlainDate;
  readonly VatId?: string | undefined;
  readonly CurrencyAmount: string;
  readonly CurrencyCode?: string | undefined;
  readonly DepartmentId?: string | undefined;
  readonly ProjectId?: string | undefined;
}

export const manualVoucher: z.ZodType<ManualVoucher> = z.object({
  Id: z.string().min(1),
  VoucherNo: id.optional(),
  VoucherDate: date,
  CurrencyCode: z.string(),
  Description: text,
  ExternalImportReference: text,
  IsReversed: flag,
  VoucherLines: z.array(
    z.object({
      AccountId: id,
      PostingDate: date,
      VatId: id.optional(),
      CurrencyAmount: money,
      CurrencyCode: text,
      DepartmentId: id.optional(),
      ProjectId: id.optional(),
    }),
  ),
});

/** What a new voucher is known by; the rest is read back. */
export const createdVoucher: z.ZodType<{ readonly Id: string }> = z.object({ Id: z.string().min(1) });

/** One posting of the general ledger. */
export interface LedgerTransaction {
  readonly VoucherId: string;
  readonly VoucherNo?: string | undefined;
  readonly VoucherType?: string | undefined;
  readonly VoucherDescription?: string | undefined;
  readonly ExternalImportReference?: string | undefined;
  readonly IsReversed?: boolean | undefined;
  readonly ReversedVoucherId?: string | undefined;
  readonly CorrectionOfVoucherId?: string | undefined;
  readonly AccountNo: string;
  readonly Amount: string;
  readonly PostingDate: PlainDate;
  readonly DepartmentCode?: string | undefined;
  readonly ProjectCode?: string | undefined;
}

export const ledgerTransaction: z.ZodType<LedgerTransaction> = z.object({
  VoucherId: z.string().min(1),
  VoucherNo: id.optional(),
  VoucherType: text,
  VoucherDescription: text,
  ExternalImportReference: text,
  IsReversed: flag,
  ReversedVoucherId: text,
  CorrectionOfVoucherId: text,
  AccountNo: id,
  Amount: money,
  PostingDate: date,
  DepartmentCode: text,
  ProjectCode: text,
});

/** What `Fields` asks for of a transaction: what {@link ledgerTransaction} reads, and the order of the pages. */
export const transactionFields: string = [
  'Id',
  'VoucherId',
  'VoucherNo',
  'VoucherType',
  'VoucherDescription',
  'ExternalImportReference',
  'IsReversed',
  'ReversedVoucherId',
  'CorrectionOfVoucherId',
  'AccountNo',
  'Amount',
  'PostingDate',
  'DepartmentCode',
  'ProjectCode',
].join(',');

/** The same without its null fields: PowerOffice writes null for what is not there. */
export function withoutNulls<Value>(schema: z.ZodType<Value>): z.ZodType<Value> {
  return z.unknown().transform(present).pipe(schema);
}

function present(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(present);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([name, item]) => [name, present(item)]));
}
