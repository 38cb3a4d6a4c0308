import { parseJson, parseJsonBytes } from '@bilag/http';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const where = 'the page';

describe('JSON', () => {
  test.each([
    ['[1,]', 'line 1, column 4'],
    ['{"a":1,}', 'line 1, column 8'],
    ['{"a":\ntru }', 'line 2, column 1'],
    ['<html>', 'line 1, column 1'],
    ['{"a" 1}', 'line 1, column 6'],
    ['[1 2]', 'line 1, column 4'],
    ['{"a":1}x', 'line 1, column 8'],
    ['{"a":01}', 'line 1, column 6'],
    ['{"a":"\n"}', 'line 1, column 6'],
    ['[}', 'line 1, column 2'],
    ['{,}', 'line 1, column 2'],
    ['[:1]', 'line 1, column 2'],
    ['{"a":1]', 'line 1, column 7'],
    ['{1:2}', 'line 1, column 2'],
    ['{"items":[{"a":7.', 'its end, after 17 characters'],
    ['{"items":[{"a"', 'its end, after 14 characters'],
    ['{"items":[{"a', 'its end, after 13 characters'],
    ['[fal', 'its end, after 4 characters'],
    ['', 'its end, after 0 characters'],
  ])('%j is broken at %s', (text, place) => {
    expect(() => parseJson(text, { where })).toThrow(`malformed JSON at ${place}`);
  });

  test('an HTML page is recognised', () => {
    expect(() => parseJson('<!doctype html>', { where })).toThrow('an HTML page');
  });

  test('numbers as text keep every digit as it was written', () => {
    const text = '{"a":[7.89,9,0.00,-6,1e2,12345678901234567890.10],"b":"7","c":null,"d":true}';
    expect(parseJson(text, { where, numbers: 'text' })).toEqual({
      a: ['7.89', '9', '0.00', '-6', '1e2', '12345678901234567890.10'],
      b: '7',
      c: null,
      d: true,
    });
  });

  test('numbers as text are what a reviver is told of them, whatever stands around them', () => {
    const told = (_: string, value: unknown, context?: { readonly source?: string }): unknown =>
      typeof value === 'number' ? context?.source : value;
    const text = fc.oneof(
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify(value, null, 1)),
    );
    fc.assert(
      fc.property(text, (json) => {
        expect(parseJson(json, { where, numbers: 'text' })).toEqual(JSON.parse(json, told));
      }),
    );
    for (const wrong of ['{1:2}', '{"a":{12 :3}}', '[01]', '[1.]', '[-]', '[1e]', '[--1]', '[1"2"]', '["a"1]', '1 2']) {
      expect(() => parseJson(wrong, { where, numbers: 'text' })).toThrow('malformed JSON');
    }
  });

  test.each<[string, unknown]>([
    ['100.00000000000000000001', '100.00000000000000000001'],
    ['9007199254740993', '9007199254740993'],
    ['-1e400', '-1e400'],
    ['0.1e-400', '0.1e-400'],
    ['100.000000000000000000000', 100],
    ['7.89', 7.89],
    ['1.50e+1', 15],
    ['-0.0', -0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('%s is a number where a number holds all of it, and its own text where not', (source, value) => {
    expect(parseJson(source, { where })).toBe(value);
    expect(parseJson(`{"a": [${source}]}`, { where })).toEqual({ a: [value] });
  });

  test('of whole numbers alone, each that is safe is as it was written; where none may be lost, all is as ever', () => {
    const digits = fc.stringMatching(/^(?:0|[1-9]\d{0,20})$/);
    const number = fc
      .tuple(
        fc.boolean(),
        digits,
        fc.option(fc.stringMatching(/^\d{1,22}$/)),
        fc.option(fc.stringMatching(/^[eE][+-]?\d{1,3}$/)),
      )
      .map(([isNegative, whole, fraction, exponent]) => {
        return `${isNegative ? '-' : ''}${whole}${fraction === null ? '' : `.${fraction}`}${exponent ?? ''}`;
      });
    const texts = ['12:00:00.824993Z', 'bord 3, 2.5 dl', 'ordre-1', '5e-3', '\\":1.5', 'a\\\\', ''];
    const blank = fc.constantFrom('', ' ', '\n\t');
    const member = fc
      .tuple(
        fc.constantFrom('a', 'amount', 'e-', '1.5'),
        blank,
        fc.oneof(number, fc.constantFrom(...texts.map((text) => `"${text}"`))),
        blank,
      )
      .map(([name, before, value, after]) => `{"${name}"${before}:${before}${value}${after}}`);
    const list = fc
      .tuple(fc.array(fc.oneof(member, number), { minLength: 1, maxLength: 5 }), blank)
      .map(([items, between]) => `[${items.join(`,${between}`)}]`);
    fc.assert(
      fc.property(list, (text) => {
        const exact = parseJson(text, { where }) as unknown[];
        const whole = parseJson(text, { where, numbers: 'whole' }) as unknown[];
        for (const [index, value] of whole.entries()) {
          const [one, other] = [value, exact[index]].map((each) =>
            typeof each === 'object' && each !== null ? Object.values(each)[0] : each,
          );
          // What may have lost digits is no whole number to anybody.
          const isLost = typeof one === 'number' && !Number.isSafeInteger(one) && typeof other === 'string';
          expect(isLost || Object.is(one, other), `${text}: ${one} for ${other}`).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('of whole numbers alone, lists within lists end nothing, also where they do not end', () => {
    const depth = 1_000_000;
    const text = `[${'['.repeat(depth)}${']'.repeat(depth)}, 1]`;
    expect((parseJson(text, { where, numbers: 'whole' }) as unknown[])[1]).toBe(1);
    expect(() => parseJson('['.repeat(depth), { where, numbers: 'whole' })).toThrow('malformed JSON at its end');
    expect(() => parseJson(`[1.5,${'['.repeat(depth)}`, { where, numbers: 'whole' })).toThrow('more than 100 lists');
  });

  test.each([
    [
      'a string of 30 MB that does not end',
      `{"items": ["${'x'.repeat(30_000_000)}`,
      'its end, after 30000012 characters',
    ],
    ['one that ends wrongly', `["${'x'.repeat(30_000_000)}\u0001"]`, 'line 1, column 2'],
    ['a number of 30 MB', `[${'1'.repeat(30_000_000)}x`, 'line 1, column 2'],
    ['a million lines', '\n'.repeat(1_000_000), 'its end, after 1000000 characters'],
    ['a million items and no end', `[${'0,'.repeat(1_000_000)}`, 'its end, after 2000001 characters'],
  ])('%s is told by its place', (_, text, place) => {
    expect(() => parseJson(text, { where })).toThrow(`malformed JSON at ${place}`);
    expect(() => parseJson(text, { where, numbers: 'text' })).toThrow(`malformed JSON at ${place}`);
  });

  test.each(['number', 'text'] as const)('lists within lists are bounded, with numbers as %s', (numbers) => {
    const nested = (depth: number): string => '[{"a":'.repeat(depth / 2) + '"[["' + '}]'.repeat(depth / 2);
    expect(parseJson(nested(100), { where, numbers })).toBeInstanceOf(Array);
    for (const text of [nested(102), '['.repeat(1_000_000)])
      expect(() => parseJson(text, { where, numbers })).toThrow('more than 100 lists and objects within one another');
  });

  test('bytes that are not UTF-8 are refused, a byte order mark is not', () => {
    expect(() => parseJsonBytes(new Uint8Array([0x22, 0xe6, 0x22]), { where })).toThrow('not UTF-8');
    expect(parseJsonBytes(new Uint8Array([0xef, 0xbb, 0xbf, 0x31]), { where })).toBe(1);
  });

  test('a text that is cut or has a character changed anywhere is read alike or refused with a place', () => {
    const whole = '{"items": [{"amount": -7.89, "name": "a\\u00e6\\n", "open": false}, {}, [], null], "cursor": ""}\n';
    const broken = [...whole].flatMap((_, index) => [
      whole.slice(0, index),
      ...[',', '}', ']', '"', '0', ':', 'x', ''].map((other) => whole.slice(0, index) + other + whole.slice(index + 1)),
    ]);
    const refused = broken.filter((text) => !isJson(text));
    expect(refused.length).toBeGreaterThan(400);
    for (const text of refused) {
      expect(() => parseJson(text, { where })).toThrow(/malformed JSON at (line \d+, column \d+|its end)/);
    }
    for (const text of broken.filter(isJson)) expect(parseJson(text, { where })).toEqual(JSON.parse(text));
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
