import { defineAdapter, type ServiceAdapter } from '@bilag/core';
import { FikenClient } from './client.ts';
import { fikenConfig, type FikenConfig } from './config.ts';
import { FikenService } from './service.ts';

export type { FikenConfig } from './config.ts';

/**
 * Fiken: sales with VAT as cash sales, all else as general journal entries.
 *
 * The view is `explicit`, although Fiken takes net amounts in journal entries: a sale is sent with net and VAT, and either
 * kind is read back with the VAT on a line of its own. So every øre of VAT is compared, and not only the base.
 */
export const fiken: ServiceAdapter<FikenConfig> = defineAdapter<FikenConfig>({
  contract: 1,
  kind: 'service',
  id: 'fiken',
  title: 'Fiken',
  config: fikenConfig,
  vat: 'explicit',
  // Fiken names no most lines of an entry; a hundred is far below what people enter, and a coded line may become two.
  shape: { documents: ['sale', 'journal'], maxLines: 100 },
  // "Only one concurrent request", and calls above four a second are slowed down (Fiken API, rate limits).
  limits: { concurrency: 1, perSecond: 4 },
  // PATCH …/delete books the opposite on the date of what it deletes, and takes no other.
  reversal: 'own-date',
  // There is no key. Fiken does not say when a posting can be found; minutes are far beyond what anybody has seen.
  dedupe: { by: 'search', settlesMs: 300_000 },
  addressOf: ({ baseUrl }) => baseUrl,
  connect: (config, context) => new FikenService(config, new FikenClient(config, context)),
});
