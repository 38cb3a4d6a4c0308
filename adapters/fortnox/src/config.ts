import { configObject, type ConfigSchema } from '@bilag/core';
import { isSafeAddress, unsafeAddress } from '@bilag/http';
import { z } from 'zod';

/** How a company in Fortnox is reached. Checked by {@link fortnoxConfig}; secrets are referred to, never held. */
export interface FortnoxConfig {
  /** `production`, or the address of a simulator. */
  readonly host: string;
  /**
   * The reference of `clientId`, `clientSecret` and `refreshToken`, in a store that can be written, such as `file:FORTNOX`: a refresh
   * token works once, and the next one is stored.
   */
  readonly credentials: string;
  /** The code of the voucher series that is Bilag's alone, such as `V`. */
  readonly series: string;
  /**
   * The policy's clearing accounts: vouchers on them that are not ours are listed too, to find double bookings. Left empty, the
   * command line fills them in from the policy.
   */
  readonly clearingAccounts: readonly string[];
  /** The longest one request may take: less than the time after which another process takes over. */
  readonly timeoutMs: number;
}

/** What a config file says for this adapter. */
export const fortnoxConfig: ConfigSchema<FortnoxConfig> = configObject({
  host: z.union([z.literal('production'), z.string().refine(isSafeAddress, unsafeAddress)]).default('production'),
  credentials: z.string().min(1),
  series: z.string().regex(/^[A-Za-z0-9]{1,10}$/, 'write the code of the series, such as V'),
  clearingAccounts: z.array(z.string().regex(/^\d{4}$/, 'write the four digits of the account')).default([]),
  timeoutMs: z.int().min(100).max(60_000).default(30_000),
});

/** Where the API is, and where tokens are refreshed. */
export function addressesOf({ host }: Pick<FortnoxConfig, 'host'>): { readonly api: string; readonly tokens: string } {
  if (host === 'production') return { api: 'https://api.fortnox.se', tokens: 'https://apps.fortnox.se/oauth-v1/token' };
  const api = host.replace(/\/+$/, '');
  return { api, tokens: `${api}/oauth-v1/token` };
}
