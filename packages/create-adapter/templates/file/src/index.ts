import { defineAdapter, type FileAdapter } from '@bilag/core';
import { acmeFileConfig, type AcmeFileConfig } from './config.ts';
import { toAcmeFile } from './to-acme-file.ts';

export { acmeFileConfig, type AcmeFileConfig } from './config.ts';

/** Acme File: the declaration. Nothing happens here; the laws prove that what it says is true. */
export const acmeFile: FileAdapter<AcmeFileConfig> = defineAdapter<AcmeFileConfig>({
  contract: 1,
  kind: 'file',
  id: 'acme-file',
  title: 'Acme File',
  config: acmeFileConfig,
  // Net lines with codes, and the VAT on lines of its own: the file is read by somebody who computes nothing.
  vat: 'explicit',
  async *render(book, config) {
    const { company, period } = book;
    yield {
      name: `${company.organisationNumber}-${period.from}-${period.to}.txt`,
      mediaType: 'text/plain; charset=utf-8',
      content: toAcmeFile(book, config),
    };
  },
});
