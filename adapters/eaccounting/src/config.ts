import { configObject, type ConfigSchema } from '@bilag/core';
import { isSafeAddress, unsafeAddress } from '@bilag/http';
import { z } from 'zod';

/** How a company in eAccounting is reached. Checked by {@link eAccountingConfig}; secrets are referred to, never held. */
export interface EAccountingConfig {
  /** `production`, or the address of a simulator. */
  readonly host: string;
  /**
   * The reference of `clientId`, `clientSecret` and `refreshToken`, in a store that can be written, such as `file:EACCOUNTING`: a refresh
   * token works once, and the next one is stored.
   */
  readonly credentials: string;
  /** A name of the application: companies that say the same share its limit of requests. */
  readonly application: string;
  /** `draft`: vouchers wait as drafts until a person converts them. `posted`: they are booked at once. */
  readonly mode: 'draft' | 'posted';
  /** The number series of the vouchers, such as `V`; that of eAccounting where nothing is said. */
  readonly series?: string | undefined;
  /**
   * The policy's clearing accounts: vouchers on them that are not ours are listed too, to find double bookings. Left empty, the
   * command line fills them in from the policy.
   */
  readonly clearingAccounts: readonly string[];
  /** The longest one request may take: less than the time after which another process takes over. */
  readonly timeoutMs: number;
}

/** What a config file says for this adapter. */
export const eAccountingConfig: ConfigSchema<EAccountingConfig> = configObject({
  host: z.union([z.literal('production'), z.string().refine(isSafeAddress, unsafeAddress)]).default('production'),
  credentials: z.string().min(1),
  application: z.string().min(1).default('application of eAccounting'),
  mode: z.enum(['draft', 'posted']).default('draft'),
  series: z
    .string()
    .regex(/^[A-Za-z0-9]{1,10}$/, 'write the letters of the series, such as V')
    .optional(),
  clearingAccounts: z.array(z.string().regex(/^\d+$/, 'write the number of the account')).default([]),
  timeoutMs: z.int().min(100).max(60_000).default(30_000),
});

/** Where the API is, and where tokens are refreshed. */
export function addressesOf({ host }: Pick<EAccountingConfig, 'host'>): {
  readonly api: string;
  readonly tokens: string;
} {
  if (host === 'production') {
    return { api: 'https://eaccountingapi.vismaonline.com', tokens: 'https://identity.vismaonline.com/connect/token' };
  }
  const api = host.replace(/\/+$/, '');
  return { api, tokens: `${api}/connect/token` };
}
