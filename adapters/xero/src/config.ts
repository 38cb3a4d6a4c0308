import { configObject, type ConfigSchema } from '@bilag/core';
import { isSafeAddress, unsafeAddress } from '@bilag/http';
import { z } from 'zod';

/** How an organisation in Xero is reached. Checked by {@link xeroConfig}; secrets are referred to, never held. */
export interface XeroConfig {
  /** `production`, or the address of a simulator. */
  readonly host: string;
  /** The id of the organisation's connection (`xero-tenant-id`). */
  readonly tenant: string;
  /**
   * The reference of `clientId`, `clientSecret` and `refreshToken`, in a store that can be written, such as `file:XERO`: a refresh
   * token works once, and the next one is stored.
   */
  readonly credentials: string;
  /** `draft`: manual journals wait until a person posts them. `posted`: they are posted at once. */
  readonly mode: 'draft' | 'posted';
  /** VAT code of the policy → tax type in Xero, such as `TAX001`; a code that is not here is a tax type itself. */
  readonly taxTypes: Readonly<Record<string, string>>;
  /**
   * The policy's clearing accounts: entries on them that are not ours are listed too, to find double bookings. Left empty, the
   * command line fills them in from the policy.
   */
  readonly clearingAccounts: readonly string[];
  /** The longest one request may take: less than the time after which another process takes over. */
  readonly timeoutMs: number;
}

/** What a config file says for this adapter. */
export const xeroConfig: ConfigSchema<XeroConfig> = configObject({
  host: z.union([z.literal('production'), z.string().refine(isSafeAddress, unsafeAddress)]).default('production'),
  tenant: z.uuid('write the id of the connection, as GET /connections tells it'),
  credentials: z.string().min(1),
  mode: z.enum(['draft', 'posted']).default('draft'),
  taxTypes: z
    .record(z.string(), z.string().regex(/^\w{1,50}$/, 'write a tax type, such as TAX001'))
    .default({})
    .refine((types) => new Set(Object.values(types)).size === Object.keys(types).length, {
      error: 'each code has a tax type of its own: a voucher that is read back has to tell which it was',
    }),
  clearingAccounts: z.array(z.string().regex(/^[\w.-]{1,10}$/, 'write the code of the account')).default([]),
  timeoutMs: z.int().min(100).max(60_000).default(30_000),
});

/** Where the API is, and where tokens are refreshed. */
export function addressesOf({ host }: Pick<XeroConfig, 'host'>): { readonly api: string; readonly tokens: string } {
  if (host === 'production') return { api: 'https://api.xero.com', tokens: 'https://identity.xero.com/connect/token' };
  const api = host.replace(/\/+$/, '');
  return { api, tokens: `${api}/connect/token` };
}
