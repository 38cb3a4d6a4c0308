import { configObject, type ConfigSchema } from '@bilag/core';
import { isSafeAddress, unsafeAddress } from '@bilag/http';
import { z } from 'zod';

/** How a client in PowerOffice Go is reached. Checked by {@link powerOfficeConfig}; secrets are referred to, never held. */
export interface PowerOfficeConfig {
  /** The reference of the client's keys, such as `env:POWEROFFICE`: `clientKey`, and the two of {@link application}. */
  readonly credentials: string;
  /**
   * The reference of the integration's `applicationKey` and `subscriptionKey`, where many clients share them: requests are
   * counted by it. The same as {@link credentials} by default.
   */
  readonly application: string;
  /**
   * The policy's clearing accounts: postings on them that are not ours are listed too, to find double bookings. Left empty,
   * the command line fills them in from the policy.
   */
  readonly clearingAccounts: readonly string[];
  /** What stands before `/OAuth/Token` and `/v2`: `https://goapi.poweroffice.net/Demo` is the demo environment. */
  readonly host: string;
  /** The longest one request may take: less than the time after which another process takes over. */
  readonly timeoutMs: number;
}

const address = z
  .string()
  .refine(isSafeAddress, unsafeAddress)
  .transform((text) => text.replace(/\/+$/, ''));

/** What a config file says for this adapter. */
export const powerOfficeConfig: ConfigSchema<PowerOfficeConfig> = configObject({
  credentials: z.string().min(1),
  application: z.string().min(1).optional(),
  clearingAccounts: z.array(z.string().regex(/^\d+$/, 'write the number of the account')).default([]),
  host: address.default('https://goapi.poweroffice.net'),
  timeoutMs: z.int().min(100).max(60_000).default(30_000),
}).transform(({ application, ...config }) => ({ ...config, application: application ?? config.credentials }));
