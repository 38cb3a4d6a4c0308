import { isPlainDate, type PlainDate } from '@bilag/core';
import { z } from 'zod';

/** What the adapter reads of Business Central's replies. Numbers are their own text, as the JSON had them. */

const number = z.string().regex(/^\d+$/);
const money = z.string().regex(/^-?\d+(?:\.\d+)?$/);
const text = z.string().nullish();

const date: z.ZodType<PlainDate> = z
  .string()
  .refine((value): value is PlainDate => isPlainDate(value), 'is not a date');

/** Where nothing is set there stands the first day of all. */
const dateOrNone: z.ZodType<PlainDate | undefined> = z
  .string()
  .nullish()
  .transform((value) => (value === undefined || value === null || value.startsWith('0001-01-01') ? undefined : value))
  .refine((value): value is PlainDate | undefined => value === undefined || isPlainDate(value), 'is not a date');

/** A company of the environment. */
export interface CompanyReply {
  readonly id: string;
  readonly name: string;
  readonly displayName?: string | null | undefined;
}

export const companyReply: z.ZodType<CompanyReply> = z.object({ id: z.string(), name: z.string(), displayName: text });

/** What a company says of itself. */
export interface InformationReply {
  readonly displayName?: string | null | undefined;
  readonly country?: string | null | undefined;
  readonly taxRegistrationNumber?: string | null | undefined;
}

export const informationReply: z.ZodType<InformationReply> = z.object({
  displayName: text,
  country: text,
  taxRegistrationNumber: text,
});

/** Between which dates may be posted, and in which currency. */
export interface SetupReply {
  readonly allowPostingFrom?: PlainDate | undefined;
  readonly allowPostingTo?: PlainDate | undefined;
  readonly localCurrencyCode: string;
}

export const setupReply: z.ZodType<SetupReply> = z.object({
  allowPostingFrom: dateOrNone,
  allowPostingTo: dateOrNone,
  localCurrencyCode: z.string(),
});

/** A journal batch. */
export interface JournalReply {
  readonly id: string;
  readonly code: string;
  readonly balancingAccountNumber?: string | null | undefined;
}

export const journalReply: z.ZodType<JournalReply> = z.object({
  id: z.string(),
  code: z.string(),
  balancingAccountNumber: text,
});

/** One dimension of a line or an entry. */
export interface DimensionReply {
  readonly code: string;
  readonly valueCode: string;
}

const dimensionSetLines: z.ZodType<readonly DimensionReply[] | undefined> = z
  .array(z.object({ code: z.string(), valueCode: z.string() }))
  .optional();

/** A line of a journal: gross. */
export interface LineReply {
  readonly id: string;
  readonly lineNumber: string;
  readonly accountType?: string | null | undefined;
  readonly accountNumber: string;
  readonly postingDate: PlainDate;
  readonly documentNumber: string;
  readonly amount: string;
  readonly description?: string | null | undefined;
  readonly taxCode?: string | null | undefined;
  readonly balancingAccountNumber?: string | null | undefined;
  readonly dimensionSetLines?: readonly DimensionReply[] | undefined;
}

export const lineReply: z.ZodType<LineReply> = z.object({
  id: z.string(),
  lineNumber: number,
  accountType: text,
  accountNumber: z.string(),
  postingDate: date,
  documentNumber: z.string(),
  amount: money,
  description: text,
  taxCode: text,
  balancingAccountNumber: text,
  dimensionSetLines,
});

/** An entry of the general ledger: net. */
export interface EntryReply {
  readonly id: string;
  readonly entryNumber: string;
  readonly accountNumber: string;
  readonly postingDate: PlainDate;
  readonly documentNumber: string;
  readonly debitAmount: string;
  readonly creditAmount: string;
  readonly description?: string | null | undefined;
  readonly dimensionSetLines?: readonly DimensionReply[] | undefined;
}

export const entryReply: z.ZodType<EntryReply> = z.object({
  id: z.string(),
  entryNumber: number,
  accountNumber: z.string(),
  postingDate: date,
  documentNumber: z.string(),
  debitAmount: money,
  creditAmount: money,
  description: text,
  dimensionSetLines,
});

/** An account of the chart: only those of the type Posting take entries. */
export interface AccountReply {
  readonly number: string;
  readonly displayName?: string | null | undefined;
  readonly accountType: string;
  readonly blocked: boolean;
  readonly directPosting: boolean;
}

export const accountReply: z.ZodType<AccountReply> = z.object({
  number: z.string(),
  displayName: text,
  accountType: z.string(),
  blocked: z.boolean(),
  directPosting: z.boolean(),
});

/** A VAT product posting group, or a value of a dimension: a code and a name. */
export interface CodeReply {
  readonly code: string;
  readonly displayName?: string | null | undefined;
}

export const codeReply: z.ZodType<CodeReply> = z.object({ code: z.string(), displayName: text });

/** A dimension with its values. */
export const dimensionReply: z.ZodType<CodeReply & { readonly dimensionValues: readonly CodeReply[] }> = z.object({
  code: z.string(),
  displayName: text,
  dimensionValues: z.array(codeReply),
});

/** An accounting period: it lasts until the next begins. */
export interface PeriodReply {
  readonly startingDate: PlainDate;
  readonly closed: boolean;
}

export const periodReply: z.ZodType<PeriodReply> = z.object({ startingDate: date, closed: z.boolean() });

/** A file that lies with a line or an entry. */
export interface AttachmentReply {
  readonly id: string;
  readonly fileName: string;
  /** 0 as long as nothing of it has arrived. */
  readonly byteSize: string;
}

export const attachmentReply: z.ZodType<AttachmentReply> = z.object({
  id: z.string(),
  fileName: z.string(),
  byteSize: number.default('0'),
});

/** One answer of a batch. */
export interface InnerReply {
  readonly status: string;
  readonly body?: unknown;
}

export const batchReply: z.ZodType<{ readonly responses: readonly InnerReply[] }> = z.object({
  responses: z.array(z.object({ status: number, body: z.unknown().optional() })),
});
