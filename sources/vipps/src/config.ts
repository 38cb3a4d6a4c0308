import { configObject, type SourceScope } from '@bilag/core';
import { isSafeAddress, unsafeAddress } from '@bilag/http';
import { z } from 'zod';
import type { V1Format } from './entries/entries-v1.ts';
import { salesTopic } from './entries/sales.ts';

/** How the Report API is read: with a merchant's own keys or an accounting partner's. */
export interface VippsConfig {
  /** `none`: there are no keys, and only files are imported. */
  readonly keys: 'merchant' | 'accounting-partner' | 'none';
  /**
   * Where the keys are, never the keys themselves: `env:VIPPS` reads `VIPPS_CLIENT_ID` and its siblings, `file:VIPPS` the
   * encrypted file. Absent where there are none.
   */
  readonly credentials?: string | undefined;
  /** Default `v2`. Version 1 was closed in May 2024; how its amounts are to be read must be stated. */
  readonly api?: 'v2' | { readonly v1: V1Format } | undefined;
  /** In place of `https://api.vipps.no`: the simulator. Default: `VIPPS_BASE_URL` beside the keys, if it is there. */
  readonly baseUrl?: string | undefined;
  /** Whether to read the fees account too. Default true; without it `fees-retained` is the cost. */
  readonly fees?: boolean | undefined;
  /**
   * Read the Sales API too, so that order lines and their VAT rates split each sale: an accounting partner's keys alone, and
   * sales of Vipps numbers and the till alone, from March and April 2026 on.
   */
  readonly sales?: VippsSales | undefined;
  /** What files that are imported do not say themselves. */
  readonly imports?: VippsImports | undefined;
}

/** How imported files are read, where they do not say it themselves. */
export interface VippsImports {
  /** Of settlement reports 2.0: whether fees are withheld. Without it `net` is taken, with a warning. */
  readonly settlement?: 'net' | 'gross' | undefined;
  /** The local hour at which ledger dates begin; 0 unless Vipps MobilePay has set another. Settlement reports tell none. */
  readonly cutoffHour?: number | undefined;
  /**
   * Headings and types of a portal report in a language that is not known, and what they mean: `{ Beløb: 'amount',
   * Refundering: 'refund' }`.
   */
  readonly words?: Readonly<Record<string, string>> | undefined;
}

/** What to do with what the Sales API tells, and where it tells nothing. */
export interface VippsSales {
  /** A sale without VAT rates is booked by the policy of its unit, or against suspense with a finding. */
  readonly missing: 'policy' | 'ask';
  /** Which VAT treatment a rate in basis points means, where several have it: `{ '0': 'exempt' }`. */
  readonly treatments?: Readonly<Record<string, string>> | undefined;
}

const v1Fields = { settlement: z.enum(['net', 'gross']), amounts: z.enum(['major-decimals', 'minor-integers']) };

/** How archived files of version 1 are to be read. */
export const v1Format: z.ZodObject<
  { settlement: z.ZodType<V1Format['settlement']>; amounts: z.ZodType<V1Format['amounts']> },
  z.core.$strict
> = configObject(v1Fields);

const credentials = z
  .string({ error: 'refer to the keys, such as env:VIPPS; keys themselves never stand in a config' })
  .regex(
    /^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:[\w.-]+)$/,
    'refer to the keys, such as env:VIPPS; keys themselves never stand in a config',
  );

const sales = configObject({
  missing: z.enum(['policy', 'ask']),
  treatments: z
    .record(z.string().regex(/^\d{1,5}$/, 'write a rate in basis points, such as 2500'), z.string())
    .optional(),
});

export const vippsConfig: z.ZodType<VippsConfig> = configObject({
  keys: z.enum(['merchant', 'accounting-partner', 'none']),
  credentials: credentials.optional(),
  api: z.union([z.literal('v2'), configObject({ v1: v1Format })]).optional(),
  baseUrl: z.string().refine(isSafeAddress, unsafeAddress).optional(),
  fees: z.boolean().optional(),
  imports: configObject({
    settlement: z.enum(['net', 'gross']).optional(),
    cutoffHour: z.int().min(0).max(23).optional(),
    words: z.record(z.string(), z.string().min(1)).optional(),
  }).optional(),
  sales: sales.optional(),
}).superRefine(({ keys, credentials: reference, api, sales: told }, { addIssue }) => {
  if (keys === 'none' ? reference !== undefined : reference === undefined) {
    const message = keys === 'none' ? 'there are no keys: leave it out' : 'refer to the keys, such as env:VIPPS';
    addIssue({ code: 'custom', path: ['credentials'], message });
  }
  if (told === undefined) return;
  const isV1 = typeof api === 'object';
  const message = isV1
    ? 'the Sales API tells what was sold since 2026, and version 1 was closed in 2024'
    : "the Sales API takes an accounting partner's keys alone";
  if (isV1 || keys !== 'accounting-partner') addIssue({ code: 'custom', path: ['sales'], message });
});

/** What a config comes to; undefined where it has no keys. */
export function scopeOf(config: VippsConfig): SourceScope | undefined {
  const { keys, credentials: reference, api, baseUrl, fees, sales: told } = config;
  if (keys === 'none' || reference === undefined) return undefined;
  const isV1 = typeof api === 'object';
  const feeds = isV1 ? [] : fees === false ? ['funds'] : ['funds', 'fees'];
  return {
    topics: isV1 ? ['v1'] : told === undefined ? feeds : [...feeds, salesTopic],
    feeds,
    ...(told === undefined
      ? {}
      : { sales: { topic: salesTopic, missing: told.missing, treatments: told.treatments ?? {} } }),
    fees: fees === false ? 'not-read' : isV1 ? 'accrued' : 'own-account',
    keysSee: keys === 'merchant' ? 'own' : 'many',
    keys: `${keys} keys of ${reference}`,
    credentials: reference,
    connection: JSON.stringify([keys, baseUrl]),
    noAccess:
      'let the merchant give access in portal.vippsmobilepay.com → Reports → Accounting partners, or use the keys of a sales unit that has a ledger',
  };
}
