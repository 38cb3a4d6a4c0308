import { defineAdapter, type FileAdapter } from '@bilag/core';
import { check } from './check.ts';
import { gbat10Config, type Gbat10Config } from './config.ts';
import { toGbat10 } from './to-gbat10.ts';

export type { Gbat10Config } from './config.ts';

/**
 * GBAT10, the file that Tripletex, Mamut, Duett and other Norwegian systems import where there is no connection.
 *
 * @example
 * ```ts
 * import { gbat10 } from '@bilag/gbat10';
 *
 * gbat10.id; // => 'gbat10'
 * ```
 */
export const gbat10: FileAdapter<Gbat10Config> = defineAdapter<Gbat10Config>({
  contract: 1,
  kind: 'file',
  id: 'gbat10',
  title: 'GBAT10 import (Norway)',
  config: gbat10Config,
  // The net column balances with the rows of VAT, the gross column without them: the receiver chooses which one it books.
  vat: 'explicit',
  render: toGbat10,
  check,
  checkedExtensions: ['gbat10.csv'],
});
