import { defineAdapter, type ServiceAdapter } from '@bilag/core';
import { addressesOf, businessCentralConfig, type BusinessCentralConfig } from './config.ts';
import { BusinessCentralService } from './service.ts';
import { mostLines } from './to-business-central.ts';

export type { BusinessCentralConfig } from './config.ts';

/**
 * Business Central: vouchers as lines of a journal of their own, left there or posted.
 *
 * The view is `explicit`, although lines are sent gross with a VAT group: entries of the ledger show no group, so that amounts on
 * accounts are all that can be compared, and lines that wait are compared as they will be posted.
 *
 * `search`: document numbers are made of the reference, and looked for in the journal and in the ledger.
 */
export const businessCentral: ServiceAdapter<BusinessCentralConfig> = defineAdapter<BusinessCentralConfig>({
  contract: 1,
  kind: 'service',
  id: 'business-central',
  title: 'Business Central',
  config: businessCentralConfig,
  vat: 'explicit',
  vatCodes: 'not-kept',
  shape: { documents: ['journal'], maxLines: mostLines },
  // 6000 requests in five minutes for a user, five at a time: half of that, one at a time.
  limits: { concurrency: 1, perSecond: 10 },
  // We read where it is written. How soon a list shows it is not published; nobody has seen it take long.
  dedupe: { by: 'search', settlesMs: 120_000 },
  addressOf: (config) => addressesOf(config).api,
  connect: (config, context) => new BusinessCentralService(config, context),
});
