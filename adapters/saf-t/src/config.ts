import { configObject, type ConfigSchema } from '@bilag/core';
import { z } from 'zod';
import type { Grouping } from './grouping.ts';
import { isStandardTaxCode } from './tax-codes.ts';
import { versions, type Version } from './profile.ts';
import { version } from './version.ts';

/** An address; the country defaults to the company's. */
export interface Address {
  readonly streetName?: string | undefined;
  readonly number?: string | undefined;
  readonly additionalAddressDetail?: string | undefined;
  readonly building?: string | undefined;
  readonly city?: string | undefined;
  readonly postalCode?: string | undefined;
  readonly region?: string | undefined;
  readonly country?: string | undefined;
}

/** A bank account of the company: an IBAN or a national number, and the ledger account it is in the books. */
export interface BankAccount {
  readonly iban?: string | undefined;
  readonly number?: string | undefined;
  readonly name?: string | undefined;
  readonly bic?: string | undefined;
  readonly currency?: string | undefined;
  readonly account?: string | undefined;
}

/** What is known of a customer or supplier beyond the book. */
export interface PartyDetails {
  readonly registrationNumber?: string | undefined;
  readonly address?: Address | undefined;
}

/** What the writer has to know beyond the book. Made from a config file by {@link safTConfig}. */
export interface SafTConfig {
  /** Default by the start of the accounting year; another is refused where the authority does not take it. */
  readonly version?: Version | undefined;
  readonly address: Address;
  /** Who to ask about the file. The schema wants a first and a last name: without the first, `NotUsed` is written. */
  readonly contact: {
    readonly firstName?: string | undefined;
    readonly lastName: string;
    readonly telephone?: string | undefined;
    readonly email?: string | undefined;
  };
  /** Whether the company is in the VAT register: then its nine digits stand in TaxRegistration too. */
  readonly vatRegistered: boolean;
  readonly bankAccounts: readonly BankAccount[];
  readonly software: { readonly company: string; readonly id: string; readonly version: string };
  readonly grouping: {
    /** The list the codes are of, named in the file: it changes by income year. Default from 2025 on: `2025-2026`. */
    readonly list?: string | undefined;
    readonly accounts: Readonly<Record<string, Grouping & { readonly standardAccount?: string | undefined }>>;
  };
  /** The book's VAT code → the standard tax code, where they differ; `NA` where none fits. */
  readonly standardTaxCodes: Readonly<Record<string, string>>;
  /** The book's dimension → AnalysisType (at most 9 characters) and its description. */
  readonly analysisTypes: Readonly<Record<string, { readonly type: string; readonly description: string }>>;
  /** Voucher series → the journal's description and type (at most 9 characters). */
  readonly journals: Readonly<Record<string, { readonly description: string; readonly type: string }>>;
  readonly customers: Readonly<Record<string, PartyDetails>>;
  readonly suppliers: Readonly<Record<string, PartyDetails>>;
  /** `period`: master data in the first file, then one file for each accounting period. */
  readonly split: 'none' | 'period';
  /** No file grows beyond; a set that is too large is split by period, and a period into parts. */
  readonly maxBytes: number;
  readonly taxEntity?: string | undefined;
  readonly userId?: string | undefined;
  /** Of a book that does not say it; where it says another, the file is refused. */
  readonly fiscalYearStartMonth?: number | undefined;
  readonly fiscalYearNamedBy: 'start' | 'end';
  /** Says that every account really was empty before the period: a new company, or a first day without balances. */
  readonly startsWithoutOpenings: boolean;
  /** A provider reference of more than 35 characters: refuse the file, or write it whole in the line's description. */
  readonly longReferences: 'refuse' | 'description';
  /**
   * Of books in another currency: kroner for one unit, by date (`2027-01-15`) or month (`2027-01`), at most eight decimals. A
   * date without one takes that of the last bank day before it.
   */
  readonly nokRates?: Readonly<Record<string, string>> | undefined;
}

/** Skatteetaten takes XML files below 2 GB. */
const largestFile = 2_000_000_000;

const text = z.string().min(1);
const country = z.string().regex(/^[A-Z]{2}$/, 'write the two capital letters of ISO 3166, such as NO');

const address = configObject({
  streetName: text.optional(),
  number: text.optional(),
  additionalAddressDetail: text.optional(),
  building: text.optional(),
  city: text.optional(),
  postalCode: text.optional(),
  region: text.optional(),
  country: country.optional(),
});

const party = configObject({ registrationNumber: text.optional(), address: address.optional() });

const schema = configObject({
  version: z.enum(versions).optional(),
  address: address.refine((value) => value.city !== undefined || value.streetName !== undefined, {
    error: 'give at least the city or the street of the company',
  }),
  contact: configObject({
    firstName: text.optional(),
    lastName: text,
    telephone: text.optional(),
    email: text.optional(),
  }),
  vatRegistered: z.boolean(),
  bankAccounts: z
    .array(
      configObject({
        iban: text.optional(),
        number: text.optional(),
        name: text.optional(),
        bic: text.optional(),
        currency: z.string().length(3).optional(),
        account: text.optional(),
      }).refine((value) => (value.iban === undefined) !== (value.number === undefined), {
        error: 'give either iban or number',
      }),
    )
    .default([]),
  software: configObject({
    company: text.default('Bilag'),
    id: text.default('Bilag'),
    version: text.default(version),
  }).prefault({}),
  grouping: configObject({
    list: text.optional(),
    accounts: z
      .record(z.string(), configObject({ category: text, code: text, standardAccount: text.optional() }))
      .default({}),
  }).prefault({}),
  standardTaxCodes: z
    .record(
      z.string(),
      z.string().refine(isStandardTaxCode, { error: 'not a standard tax code; write NA where none fits' }),
    )
    .default({}),
  analysisTypes: z.record(z.string(), configObject({ type: z.string().min(1).max(9), description: text })).default({}),
  journals: z.record(z.string(), configObject({ description: text, type: z.string().min(1).max(9) })).default({}),
  customers: z.record(z.string(), party).default({}),
  suppliers: z.record(z.string(), party).default({}),
  split: z.enum(['none', 'period']).default('none'),
  maxBytes: z.int().min(10_000).max(largestFile).default(largestFile),
  taxEntity: text.optional(),
  userId: text.optional(),
  fiscalYearStartMonth: z.int().min(1).max(12).optional(),
  fiscalYearNamedBy: z.enum(['start', 'end']).default('end'),
  startsWithoutOpenings: z.boolean().default(false),
  longReferences: z.enum(['refuse', 'description']).default('refuse'),
  nokRates: z
    .record(
      z
        .string()
        .regex(/^\d{4}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?$/, 'write a date or a month, such as 2027-01'),
      z
        .string()
        .regex(/^\d{1,9}(?:\.\d{1,8})?$/, 'write the kroner for one unit as a text with a point, such as "11.4735"')
        .refine((rate) => Number(rate) > 0, { error: 'a rate is more than 0' }),
    )
    .optional(),
});

/** What a config file may say: everything with a default may be left out. */
export type SafTConfigInput = Pick<SafTConfig, 'address' | 'contact' | 'vatRegistered'> &
  Partial<Omit<SafTConfig, 'software' | 'grouping'>> & {
    readonly software?: Partial<SafTConfig['software']>;
    readonly grouping?: Partial<SafTConfig['grouping']>;
  };

/** Checks a config and fills in its defaults. Unknown keys are refused. */
export const safTConfig: ConfigSchema<SafTConfig> & { readonly parse: (value: unknown) => SafTConfig } = schema;
