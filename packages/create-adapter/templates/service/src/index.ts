import { defineAdapter, type ServiceAdapter } from '@bilag/core';
import { acmeBooksClient } from './client.ts';
import { acmeBooksConfig, type AcmeBooksConfig } from './config.ts';
import { AcmeBooksService } from './service.ts';

export { acmeBooksConfig, type AcmeBooksConfig } from './config.ts';

/** Acme Books: the declaration. Nothing happens here; the laws prove that what it says is true. */
export const acmeBooks: ServiceAdapter<AcmeBooksConfig> = defineAdapter<AcmeBooksConfig>({
  contract: 1,
  kind: 'service',
  id: 'acme-books',
  title: 'Acme Books',
  config: acmeBooksConfig,
  // Gross amount and VAT code: the target computes the VAT itself. Sending it as a line too would double it.
  vat: 'gross',
  shape: { documents: ['journal'], maxLines: 1000 },
  // From the vendor's documentation of rate limits.
  limits: { concurrency: 1, perSecond: 5 },
  // The target accepts duplicates. It can be searched for our reference, and shows a new voucher within a minute.
  dedupe: { by: 'search', settlesMs: 60_000 },
  connect: (config, context) => new AcmeBooksService(acmeBooksClient(config, context)),
});
