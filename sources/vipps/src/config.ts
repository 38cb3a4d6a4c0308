import { configObject, type SourceScope } from '@bilag/core';
import { isSafeAddress, unsafeAddress } from '@bilag/http';
import { z } from 'zod';
import type { V1Format } from './entries/entries-v1.ts';

/** How the Report API is read: with a merchant's own keys or an accounting partner's. */
export interface VippsConfig {
  readonly keys: 'merchant' | 'accounting-partner';
  /**
   * Where the keys are, never the keys themselves: `env:VIPPS` reads `VIPPS_CLIENT_ID` and its siblings, `file:VIPPS` the
   * encrypted file.
   */
  readonly credentials: string;
  /** Default `v2`. Version 1 was closed in May 2024; how its amounts are to be read must be stated. */
  readonly api?: 'v2' | { readonly v1: V1Format } | undefined;
  /** In place of `https://api.vipps.no`: the simulator. Default: `VIPPS_BASE_URL` beside the keys, if it is there. */
  readonly baseUrl?: string | undefined;
  /** Whether to read the fees account too. Default true; without it `fees-retained` is the cost. */
  readonly fees?: boolean | undefined;
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
  keys: z.enum(['merchant', 'accounting-partner']),
  credentials,
  api: z.union([z.literal('v2'), configObject({ v1: v1Format })]).optional(),
  baseUrl: z.string().refine(isSafeAddress, unsafeAddress).optional(),
  fees: z.boolean().optional(),
});

/** What a config comes to. */
export function scopeOf({ keys, credentials: reference, api, baseUrl, fees }: VippsConfig): SourceScope {
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
