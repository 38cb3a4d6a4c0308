import { defineAdapter, type FileAdapter } from '@bilag/core';
import { check } from './check/check.ts';
import { sieConfig, type SieConfig } from './config.ts';
import { toSie } from './to-sie.ts';

export type { SieConfig } from './config.ts';

/**
 * SIE 4: the file that Swedish accounting systems import (4I), or export with balances (4E).
 *
 * @example
 * ```ts
 * import { sie } from '@bilag/sie';
 *
 * sie.id; // => 'sie'
 * ```
 */
export const sie: FileAdapter<SieConfig> = defineAdapter<SieConfig>({
  contract: 1,
  kind: 'file',
  id: 'sie',
  title: 'SIE 4 (Sweden)',
  config: sieConfig,
  // SIE has no VAT codes: the VAT is in the books when it is on its account.
  vat: 'explicit',
  async *render(book, config, context) {
    const { organisationNumber, currency } = book.company;
    // The number of a sole trader is a person's; a legal person's has a third digit of 2 or higher.
    const number = /^(?:\d{2})?\d{2}[2-9]\d{7}$/.test(organisationNumber) ? `${organisationNumber}-` : '';
    yield {
      name: `${number}${currency}-${book.period.from}-${book.period.to}.${config.type === '4E' ? 'se' : 'si'}`,
      mediaType: 'text/plain; charset=ibm437',
      content: toSie(book, config, context),
    };
  },
  check,
  checkedExtensions: ['.si', '.se', '.sie'],
});
