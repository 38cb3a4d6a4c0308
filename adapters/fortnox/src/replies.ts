import { isPlainDate, named, type PlainDate } from '@bilag/core';
import { z } from 'zod';

/** What the adapter reads of Fortnox' replies. Numbers are their own text, as the JSON had them. */

const number = z.string().regex(/^\d+$/);
const money = z.string().regex(/^\d+(?:\.\d+)?$/);
const text = z.string().nullish();
const date: z.ZodType<PlainDate> = z
  .string()
  .refine((value): value is PlainDate => isPlainDate(value), 'is not a date');

/** A voucher as lists show it: without its rows. */
export interface VoucherHead {
  readonly VoucherSeries: string;
  readonly VoucherNumber: string;
  readonly Year: string;
  readonly TransactionDate: PlainDate;
  readonly Description?: string | null | undefined;
  readonly Comments?: string | null | undefined;
}

const head = {
  VoucherSeries: z.string(),
  VoucherNumber: number,
  Year: number,
  TransactionDate: date,
  Description: text,
  Comments: text,
};

/** A row has debit or credit; one that was struck out is kept, as removed. */
export interface VoucherRow {
  readonly Account: string;
  readonly Debit: string;
  readonly Credit: string;
  readonly CostCenter?: string | null | undefined;
  readonly Project?: string | null | undefined;
  readonly Removed?: boolean | undefined;
}

export type VoucherReply = VoucherHead & { readonly VoucherRows: readonly VoucherRow[] };

const row: z.ZodType<VoucherRow> = z.object({
  Account: number,
  Debit: money.default('0'),
  Credit: money.default('0'),
  CostCenter: text,
  Project: text,
  Removed: z.boolean().optional(),
});

export const voucherReply: z.ZodType<{ readonly Voucher: VoucherReply }> = z.object({
  Voucher: z.object({ ...head, VoucherRows: z.array(row) }),
});

/** What a new voucher is known by; the rest is read back. */
export const createdReply: z.ZodType<{ readonly Voucher: VoucherKey }> = z.object({
  Voucher: z.object({ VoucherSeries: z.string(), VoucherNumber: number, Year: number }),
});

export type VoucherKey = Pick<VoucherHead, 'VoucherSeries' | 'VoucherNumber' | 'Year'>;

export const vouchersReply: z.ZodType<readonly VoucherHead[]> = listOf('Vouchers', z.object(head));

export interface AccountReply {
  readonly Number: string;
  readonly Description: string;
  readonly Active?: boolean | undefined;
  readonly CostCenterSettings?: string | null | undefined;
  readonly ProjectSettings?: string | null | undefined;
}

export const accountsReply: z.ZodType<readonly AccountReply[]> = listOf(
  'Accounts',
  z.object({
    Number: number,
    Description: z.string(),
    Active: z.boolean().optional(),
    CostCenterSettings: text,
    ProjectSettings: text,
  }),
);

/** A financial year. */
export interface YearReply {
  readonly Id: string;
  readonly FromDate: PlainDate;
  readonly ToDate: PlainDate;
}

export const yearsReply: z.ZodType<readonly YearReply[]> = listOf(
  'FinancialYears',
  z.object({ Id: number, FromDate: date, ToDate: date }),
);

export const costCentersReply: z.ZodType<readonly { readonly Code: string; readonly Description: string }[]> = listOf(
  'CostCenters',
  z.object({ Code: z.string(), Description: z.string() }),
);

export const projectsReply: z.ZodType<readonly { readonly ProjectNumber: string; readonly Description: string }[]> =
  listOf('Projects', z.object({ ProjectNumber: z.string(), Description: z.string() }));

export const seriesReply: z.ZodType<{ readonly VoucherSeries: { readonly Manual?: boolean | undefined } }> = z.object({
  VoucherSeries: z.object({ Manual: z.boolean().optional() }),
});

/** No date: nothing is locked. */
export const lockReply: z.ZodType<{ readonly LockedPeriod: { readonly EndDate?: PlainDate | undefined } }> = z.object({
  LockedPeriod: z.object({
    EndDate: z.preprocess((value) => (value === '' || value === null ? undefined : value), date.optional()),
  }),
});

export const companyReply: z.ZodType<{
  readonly CompanyInformation: {
    readonly DatabaseNumber: string;
    readonly CompanyName?: string | null | undefined;
    readonly OrganizationNumber?: string | null | undefined;
  };
}> = z.object({
  CompanyInformation: z.object({ DatabaseNumber: number, CompanyName: text, OrganizationNumber: text }),
});

export interface FileReply {
  readonly Id: string;
  readonly Name?: string | null | undefined;
}

const file: z.ZodType<FileReply> = z.object({ Id: z.string().min(1), Name: text });

export const inboxReply: z.ZodType<{ readonly Folder: { readonly Files?: readonly FileReply[] | null | undefined } }> =
  z.object({
    Folder: z.object({ Files: z.array(file).nullish() }),
  });

export const uploadedReply: z.ZodType<{ readonly File: FileReply }> = z.object({ File: file });

/** A file on a voucher. */
export interface ConnectionReply {
  readonly FileId: string;
  readonly VoucherNumber: string;
  readonly VoucherSeries: string;
  readonly VoucherYear?: string | undefined;
}

export const connectionsReply: z.ZodType<readonly ConnectionReply[]> = listOf(
  'VoucherFileConnections',
  z.object({ FileId: z.string(), VoucherNumber: number, VoucherSeries: z.string(), VoucherYear: number.optional() }),
);

/** Lists stand under their name. */
function listOf<Item>(name: string, item: z.ZodType<Item>): z.ZodType<readonly Item[]> {
  return z
    .record(z.string(), z.unknown())
    .transform((reply) => named(reply, name))
    .pipe(z.array(item));
}
