import { defineAdapter, type ServiceAdapter } from '@bilag/core';
import { addressesOf, eAccountingConfig, type EAccountingConfig } from './config.ts';
import { EAccountingService } from './service.ts';

export type { EAccountingConfig } from './config.ts';

/**
 * Visma eAccounting, which is Spiris in Sweden: vouchers as drafts, or booked at once; what is booked is never deleted.
 *
 * The VAT stands on rows of its own. Its codes are those that the accounts have there, so that none is sent or read back.
 */
export const eAccounting: ServiceAdapter<EAccountingConfig> = defineAdapter<EAccountingConfig>({
  contract: 1,
  kind: 'service',
  id: 'eaccounting',
  title: 'Visma eAccounting',
  config: eAccountingConfig,
  vat: 'explicit',
  vatCodes: 'not-kept',
  // How many rows a voucher may have is not published; a coded line becomes two.
  shape: { documents: ['journal'], maxLines: 250 },
  // 600 requests a minute for each application and address, all its companies together: a fifth below.
  limits: { concurrency: 4, perSecond: 8 },
  // There is no key, and nobody vouches for how soon a list shows a voucher.
  dedupe: { by: 'search', settlesMs: 300_000, provesAbsence: false },
  addressOf: (config) => addressesOf(config).api,
  connect: (config, context) => new EAccountingService(config, context),
});
