import { defineAdapter, type ServiceAdapter } from '@bilag/core';
import { addressesOf, xeroConfig, type XeroConfig } from './config.ts';
import { XeroService } from './service.ts';

export type { XeroConfig } from './config.ts';

/**
 * Xero: vouchers as manual journals, drafts or posted.
 *
 * `search`: the narration begins with the reference. Every journal is sent with an idempotency key, the same for the same body; but for
 * how long Xero keeps one is not in its description, so that nothing relies on it.
 */
export const xero: ServiceAdapter<XeroConfig> = defineAdapter<XeroConfig>({
  contract: 1,
  kind: 'service',
  id: 'xero',
  title: 'Xero',
  config: xeroConfig,
  vat: 'gross',
  shape: { documents: ['journal'], maxLines: 500 },
  // 60 requests a minute and 5000 a day for an organisation.
  limits: { concurrency: 1, perSecond: 1 },
  // How soon a list shows what was written is not published; nobody has seen it take long.
  dedupe: { by: 'search', settlesMs: 120_000 },
  addressOf: (config) => addressesOf(config).api,
  connect: (config, context) => new XeroService(config, context),
});
