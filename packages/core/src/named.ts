/**
 * What a record has by this name of its own, undefined where it has nothing. Names come from customers, files and replies, and
 * `constructor` and `__proto__` are names.
 *
 * @example
 * ```ts
 * import { named } from '@bilag/core';
 *
 * named({ '3000': 'Salg' }, '3000'); // => 'Salg'
 * named({ '3000': 'Salg' }, 'constructor'); // => undefined
 * ```
 */
export function named<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Whether a record has no name of its own. Nothing is made to see it. */
export function isEmpty(record: Readonly<Record<string, unknown>>): boolean {
  for (const name in record) if (Object.hasOwn(record, name)) return false;
  return true;
}
