import type { ConfigSchema } from '@bilag/core';
import { z } from 'zod';

/** What people may choose of the file. */
export interface AcmeFileConfig {
  /** Whether the texts of lines are written. */
  readonly texts: boolean;
}

/** What a config file says for this adapter. */
export const acmeFileConfig: ConfigSchema<AcmeFileConfig> = z.strictObject({
  texts: z.boolean().default(true),
});
