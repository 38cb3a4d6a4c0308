import { configObject, type ConfigSchema } from '@bilag/core';
import { z } from 'zod';

/** How the file is written. Checked by {@link gbat10Config}. */
export interface Gbat10Config {
  /** The voucher type (`bilagsart`) of the receiving system, 0 to 999: Tripletex makes a number series of each. */
  readonly voucherType: number;
  /** VAT code of the policy → the code of the receiving system; a code that is not here is written as it is. */
  readonly vatCodes: Readonly<Record<string, string>>;
  /** The code that says "no VAT" in the receiving system. */
  readonly codeWithoutVat: string;
  /** The dimensions that stand in the columns of departments and of projects. */
  readonly department?: string | undefined;
  readonly project?: string | undefined;
  /** What the import is told, too: Tripletex asks for it. */
  readonly encoding: 'windows-1252' | 'utf-8';
}

const code = z.string().regex(/^\d{1,5}$/, 'one to five digits');

/** What a config file says for this adapter. */
export const gbat10Config: ConfigSchema<Gbat10Config> = configObject({
  voucherType: z.int().min(0).max(999).default(9),
  vatCodes: z.record(z.string().min(1), code).default({}),
  codeWithoutVat: code.default('0'),
  department: z.string().min(1).optional(),
  project: z.string().min(1).optional(),
  encoding: z.enum(['windows-1252', 'utf-8']).default('windows-1252'),
});
