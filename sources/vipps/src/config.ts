import { configObject, type SourceScope } from '@bilag/core';
import { isSafeAddress, unsafeAddress } from '@bilag/http';
import { z } from 'zod';
import type { V1Format } from './entries/entries-v1.ts';

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
}).superRefine(({ keys, credentials: reference }, { addIssue }) => {
  if (keys === 'none' ? reference === undefined : reference !== undefined) return;
  const message = keys === 'none' ? 'there are no keys: leave it out' : 'refer to the keys, such as env:VIPPS';
  addIssue({ code: 'custom', path: ['credentials'], message });
});

/** What a config comes to; undefined where it has no keys. */
export function scopeOf({ keys, credentials: reference, api, baseUrl, fees }: VippsConfig): SourceScope | undefined {
  if (keys === 'none' || reference === undefined) return undefined;
  const isV1 = typeof api === 'object';
  return {
    topics: isV1 ? ['v1'] : fees === false ? ['funds'] : ['funds', 'fees'],
    fees: fees === false ? 'not-read' : isV1 ? 'accrued' : 'own-account',
    keysSee: keys === 'merchant' ? 'own' : 'many',
    hasFeed: !isV1,
    keys: `${keys} keys of ${reference}`,
    credentials: reference,
    connection: JSON.stringify([keys, baseUrl]),
    noAccess:
      'let the merchant give access in portal.vippsmobilepay.com → Reports → Accounting partners, or use the keys of a sales unit that has a ledger',
  };
}
