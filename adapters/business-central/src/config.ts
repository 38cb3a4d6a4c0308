import { configObject, type ConfigSchema } from '@bilag/core';
import { isSafeAddress, unsafeAddress } from '@bilag/http';
import { z } from 'zod';

/** How a company in Business Central is reached. Checked by {@link businessCentralConfig}; secrets are referred to, never held. */
export interface BusinessCentralConfig {
  /** `production`, or the address of a simulator. */
  readonly host: string;
  /** The id or the domain of the Microsoft Entra tenant. */
  readonly tenant: string;
  /** The name of the environment, such as `Production`. */
  readonly environment: string;
  /** The company's name in the environment, or its id. */
  readonly company: string;
  /** The reference of `clientId` and `clientSecret` of the app in Entra, such as `env:BUSINESS_CENTRAL`. */
  readonly credentials: string;
  /** The code of the journal batch that is Bilag's alone. */
  readonly journal: string;
  /** `draft`: vouchers wait in the journal until a person posts it. `posted`: they are posted at once. */
  readonly mode: 'draft' | 'posted';
  /** VAT code of the policy → the company's group, and what it does: Business Central's API does not tell. */
  readonly vatGroups: Readonly<Record<string, VatGroup>>;
  /** The codes of the dimensions that vouchers carry. What Business Central adds of others by itself is not looked at. */
  readonly dimensions: readonly string[];
  /**
   * The policy's clearing accounts: entries on them that are not ours are listed too, to find double bookings. Left empty, the
   * command line fills them in from the policy.
   */
  readonly clearingAccounts: readonly string[];
  /** The longest one request may take: less than the time after which another process takes over. */
  readonly timeoutMs: number;
}

/** A VAT product posting group, which the API calls a tax group. */
export interface VatGroup {
  /** Its code in the company. */
  readonly group: string;
  /** 2500 is 25 %. */
  readonly rateBasisPoints: number;
  /** Where its VAT setup posts the VAT; null at 0 %. */
  readonly account: string | null;
}

const account = z.string().regex(/^[A-Za-z0-9.-]{1,20}$/, 'write the number of the account');

const vatGroup = configObject({
  group: z.string().min(1).max(20),
  rateBasisPoints: z.int().min(0).max(9_999),
  account: account.nullable(),
}).refine((one) => (one.rateBasisPoints === 0) === (one.account === null), {
  error: 'a rate above 0 % has an account for its VAT, and 0 % has none (null)',
});

/** What a config file says for this adapter. */
export const businessCentralConfig: ConfigSchema<BusinessCentralConfig> = configObject({
  host: z.union([z.literal('production'), z.string().refine(isSafeAddress, unsafeAddress)]).default('production'),
  tenant: z.string().regex(/^[A-Za-z0-9.-]{1,100}$/, 'write the id or the domain of the tenant'),
  environment: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,30}$/, 'write the name of the environment, such as Production')
    .default('Production'),
  company: z.string().min(1),
  credentials: z.string().min(1),
  journal: z
    .string()
    .regex(/^[A-Z0-9_-]{1,10}$/, 'write the code of the journal batch: at most 10 capital letters and digits'),
  mode: z.enum(['draft', 'posted']).default('draft'),
  vatGroups: z
    .record(z.string(), vatGroup)
    .default({})
    .refine((groups) => twofold(Object.values(groups)) === undefined, {
      error: 'one group has one rate and one account, whatever codes stand for it',
    }),
  dimensions: z.array(z.string().min(1).max(20)).default([]),
  clearingAccounts: z.array(account).default([]),
  timeoutMs: z.int().min(100).max(60_000).default(60_000),
});

/** A group that is said to do two things. */
function twofold(groups: readonly VatGroup[]): VatGroup | undefined {
  return groups.find(({ group, rateBasisPoints, account: own }) =>
    groups.some(
      (other) => other.group === group && (other.rateBasisPoints !== rateBasisPoints || other.account !== own),
    ),
  );
}

/** Where the API is, and where tokens are given out. */
export function addressesOf({
  host,
  tenant,
  environment,
}: Pick<BusinessCentralConfig, 'host' | 'tenant' | 'environment'>): { readonly api: string; readonly tokens: string } {
  const isReal = host === 'production';
  const [api, tokens] = isReal
    ? ['https://api.businesscentral.dynamics.com', 'https://login.microsoftonline.com']
    : [host.replace(/\/+$/, ''), host.replace(/\/+$/, '')];
  return {
    api: `${api}/v2.0/${tenant}/${environment}/api/v2.0`,
    tokens: `${tokens}/${tenant}/oauth2/v2.0/token`,
  };
}
