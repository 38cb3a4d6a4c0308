import { defineAdapter, type ServiceAdapter } from '@bilag/core';
import { addressesOf, unimicroConfig, type UnimicroConfig } from './config.ts';
import { UnimicroService } from './service.ts';

export type { UnimicroConfig } from './config.ts';

/**
 * Unimicro, which is DNB Regnskap and SpareBank 1 Regnskap too: vouchers as drafts, or booked at once.
 *
 * Lines are gross: Unimicro books the VAT on lines of its own, which say what they are the VAT of, so that gross amounts are read back.
 */
export const unimicro: ServiceAdapter<UnimicroConfig> = defineAdapter<UnimicroConfig>({
  contract: 1,
  kind: 'service',
  id: 'unimicro',
  title: 'Unimicro',
  config: unimicroConfig,
  vat: 'gross',
  // How many lines a voucher may have is not published.
  shape: { documents: ['journal'], maxLines: 500 },
  // Limits are not published either.
  limits: { concurrency: 1, perSecond: 5 },
  // References are not unique there. How soon a search shows a voucher is not published; nobody has seen it take long.
  dedupe: { by: 'search', settlesMs: 120_000 },
  addressOf: (config) => addressesOf(config).api,
  connect: (config, context) => new UnimicroService(config, context),
});
