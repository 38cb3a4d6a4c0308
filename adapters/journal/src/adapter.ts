import { defineAdapter, type FileAdapter } from '@bilag/core';
import { journalConfig, type JournalConfig } from './config.ts';
import { render } from './render.ts';

/**
 * Plain-text journals for hledger, ledger and beancount as a target.
 *
 * @example
 * ```ts
 * import { journal } from '@bilag/journal';
 *
 * journal.id; // => 'journal'
 * ```
 */
export const journal: FileAdapter<JournalConfig> = defineAdapter({
  contract: 1,
  kind: 'file',
  id: 'journal',
  title: 'Plain-text journal (hledger, ledger, beancount)',
  config: journalConfig,
  vat: 'explicit',
  render,
});
