import { expect, test } from 'vitest';
import { lineInJson } from '../src/config/line-in-json.ts';

test.each<[string, readonly PropertyKey[], number]>([
  ['{\n"a": 1,\n"b": [\n1,\n{"c": ",}"},\n{\n"c": 2}]}', ['b', 1, 'c'], 5],
  ['{\n"a": 1,\n"b": [\n1,\n{"c": ",}"},\n{\n"c": 2}]}', ['b', 2, 'c'], 7],
  ['{\n"a": {"b": "\\""},\n"b": 1}', ['b'], 3],
  ['{\n"a": {\n"x": 1}}', ['a', 'missing'], 2],
  ['[\n[], [\n1]]', [1, 0], 3],
])('%j has %j on line %i', (text, path, line) => {
  expect(lineInJson(text, path)).toBe(line);
});
