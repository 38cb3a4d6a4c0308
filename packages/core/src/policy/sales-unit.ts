/**
 * One form for the names of a sales unit, in entries and in policies. The prefix is part of the name: `NO:123455` and
 * `api:123455` are different units. It has been `NO/123455` (2022), `nor:123455` (v1) and `NO:123455` (v2) in the
 * provider's data; `''` for a name that is blank.
 *
 * @example
 * ```ts
 * import { normaliseSalesUnit } from '@bilag/core';
 *
 * normaliseSalesUnit('nor:57860'); // => 'NO:57860'
 * normaliseSalesUnit(' API/123455'); // => 'api:123455'
 * ```
 */
export function normaliseSalesUnit(name: string): string {
  const text = name.trim();
  const match = /^([A-Za-z]+)\s*[:/](.+)$/.exec(text);
  if (match === null) return text;
  const [, prefix = '', unit = ''] = match;
  const upper = prefix.toUpperCase();
  return `${upper === 'API' ? 'api' : upper === 'NOR' ? 'NO' : upper}:${unit.trim()}`;
}
