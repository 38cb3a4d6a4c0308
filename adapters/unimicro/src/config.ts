import { configObject, type ConfigSchema } from '@bilag/core';
import { isSafeAddress, unsafeAddress } from '@bilag/http';
import { z } from 'zod';

/** How a company in Unimicro is reached. Checked by {@link unimicroConfig}; secrets are referred to, never held. */
export interface UnimicroConfig {
  /** `production`, `test`, or the address of a simulator. */
  readonly host: string;
  /** The reference of `clientId` and `privateKey`, such as `env:UNIMICRO`: those of a server application. */
  readonly credentials: string;
  /** The key of the company, as `GET /api/init/companies` tells it. */
  readonly company: string;
  /** `draft`: vouchers wait as drafts until a person books them. `posted`: they are booked at once. */
  readonly mode: 'draft' | 'posted';
  /**
   * The policy's clearing accounts: vouchers on them that are not ours are listed too, to find double bookings. Left empty, the
   * command line fills them in from the policy.
   */
  readonly clearingAccounts: readonly string[];
  /** The longest one request may take: less than the time after which another process takes over. */
  readonly timeoutMs: number;
}

/** What a config file says for this adapter. */
export const unimicroConfig: ConfigSchema<UnimicroConfig> = configObject({
  host: z
    .union([z.enum(['production', 'test']), z.string().refine(isSafeAddress, unsafeAddress)])
    .default('production'),
  credentials: z.string().min(1),
  company: z.string().regex(/^[\w-]{1,64}$/, "write the company's key, as bilag connect tells it"),
  mode: z.enum(['draft', 'posted']).default('draft'),
  clearingAccounts: z.array(z.string().regex(/^\d+$/, 'write the number of the account')).default([]),
  timeoutMs: z.int().min(100).max(60_000).default(30_000),
});

/** Where the API is, where tokens are asked for, and where files go. */
export interface Addresses {
  readonly api: string;
  readonly tokens: string;
  readonly files: string;
}

export function addressesOf({ host }: Pick<UnimicroConfig, 'host'>): Addresses {
  const own = host.replace(/\/+$/, '');
  const [api, login, files] =
    host === 'production'
      ? ['https://api.unimicro.no', 'https://login.unimicro.no', 'https://files.unimicro.no']
      : host === 'test'
        ? ['https://test.unimicro.no', 'https://test-login.unimicro.no', 'https://test-files.unimicro.no']
        : [own, own, own];
  return { api, tokens: `${login}/connect/token`, files: `${files}/api/file` };
}
