import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { configProblem, definePolicy } from '../src/index.ts';

const schema = z.strictObject({
  country: z.enum(['NO', 'DK']),
  name: z.string().min(1),
  month: z.int().min(1).max(12),
  isOpen: z.boolean(),
  from: z.iso.date(),
  files: z.array(z.string()).min(1),
  accounts: z.record(z.string().regex(/^\d+$/, 'an account is a number'), z.string()),
  fees: z.union([z.literal('none'), z.object({ account: z.string() })]),
  keys: z.string().regex(/^env:/, 'name the keys as env:NAME'),
});
const right = {
  country: 'NO',
  name: 'Kafé',
  month: 1,
  isOpen: true,
  from: '2026-01-01',
  files: ['july.json'],
  accounts: { '1579': 'x' },
  fees: 'none',
  keys: 'env:VIPPS',
};

describe('what is wrong with a value in a config', () => {
  test.for([
    ['country', 'no', 'this value is not known here; it is one of "NO", "DK"'],
    ['country', undefined, 'this is missing; it is one of "NO", "DK"'],
    ['name', undefined, 'this is missing: a text is asked for here'],
    ['name', 7, 'a text is asked for here'],
    ['name', '', 'this is empty'],
    ['month', '1', 'a number is asked for here'],
    ['month', 1.5, 'a whole number is asked for here'],
    ['month', 0, 'this has to be at least 1'],
    ['month', 13, 'this has to be at most 12'],
    ['isOpen', 'yes', 'true or false is asked for here'],
    ['from', '1.1.2026', 'this is not written as a date: YYYY-MM-DD, such as 2026-01-31'],
    ['files', [], 'this list is empty'],
    ['files', 'july.json', 'a list is asked for here'],
    ['accounts', { sales: 'x' }, 'the name of this field: an account is a number'],
    ['fees', 'all', 'this value is not known here; it is "none"; or a group of fields is asked for here'],
    ['fees', { account: 7770 }, 'account: a text is asked for here'],
    ['keys', 'sk-12345', 'name the keys as env:NAME'],
    ['extra', 'x', 'there is no field "extra" here'],
  ] as const)('%s: %j', ([field, value, message]) => {
    const { error } = schema.safeParse({ ...right, [field]: value }, { error: configProblem });
    expect(error?.issues[0]?.message).toBe(message);
    expect(JSON.stringify(error?.issues)).not.toContain('sk-12345');
  });

  test('is said so of a policy too, with the place', () => {
    const policy = { versions: [{ from: '2026-01-01', market: 'NO', sales: { sale: '25' }, grouping: 'day' }] };
    expect(() => definePolicy(policy as never)).toThrow(
      'this value is not known here; it is one of "date", "payout", "entry" (policy.versions.0.grouping)',
    );
  });
});
