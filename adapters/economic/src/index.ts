import { defineAdapter, type ServiceAdapter } from '@bilag/core';
import { addressesOf, economicConfig, type EconomicConfig } from './config.ts';
import { EconomicService } from './service.ts';

export type { EconomicConfig } from './config.ts';

/**
 * e-conomic: vouchers as lines of a journal of their own, left there as drafts or booked.
 *
 * The view is `explicit`, although lines are sent gross: a draft is compared as it will be booked, and a booked voucher as it was,
 * with the VAT on its own account. So a code that posts on another account than the policy's is seen before anything is sent.
 *
 * `search`: voucher numbers are made of the reference, and looked for among drafts and booked entries. e-conomic's idempotency keys
 * are kept for an hour and repeat a refusal too, so that nothing relies on them.
 */
export const economic: ServiceAdapter<EconomicConfig> = defineAdapter<EconomicConfig>({
  contract: 1,
  kind: 'service',
  id: 'economic',
  title: 'e-conomic',
  config: economicConfig,
  vat: 'explicit',
  // `POST /draft-entries/bulk` takes 500 at a time, and reverts all of them if one fails (Journals 11.0.3).
  shape: { documents: ['journal'], maxLines: 500 },
  // 10 000 tokens a minute and some three for a call: one at a time, and a fifth of that.
  limits: { concurrency: 1, perSecond: 10 },
  // How soon a list shows what was written is not published; nobody has seen it take long.
  dedupe: { by: 'search', settlesMs: 120_000 },
  addressOf: (config) => addressesOf(config).api,
  connect: (config, context) => new EconomicService(config, context),
});
