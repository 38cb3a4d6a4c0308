import { configObject, type ConfigSchema } from '@bilag/core';
import { isSafeAddress, unsafeAddress } from '@bilag/http';
import { z } from 'zod';

/** How an agreement in e-conomic is reached. Checked by {@link economicConfig}; secrets are referred to, never held. */
export interface EconomicConfig {
  /** `production`, or the address of a simulator. */
  readonly host: string;
  /** The reference of `appSecretToken` and `agreementGrantToken`, such as `env:ECONOMIC`. */
  readonly credentials: string;
  /** The number of the journal (`kassekladde`) that is Bilag's alone. */
  readonly journal: number;
  /** `draft`: vouchers wait in the journal until a person books them. `posted`: they are booked at once. */
  readonly mode: 'draft' | 'posted';
  /**
   * The policy's clearing accounts: entries on them that are not ours are listed too, to find double bookings. Left empty, the
   * command line fills them in from the policy.
   */
  readonly clearingAccounts: readonly string[];
  /** The longest one request may take: less than the time after which another process takes over. */
  readonly timeoutMs: number;
}

/** What a config file says for this adapter. */
export const economicConfig: ConfigSchema<EconomicConfig> = configObject({
  host: z.union([z.literal('production'), z.string().refine(isSafeAddress, unsafeAddress)]).default('production'),
  credentials: z.string().min(1),
  journal: z.int().positive(),
  mode: z.enum(['draft', 'posted']).default('draft'),
  clearingAccounts: z.array(z.string().regex(/^\d+$/, 'write the number of the account')).default([]),
  timeoutMs: z.int().min(100).max(60_000).default(30_000),
});

/** Where the newer APIs are, and the older one. */
export function addressesOf({ host }: Pick<EconomicConfig, 'host'>): { readonly api: string; readonly rest: string } {
  if (host === 'production') return { api: 'https://apis.e-conomic.com', rest: 'https://restapi.e-conomic.com' };
  const address = host.replace(/\/+$/, '');
  return { api: address, rest: address };
}
