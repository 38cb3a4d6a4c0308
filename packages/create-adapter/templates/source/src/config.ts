import { configObject } from '@bilag/core';
import { isSafeAddress, unsafeAddress } from '@bilag/http';
import { z } from 'zod';

/** What a config says of Acme Pay, beside which ledgers are read. */
export interface AcmePayConfig {
  /** Where the token is, never the token itself: `env:ACME_PAY` reads `ACME_PAY_TOKEN`. */
  readonly credentials: string;
  readonly baseUrl: string;
}

export const acmePayConfig: z.ZodType<AcmePayConfig> = configObject({
  credentials: z.string().min(1),
  baseUrl: z.string().refine(isSafeAddress, unsafeAddress).default('https://api.acme-pay.example'),
});
