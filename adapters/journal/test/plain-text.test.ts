import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toOneLine } from '../src/plain-text.ts';

/** The rule as it reads, without a look ahead. */
function twin(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim();
}

test('a text that looks as if nothing had to be changed comes out as if it had been looked at', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.constantFrom(
      ' ',
      '  ',
      '\t',
      '\n',
      '\u00a0',
      '\u2028',
      '\u200e',
      '\ud800',
      '\udc00',
      '\ufeff',
      '\u0085',
      'æøå',
      '😀',
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const text = pieces.join('');
      expect(toOneLine(text)).toBe(twin(text));
    }),
    { numRuns: 2000 },
  );
});
