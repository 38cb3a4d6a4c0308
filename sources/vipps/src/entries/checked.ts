import { BilagError, type ErrorKind } from '@bilag/core';
import type { z } from 'zod';

/** Checks received data. The error names the place and the rule, never the value: it may be personal. */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  place: { readonly where: string; readonly action: string; readonly kind?: ErrorKind },
): z.output<Schema> {
  const result = parsedBy(schema, value);
  if (result?.success === true) return result.data;
  if (result === undefined) {
    throw new BilagError(place.kind ?? 'rejected', {
      what: 'unexpected data: more of it is wrong than can be told',
      where: place.where,
      action: place.action,
    });
  }
  const shown = result.error.issues.slice(0, 3).map((issue) => `${pathOf(issue.path)}: ${issue.message}`);
  const more = result.error.issues.length - shown.length;
  throw new BilagError(place.kind ?? 'rejected', {
    what: `unexpected data: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
    where: place.where,
    action: place.action,
  });
}

/** Undefined where the faults of a hostile list, a million at a time, are more than the stack holds. */
function parsedBy<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.ZodSafeParseResult<z.output<Schema>> | undefined {
  try {
    return schema.safeParse(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function pathOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the whole';
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
