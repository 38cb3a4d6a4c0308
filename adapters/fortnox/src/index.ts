import { defineAdapter, type ServiceAdapter } from '@bilag/core';
import { addressesOf, fortnoxConfig, type FortnoxConfig } from './config.ts';
import { FortnoxService } from './service.ts';

export type { FortnoxConfig } from './config.ts';

/**
 * Fortnox: vouchers in a series of their own, booked at once: there are no drafts.
 *
 * Its rows have no VAT codes, so that the VAT stands on rows of its own and none is read back.
 */
export const fortnox: ServiceAdapter<FortnoxConfig> = defineAdapter<FortnoxConfig>({
  contract: 1,
  kind: 'service',
  id: 'fortnox',
  title: 'Fortnox',
  config: fortnoxConfig,
  vat: 'explicit',
  vatCodes: 'not-kept',
  // How many rows a voucher may have is not published; a coded line becomes two.
  shape: { documents: ['journal'], maxLines: 250 },
  // 25 requests in 5 seconds for each token, a fifth below.
  limits: { concurrency: 1, perSecond: 4 },
  // There is no key. How soon a list shows a voucher is not published; nobody has seen it take long.
  dedupe: { by: 'search', settlesMs: 120_000 },
  addressOf: (config) => addressesOf(config).api,
  connect: (config, context) => new FortnoxService(config, context),
});
