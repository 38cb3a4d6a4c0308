import type { ConfigSchema } from '@bilag/core';
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
  baseUrl: z
    .string()
    .refine(isSafeAddress, 'write an https address; http is for a server on this machine')
    .default('https://api.acme-books.example'),
  timeoutMs: z.int().min(100).max(60_000).default(30_000),
});

function isSafeAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && /^(?:127\.0\.0\.1|localhost|\[::1\])$/.test(hostname));
}
