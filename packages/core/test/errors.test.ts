import { describe, expect, test } from 'vitest';
import { BilagError, isBilagError } from '../src/index.ts';

describe('an error of ours is known', () => {
  const parts = { what: 'what', where: 'where', action: 'now' };

  test('by what it carries, also when another copy of the package made it', () => {
    expect(isBilagError(new BilagError('busy', parts))).toBe(true);
    const copy = Object.assign(new Error('copy'), { name: 'BilagError', kind: 'busy', ...parts });
    expect(isBilagError(copy)).toBe(true);
  });

  test('from errors that only look like it', () => {
    expect(isBilagError(new Error('any'))).toBe(false);
    expect(isBilagError(Object.assign(new Error('any'), { kind: 'busy', action: 'now' }))).toBe(false);
    expect(isBilagError(Object.assign(new Error('any'), { name: 'BilagError', kind: 'busy' }))).toBe(false);
    expect(isBilagError(Object.assign(new Error('any'), { name: 'BilagError', action: 'now' }))).toBe(false);
    expect(isBilagError({ name: 'BilagError', kind: 'busy', action: 'now' })).toBe(false);
    expect(isBilagError(undefined)).toBe(false);
  });
});
