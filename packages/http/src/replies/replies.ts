import { BilagError, type ConfigSchema } from '@bilag/core';
import type { HttpReply } from '../transport/request.ts';
import { parseJsonBytes } from './json.ts';

/** A reply's JSON with every number as its own text: no float touches an amount. Throws `unavailable` when it is none. */
export function jsonOf({ bytes, where }: Pick<HttpReply, 'bytes' | 'where'>): unknown {
  return parseJsonBytes(bytes, { where, numbers: 'text', kind: 'unavailable' });
}

/**
 * Reads a reply by a schema, numbers as text. Throws `unavailable` where it is not as described: half a reply or another
 * page's may be whole the next time. Quotes nothing of it.
 *
 * @example
 * ```ts
 * import { replyAs } from '@bilag/http';
 * import { z } from 'zod';
 *
 * const reply = { bytes: Buffer.from('{"amount": 7.80}'), where: 'GET /x' };
 * replyAs(z.object({ amount: z.string() }), reply).amount; // => '7.80'
 * ```
 */
export function replyAs<Value>(schema: ConfigSchema<Value>, reply: Pick<HttpReply, 'bytes' | 'where'>): Value {
  return valueAs(schema, jsonOf(reply), reply.where);
}

/** Reads a part of a reply by a schema; see {@link replyAs}. */
export function valueAs<Value>(schema: ConfigSchema<Value>, value: unknown, where: string): Value {
  const result = schema['~standard'].validate(value);
  if (!(result instanceof Promise) && result.issues === undefined) return result.value;
  const [issue] = result instanceof Promise ? [] : result.issues;
  const path = issue?.path?.map((key) => String(typeof key === 'object' ? key.key : key)).join('.') ?? '';
  throw new BilagError('unavailable', {
    what: `the reply is not as it was described${path === '' ? '' : `, at "${path}"`}`,
    where,
    action:
      'try again later; see whether the token in use may read this; if it stays so, the target has changed its API',
  });
}
