import { configObject, type ConfigSchema } from '@bilag/core';
import { z } from 'zod';

/** How a journal is written. Checked by {@link journalConfig}. */
export interface JournalConfig {
  readonly dialect: 'hledger' | 'ledger' | 'beancount';
  /** `none`: one file. Otherwise one file per month or year, and a main file that includes them in order. */
  readonly split: 'none' | 'month' | 'year';
  /** Account number → full name, such as `{ '1920': 'Assets:Bank:Drift' }`, where the proposed name will not do. */
  readonly accounts: Readonly<Record<string, string>>;
  /** Where the other side of the opening balances is posted; by default under `Equity`. */
  readonly openingAccount?: string | undefined;
}

/** What a config file says for this adapter. */
export const journalConfig: ConfigSchema<JournalConfig> = configObject({
  dialect: z.enum(['hledger', 'ledger', 'beancount']),
  split: z.enum(['none', 'month', 'year']).default('none'),
  accounts: z.record(z.string(), z.string()).default({}),
  openingAccount: z.string().optional(),
});
