import { named, isPlainDate, type PlainDate } from '@bilag/core';
import { z } from 'zod';

/** What the adapter reads of Unimicro's replies. Numbers are their own text, as the JSON had them. */

const id = z.string().regex(/^\d+$/);
const text = z.string().nullish();
const mentioned = id.nullish();
const flag = z.boolean().nullish();
const money = z.string().regex(/^-?\d+(?:\.\d+)?$/);
/** A day; some of them come as its midnight. */
const date: z.ZodType<PlainDate> = z
  .string()
  .transform((value) => value.replace(/T00:00:00(?:\.0+)?Z?$/, ''))
  .refine((value): value is PlainDate => isPlainDate(value), 'is not a date');
const maybeDate: z.ZodType<PlainDate | null | undefined> = date.nullish();

export interface LineReply {
  readonly ID: string;
  readonly JournalEntryID: string;
  readonly FinancialDate: PlainDate;
  readonly AccountID: string;
  /** In the company's currency, debit +. */
  readonly Amount: string;
  readonly CurrencyCodeID?: string | null | undefined;
  readonly VatTypeID?: string | null | undefined;
  /** On a line of VAT: the line that it is the VAT of. */
  readonly VatJournalEntryPostID?: string | null | undefined;
  readonly Dimensions?: DimensionsReply | null | undefined;
  /** On a line that was taken back: what took it back. */
  readonly ReferenceCreditPost?: Pick<LineReply, 'JournalEntryID'> | null | undefined;
  readonly ReferenceCreditPostID?: string | null | undefined;
  /** On a line that takes another back: that one. */
  readonly OriginalReferencePost?: Pick<LineReply, 'JournalEntryID'> | null | undefined;
  readonly OriginalReferencePostID?: string | null | undefined;
  readonly JournalEntry?: EntryHead | null | undefined;
}

export interface DimensionsReply {
  readonly DepartmentID?: string | null | undefined;
  readonly ProjectID?: string | null | undefined;
}

/** A journal entry without its lines. */
export interface EntryHead {
  readonly ID: string;
  readonly Description?: string | null | undefined;
  readonly ExternalReference?: string | null | undefined;
  readonly ExternalSource?: string | null | undefined;
  /** Such as `34-2026`; none while it is a draft. */
  readonly JournalEntryNumber?: string | null | undefined;
  readonly Deleted?: boolean | null | undefined;
}

const head = z.object({
  ID: id,
  Description: text,
  ExternalReference: text,
  ExternalSource: text,
  JournalEntryNumber: text,
  Deleted: flag,
});

const other = z.object({ JournalEntryID: id }).nullish();

export const lineReply: z.ZodType<LineReply> = z.object({
  ID: id,
  JournalEntryID: id,
  FinancialDate: date,
  AccountID: id,
  Amount: money,
  CurrencyCodeID: mentioned,
  VatTypeID: mentioned,
  VatJournalEntryPostID: mentioned,
  Dimensions: z.object({ DepartmentID: mentioned, ProjectID: mentioned }).nullish(),
  ReferenceCreditPost: other,
  ReferenceCreditPostID: mentioned,
  OriginalReferencePost: other,
  OriginalReferencePostID: mentioned,
  JournalEntry: head.nullish(),
});

export type EntryReply = EntryHead & {
  readonly Lines?: readonly LineReply[] | null | undefined;
  readonly DraftLines?: readonly LineReply[] | null | undefined;
};

export const entryReply: z.ZodType<EntryReply> = head.extend({
  Lines: z.array(lineReply).nullish(),
  DraftLines: z.array(lineReply).nullish(),
});

/** What was made; the rest is read back. */
export const createdReply: z.ZodType<readonly [{ readonly ID: string }]> = z.tuple([z.object({ ID: id })]);

export interface AccountReply {
  readonly ID: string;
  readonly AccountNumber: string;
  readonly AccountName?: string | null | undefined;
  readonly Active?: boolean | null | undefined;
  readonly Locked?: boolean | null | undefined;
  readonly LockManualPosts?: boolean | null | undefined;
  /** On the accounts of single customers, suppliers and employees. */
  readonly CustomerID?: string | null | undefined;
  readonly SupplierID?: string | null | undefined;
  readonly EmployeeID?: string | null | undefined;
}

export const accountReply: z.ZodType<AccountReply> = z.object({
  ID: id,
  AccountNumber: id,
  AccountName: text,
  Active: flag,
  Locked: flag,
  LockManualPosts: flag,
  CustomerID: mentioned,
  SupplierID: mentioned,
  EmployeeID: mentioned,
});

export interface VatTypeReply {
  readonly ID: string;
  readonly VatCode?: string | null | undefined;
  readonly Name?: string | null | undefined;
  readonly Locked?: boolean | null | undefined;
  readonly OutputVat?: boolean | null | undefined;
  readonly ReversedTaxDutyVat?: boolean | null | undefined;
  readonly IncomingAccountID?: string | null | undefined;
  readonly OutgoingAccountID?: string | null | undefined;
  readonly VatTypePercentages?: readonly VatPercentReply[] | null | undefined;
}

export interface VatPercentReply {
  readonly VatPercent: string;
  readonly ValidFrom?: PlainDate | null | undefined;
  readonly ValidTo?: PlainDate | null | undefined;
}

export const vatTypeReply: z.ZodType<VatTypeReply> = z.object({
  ID: id,
  VatCode: text,
  Name: text,
  Locked: flag,
  OutputVat: flag,
  ReversedTaxDutyVat: flag,
  IncomingAccountID: mentioned,
  OutgoingAccountID: mentioned,
  VatTypePercentages: z.array(z.object({ VatPercent: money, ValidFrom: maybeDate, ValidTo: maybeDate })).nullish(),
});

/** A department or a project. */
export interface DimensionReply {
  readonly ID: string;
  readonly number: string;
  readonly Name?: string | null | undefined;
}

/** Numbers are texts, whatever they are made of. */
function dimensionReply(field: string): z.ZodType<DimensionReply> {
  return z
    .object({ ID: id, [field]: text, Name: text })
    .transform(({ ID, Name, ...rest }) => ({ ID, Name, number: String(named(rest, field) ?? '') }) as DimensionReply);
}

export const departmentReply: z.ZodType<DimensionReply> = dimensionReply('DepartmentNumber');
export const projectReply: z.ZodType<DimensionReply> = dimensionReply('ProjectNumber');

/** A financial year. */
export interface YearReply {
  readonly ID: string;
  readonly ValidFrom: PlainDate;
  readonly ValidTo: PlainDate;
}

export const yearReply: z.ZodType<YearReply> = z.object({ ID: id, ValidFrom: date, ValidTo: date });

/** What is locked, and the currency of the books. */
export interface SettingsReply {
  readonly ID: string;
  readonly AccountingLockedDate?: PlainDate | null | undefined;
  readonly VatLockedDate?: PlainDate | null | undefined;
  readonly BaseCurrencyCodeID: string;
}

export const settingsReply: z.ZodType<SettingsReply> = z.object({
  ID: id,
  AccountingLockedDate: maybeDate,
  VatLockedDate: maybeDate,
  BaseCurrencyCodeID: id,
});

export const currencyReply: z.ZodType<{ readonly Code: string }> = z.object({ Code: z.string().length(3) });

export interface CompanyReply {
  readonly Key: string;
  readonly Name?: string | null | undefined;
  readonly OrganizationNumber?: string | null | undefined;
}

export const companiesReply: z.ZodType<readonly CompanyReply[]> = z.array(
  z.object({ Key: z.string(), Name: text, OrganizationNumber: text }),
);

export const filesReply: z.ZodType<readonly { readonly Name?: string | null | undefined }[]> = z.array(
  z.object({ Name: text }),
);

export const tokenReply: z.ZodType<{ readonly access_token: string; readonly expires_in: string }> = z.object({
  access_token: z.string().min(1),
  expires_in: id,
});
