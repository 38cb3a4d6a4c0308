import type { PlainDate } from '@bilag/core';
import { z } from 'zod';
import { xeroDate } from './xero-date.ts';

/** What the adapter reads of Xero's replies. Numbers are their own text, as the JSON had them. */

const money = z.string().regex(/^-?\d+(?:\.\d+)?$/);
const text = z.string().nullish();
const messages = z.array(z.object({ Message: z.string() })).nullish();

/** A line: gross, as we send it. */
export interface LineReply {
  readonly LineAmount: string;
  readonly AccountCode?: string | null | undefined;
  readonly TaxType?: string | null | undefined;
  readonly Description?: string | null | undefined;
  readonly Tracking?: readonly { readonly Name: string; readonly Option: string }[] | null | undefined;
}

/** A manual journal. */
export interface JournalReply {
  readonly ManualJournalID: string;
  readonly Narration?: string | null | undefined;
  readonly Date: PlainDate;
  readonly Status: string;
  readonly LineAmountTypes?: string | null | undefined;
  readonly JournalLines: readonly LineReply[];
}

const line: z.ZodType<LineReply> = z.object({
  LineAmount: money,
  AccountCode: text,
  TaxType: text,
  Description: text,
  Tracking: z.array(z.object({ Name: z.string(), Option: z.string() })).nullish(),
});

const journal: z.ZodType<JournalReply> = z.object({
  ManualJournalID: z.string(),
  Narration: text,
  Date: xeroDate,
  Status: z.string(),
  LineAmountTypes: text,
  JournalLines: z.array(line),
});

export const journalsReply: z.ZodType<readonly JournalReply[]> = z
  .object({ ManualJournals: z.array(journal) })
  .transform(({ ManualJournals }) => ManualJournals);

/** What became of one journal that was sent: an answer of 200 tells it here. */
export interface SentReply {
  readonly ManualJournalID?: string | null | undefined;
  readonly StatusAttributeString?: string | null | undefined;
  readonly ValidationErrors?: readonly { readonly Message: string }[] | null | undefined;
}

export const sentReply: z.ZodType<SentReply> = z
  .object({
    ManualJournals: z.tuple([
      z.object({ ManualJournalID: text, StatusAttributeString: text, ValidationErrors: messages }),
    ]),
  })
  .transform(({ ManualJournals: [sent] }) => sent);

/** An entry of the ledger, of whatever it comes from. */
export interface LedgerReply {
  readonly JournalID: string;
  readonly JournalDate: PlainDate;
  readonly JournalNumber: string;
  readonly SourceID?: string | null | undefined;
  readonly SourceType?: string | null | undefined;
  readonly JournalLines: readonly { readonly AccountCode?: string | null | undefined; readonly NetAmount: string }[];
}

export const ledgerReply: z.ZodType<readonly LedgerReply[]> = z
  .object({
    Journals: z.array(
      z.object({
        JournalID: z.string(),
        JournalDate: xeroDate,
        JournalNumber: z.string().regex(/^\d+$/),
        SourceID: text,
        SourceType: text,
        JournalLines: z.array(z.object({ AccountCode: text, NetAmount: money })),
      }),
    ),
  })
  .transform(({ Journals }) => Journals);

/** An account of the chart. */
export interface AccountReply {
  readonly Code?: string | null | undefined;
  readonly Name: string;
  readonly Type: string;
  readonly Status?: string | null | undefined;
  readonly Class?: string | null | undefined;
  readonly SystemAccount?: string | null | undefined;
}

export const accountsReply: z.ZodType<readonly AccountReply[]> = z
  .object({
    Accounts: z.array(
      z.object({ Code: text, Name: z.string(), Type: z.string(), Status: text, Class: text, SystemAccount: text }),
    ),
  })
  .transform(({ Accounts }) => Accounts);

/** A tax rate, by its type. */
export interface TaxRateReply {
  readonly Name: string;
  readonly TaxType: string;
  readonly Status?: string | null | undefined;
  /** In percent. */
  readonly EffectiveRate: string;
  /** By the class of an account: whether it may be used there. */
  readonly canApplyTo: Readonly<Record<string, boolean>>;
}

const flag = z.boolean().default(true);

export const taxRatesReply: z.ZodType<readonly TaxRateReply[]> = z
  .object({
    TaxRates: z.array(
      z.object({
        Name: z.string(),
        TaxType: z.string(),
        Status: text,
        EffectiveRate: money.default('0'),
        CanApplyToAssets: flag,
        CanApplyToEquity: flag,
        CanApplyToExpenses: flag,
        CanApplyToLiabilities: flag,
        CanApplyToRevenue: flag,
      }),
    ),
  })
  .transform(({ TaxRates }) =>
    TaxRates.map(({ Name, TaxType, Status, EffectiveRate, ...can }) => ({
      Name,
      TaxType,
      Status,
      EffectiveRate,
      canApplyTo: {
        ASSET: can.CanApplyToAssets,
        EQUITY: can.CanApplyToEquity,
        EXPENSE: can.CanApplyToExpenses,
        LIABILITY: can.CanApplyToLiabilities,
        REVENUE: can.CanApplyToRevenue,
      },
    })),
  );

/** A tracking category with its options. */
export interface TrackingReply {
  readonly Name: string;
  readonly Status?: string | null | undefined;
  readonly Options: readonly { readonly Name: string; readonly Status?: string | null | undefined }[];
}

export const trackingReply: z.ZodType<readonly TrackingReply[]> = z
  .object({
    TrackingCategories: z.array(
      z.object({
        Name: z.string(),
        Status: text,
        Options: z.array(z.object({ Name: z.string(), Status: text })),
      }),
    ),
  })
  .transform(({ TrackingCategories }) => TrackingCategories);

/** The organisation behind the connection. */
export interface OrganisationReply {
  readonly OrganisationID: string;
  readonly Name: string;
  readonly RegistrationNumber?: string | null | undefined;
  readonly CountryCode?: string | null | undefined;
  readonly BaseCurrency: string;
  readonly PeriodLockDate?: PlainDate | null | undefined;
  readonly EndOfYearLockDate?: PlainDate | null | undefined;
}

export const organisationReply: z.ZodType<OrganisationReply> = z
  .object({
    Organisations: z.tuple([
      z.object({
        OrganisationID: z.string(),
        Name: z.string(),
        RegistrationNumber: text,
        CountryCode: text,
        BaseCurrency: z.string(),
        PeriodLockDate: xeroDate.nullish(),
        EndOfYearLockDate: xeroDate.nullish(),
      }),
    ]),
  })
  .transform(({ Organisations: [organisation] }) => organisation);

export const attachmentsReply: z.ZodType<readonly { readonly FileName: string }[]> = z
  .object({ Attachments: z.array(z.object({ FileName: z.string() })) })
  .transform(({ Attachments }) => Attachments);
