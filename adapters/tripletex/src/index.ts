import { defineAdapter, type ServiceAdapter } from '@bilag/core';
import { addressOf, tripletexConfig, type TripletexConfig } from './config.ts';
import { TripletexService } from './service.ts';

export type { TripletexConfig } from './config.ts';

/**
 * Posts vouchers to Tripletex. Its `externalVoucherNumber` carries our reference: it can be searched for, but is not unique,
 * so whoever posts looks first, and again after any write without an answer.
 *
 * - `settlesMs`: how soon a new voucher can be found is not published and was not measured. Integrators look
 *   again for two to three minutes; ten cost nothing but a wait, and only where a reply was lost.
 * - `limits`: the test host's headers say 100 requests in about ten seconds for one pair of tokens; this stays below it.
 * - `maxLines`: no bound is published. 250 lines and their VAT rows are read back in one reply, far from the 10 000 objects
 *   where Tripletex refuses to answer (code 23000).
 *
 * @example
 * ```ts
 * import { tripletex } from '@bilag/tripletex';
 *
 * tripletex.dedupe; // => { by: 'search', settlesMs: 600000 }
 * ```
 */
export const tripletex: ServiceAdapter<TripletexConfig> = defineAdapter<TripletexConfig>({
  contract: 1,
  kind: 'service',
  id: 'tripletex',
  title: 'Tripletex',
  config: tripletexConfig,
  vat: 'gross',
  shape: { documents: ['journal'], maxLines: 250 },
  limits: { concurrency: 2, perSecond: 8 },
  dedupe: { by: 'search', settlesMs: 600_000 },
  addressOf: (config) => addressOf(config),
  connect: (config, context) => new TripletexService(config, context),
});
