import { named } from '@bilag/core';
/**
 * One form for the names of a sales unit. The prefix is part of the key: `NO:123455` and `api:123455` are different units.
 * It has been `NO/123455` (2022), `nor:123455` (v1) and `NO:123455` (v2); empty and missing mean none.
 *
 * @example
 * ```ts
 * import { normaliseRecipientHandle } from '@bilag/vipps';
 *
 * normaliseRecipientHandle('nor:57860'); // => 'NO:57860'
 * normaliseRecipientHandle('API:123455'); // => 'api:123455'
 * normaliseRecipientHandle(''); // => null
 * ```
 */
export function normaliseRecipientHandle(handle: string | null | undefined): string | null {
  const text = handle?.trim() ?? '';
  const match = /^([A-Za-z]+)[:/](.+)$/.exec(text);
  if (match === null) return text === '' ? null : text;
  const [, prefix = '', unit = ''] = match;
  const upper = prefix.toUpperCase();
  return `${upper === 'API' ? 'api' : (named(olderPrefixes, upper) ?? upper)}:${unit.trim()}`;
}

const olderPrefixes: Readonly<Record<string, string>> = { NOR: 'NO' };
