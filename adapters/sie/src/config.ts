import { configObject, type ConfigSchema } from '@bilag/core';
import { z } from 'zod';

/** How the file is written. Checked by {@link sieConfig}. */
export interface SieConfig {
  /** The currency the books are kept in: Swedish law takes these two (Bokföringslagen 4 kap. 6 §). */
  readonly currency: 'SEK' | 'EUR';
  /** `4I`: vouchers to import (.si). `4E`: an accounting year so far, with balances and numbered vouchers (.se). */
  readonly type: '4I' | '4E';
  /** The series vouchers get in the accounting system, such as `V`; empty in 4I: the system chooses. */
  readonly series: string;
  /** Dimension → its number in SIE, beyond {@link reservedDimensions} or in place of them; free numbers begin at 20. */
  readonly dimensions: Readonly<Record<string, number>>;
  /** When the accounting year begins, 1 to 12, of a book that does not say it; where neither does, the file does not. */
  readonly fiscalYearStartMonth?: number | undefined;
}

/** What a config file says for this adapter. */
export const sieConfig: ConfigSchema<SieConfig> = configObject({
  currency: z.enum(['SEK', 'EUR']).default('SEK'),
  type: z.enum(['4I', '4E']).default('4I'),
  series: z
    .string()
    .regex(/^[A-Za-z0-9]{0,10}$/, 'at most ten letters and digits')
    .default(''),
  dimensions: z.record(z.string().min(1), z.int().min(1).max(9_999)).default({}),
  fiscalYearStartMonth: z.int().min(1).max(12).optional(),
});

/** The numbers SIE keeps for dimensions everybody has (specification 4B, #DIM), by the names Bilag's policies use. */
export const reservedDimensions: Readonly<Record<string, number>> = {
  department: 1,
  costCentre: 1,
  costCenter: 1,
  costBearer: 2,
  project: 6,
  employee: 7,
  customer: 8,
  supplier: 9,
  invoice: 10,
};

/** The Swedish names of the reserved numbers. */
export const dimensionNames: Readonly<Record<number, string>> = {
  1: 'Kostnadsställe',
  2: 'Kostnadsbärare',
  6: 'Projekt',
  7: 'Anställd',
  8: 'Kund',
  9: 'Leverantör',
  10: 'Faktura',
};
