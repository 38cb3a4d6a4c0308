import type { ConfigSchema } from '@bilag/core';
import { LawBroken } from '../law.ts';

/** A config as a file has it, checked by the adapter's own schema. */
export function checkedConfig<Config>(adapter: { readonly config: ConfigSchema<Config> }, given: unknown): Config {
  const result = adapter.config['~standard'].validate(given);
  if (result instanceof Promise) throw new LawBroken('the config schema answers later: it must answer at once');
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map(({ message, path = [] }) => {
    const place = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
    return place === '' ? message : `${place}: ${message}`;
  });
  throw new LawBroken(`the adapter refuses the config of the subject: ${issues.join('; ')}`);
}
