import { BilagError, type ErrorKind } from '@bilag/core';
import type { z } from 'zod';

/** Checks received data. The error names the place and the rule, never the value: it may be personal. */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  place: { readonly where: string; readonly now: string; readonly kind?: ErrorKind },
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const shown = result.error.issues.slice(0, 3).map((issue) => `${pathOf(issue.path)}: ${issue.message}`);
  const more = result.error.issues.length - shown.length;
  throw new BilagError(place.kind ?? 'rejected', {
    what: `unexpected data: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
    where: place.where,
    now: place.now,
  });
}

function pathOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the whole';
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
