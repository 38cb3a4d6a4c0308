import { BilagError, configObject, configProblem, type ConfigSchema } from '@bilag/core';
import { z } from 'zod';

/**
 * A part of a config, checked by whoever it is for. The error names the field and never its value. Fields in `beside` stand
 * in the same object and are checked elsewhere: a misspelt field may be one of them.
 */
export function checkedBy<Config>(
  schema: ConfigSchema<Config>,
  value: unknown,
  told: {
    readonly of: string;
    readonly whereOf: (path: readonly PropertyKey[]) => string;
    readonly beside?: readonly string[];
  },
): Config {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) {
    throw new BilagError('config', {
      what: `the schema of ${told.of} is asynchronous`,
      where: told.whereOf([]),
      action: 'give it a synchronous schema: a config is checked before anything runs',
    });
  }
  if (result.issues === undefined) return result.value;
  // A field that is spelt wrong is often missing too.
  const issues = issuesOf(schema, value) ?? result.issues;
  const issue = issues.find((one) => 'code' in one && one.code === 'unrecognized_keys') ?? issues[0];
  const path = (issue?.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  const [unknown] = unknownFieldsOf(issue);
  const isHere = path.length === 0 && unknown !== undefined && told.beside !== undefined;
  throw new BilagError('config', {
    what:
      (isHere ? unknownField(unknown, schema, told.beside) : issue?.message) ?? `the config of ${told.of} is not valid`,
    where: told.whereOf([...path, ...(unknown === undefined ? [] : [unknown])]),
    action: 'mend the config; nothing was done',
  });
}

/** The same once more in our words, where the schema is one of zod: another library has words of its own. */
function issuesOf(schema: object, value: unknown): readonly z.core.$ZodIssue[] | undefined {
  return schema instanceof z.ZodType ? schema.safeParse(value, { error: configProblem }).error?.issues : undefined;
}

function unknownFieldsOf(issue: object | undefined): readonly string[] {
  return issue !== undefined && 'keys' in issue && Array.isArray(issue.keys) ? issue.keys.map(String) : [];
}

/** Which field was meant, of the schema's (where it tells them, as zod's do) and of those beside. */
function unknownField(written: string, schema: object, beside: readonly string[]): string | undefined {
  if (!('shape' in schema) || typeof schema.shape !== 'object' || schema.shape === null) return undefined;
  const known = [...Object.keys(schema.shape), ...beside].map((name) => [name, z.unknown().optional()] as const);
  return configObject(Object.fromEntries(known)).safeParse({ [written]: null }).error?.issues[0]?.message;
}
