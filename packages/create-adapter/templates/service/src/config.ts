import type { ConfigSchema } from '@bilag/core';
import { isSafeAddress, unsafeAddress } from '@bilag/http';
import { z } from 'zod';

/** How a company in Acme Books is reached. */
export interface AcmeBooksConfig {
  /** Refers to the secrets, such as `env:ACME_BOOKS`; under it `token`. A config never holds a secret. */
  readonly credential: string;
  readonly baseUrl: string;
  /** The longest one request may take. */
  readonly timeoutMs: number;
}

/** What a config file says for this adapter. */
export const acmeBooksConfig: ConfigSchema<AcmeBooksConfig> = z.strictObject({
  credential: z.string().min(1),
  baseUrl: z.string().refine(isSafeAddress, unsafeAddress).default('https://api.acme-books.example'),
  timeoutMs: z.int().min(100).max(60_000).default(30_000),
});
