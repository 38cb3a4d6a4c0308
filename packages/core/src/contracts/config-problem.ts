import type { z } from 'zod';
import { named } from '../named.ts';
import { quotedName } from '../quoted-name.ts';

/**
 * Says what is wrong with a value in a config: what is asked for, and which values are allowed. Never the value itself: it may be
 * a key that was written in the wrong place. For the `error` of a zod schema, or of its `safeParse`, where a schema that has
 * words of its own keeps them.
 *
 * @example
 * ```ts
 * import { configProblem } from '@bilag/core';
 * import { z } from 'zod';
 *
 * const schema = z.object({ country: z.enum(['NO', 'DK']) });
 * const { error } = schema.safeParse({ country: 'no' }, { error: configProblem });
 * error?.issues[0]?.message; // => 'this value is not known here; it is one of "NO", "DK"'
 * ```
 */
export function configProblem(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `${isMissing(issue) ? 'this is missing: ' : ''}${named(kinds, issue.expected) ?? issue.expected} is asked for here`;
    case 'invalid_value': {
      const allowed = issue.values.map((value) => JSON.stringify(value)).join(', ');
      const choice = issue.values.length === 1 ? `it is ${allowed}` : `it is one of ${allowed}`;
      return isMissing(issue) ? `this is missing; ${choice}` : `this value is not known here; ${choice}`;
    }
    case 'too_small':
      return boundOf(issue.origin, Number(issue.minimum), issue.inclusive === false ? 'more than' : 'at least');
    case 'too_big':
      return boundOf(issue.origin, Number(issue.maximum), issue.inclusive === false ? 'less than' : 'at most');
    case 'invalid_format':
      return `this is not written as ${named(formats, issue.format) ?? `it is asked for: ${issue.pattern ?? issue.format}`}`;
    case 'unrecognized_keys':
      return `there is no field ${quotedName(issue.keys[0] ?? '')} here`;
    case 'invalid_key':
      return `the name of this field: ${issue.issues[0]?.message}`;
    case 'invalid_union':
      return problemOfUnion(issue.errors);
    default:
      return undefined;
  }
}

function isMissing({ input }: { readonly input?: unknown }): boolean {
  return input === undefined;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of fields',
  record: 'a group of fields',
};

function boundOf(origin: string, bound: number, comparison: string): string {
  if (origin === 'string')
    return bound === 1 ? 'this is empty' : `this has to be ${comparison} ${bound} characters long`;
  if (origin === 'array')
    return bound === 1 ? 'this list is empty' : `this list has to have ${comparison} ${bound} items`;
  return `this has to be ${comparison} ${bound}`;
}

const formats: Readonly<Record<string, string>> = {
  date: 'a date: YYYY-MM-DD, such as 2026-01-31',
  url: 'an address: https://…',
};

/** Of several forms, the one that went wrong below its first level is the one that was meant; else all are told. */
function problemOfUnion(forms: readonly (readonly z.core.$ZodIssue[])[]): string | undefined {
  const first = forms.flatMap(([issue]) => (issue === undefined ? [] : [issue]));
  const meant = first.find(({ path }) => path.length > 0);
  if (meant !== undefined) return `${meant.path.join('.')}: ${meant.message}`;
  return [...new Set(first.map(({ message }) => message))].join('; or ') || undefined;
}
