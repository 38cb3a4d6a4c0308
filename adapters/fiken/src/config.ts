import { configObject, type ConfigSchema } from '@bilag/core';
import { isSafeAddress, unsafeAddress } from '@bilag/http';
import { z } from 'zod';

/** How a company in Fiken is reached. Checked by {@link fikenConfig}; secrets are referred to, never held. */
export interface FikenConfig {
  /**
   * The credential's reference, such as `env:FIKEN`. Under it, `token` for a personal token; for OAuth2 `clientId`,
   * `clientSecret` and `refreshToken`, in a store that can be written.
   */
  readonly credential: string;
  /** Fiken allows personal tokens for the merchant's own systems only; an application for others uses OAuth2. */
  readonly auth: 'token' | 'oauth2';
  /** The company's slug: every request names it. */
  readonly company: string;
  /**
   * Account of the policy → account in Fiken, where they differ: `1920` → `1920:10001` (banks and payment services are
   * sub-accounts in Fiken), `2700` → `2701`. No two may share an account in Fiken.
   */
  readonly accounts: Readonly<Record<string, string>>;
  /**
   * The policy's clearing accounts: postings on them that are not ours are listed too, to find double bookings. None: all
   * postings are listed.
   */
  readonly clearingAccounts: readonly string[];
  readonly baseUrl: string;
  readonly tokenUrl: string;
  /** The longest one request may take: less than the time after which another process takes over. */
  readonly timeoutMs: number;
}

const fikenAccount = z
  .string()
  .regex(/^\d{4}(?::\d{5})?$/, 'write four digits, or four digits, a colon and five digits: 1920:10001');

const address = z
  .string()
  .refine(isSafeAddress, unsafeAddress)
  .transform((text) => text.replace(/\/+$/, ''));

/** What a config file says for this adapter. */
export const fikenConfig: ConfigSchema<FikenConfig> = configObject({
  credential: z.string().min(1),
  auth: z.enum(['token', 'oauth2']).default('token'),
  company: z.string().regex(/^[\w-]+$/, "write the company's slug, as in its address in Fiken"),
  accounts: z
    .record(z.string(), fikenAccount)
    .default({})
    .refine((accounts) => new Set(Object.values(accounts)).size === Object.values(accounts).length, {
      message: 'two accounts of the policy go to one account in Fiken; then a voucher could not be told when read back',
    }),
  clearingAccounts: z.array(z.string()).default([]),
  baseUrl: address.default('https://api.fiken.no/api/v2'),
  tokenUrl: address.default('https://fiken.no/oauth/token'),
  timeoutMs: z.int().min(100).max(60_000).default(30_000),
});
