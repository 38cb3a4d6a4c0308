// oxlint-disable vitest/no-standalone-expect -- what testWithShared and testWithTool return is a test
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allowedVersions, maxLengthOf, profileOf, versions } from '../src/profile.ts';
import { sharedPath, testWithShared } from '../../../test/support.ts';

const typeLengths: Readonly<Record<string, number>> = {
  SAFcodeType: 9,
  SAFshorttextType: 18,
  SAFmiddle1textType: 35,
  SAFmiddle2textType: 70,
  SAFlongtextType: 256,
  ISOCountryCode: 2,
  ISOCurrencyCode: 3,
};

/** The fields of a schema's element tree with their parents and longest content. */
function fieldsOf(tree: string): readonly (readonly [string, string, number | undefined])[] {
  const parents: { readonly indent: number; readonly name: string }[] = [];
  return tree.split('\n').flatMap((row) => {
    const match = /^( *)([A-Z]\w+) \[[^\]]*\] ?(.*)$/.exec(row);
    if (match === null) return [];
    const [, blanks = '', name = '', type = ''] = match;
    while ((parents.at(-1)?.indent ?? -1) >= blanks.length) parents.pop();
    const parent = parents.at(-1)?.name ?? '';
    parents.push({ indent: blanks.length, name });
    const known = /SAF\w+textType|SAFcodeType|ISO\w+Code/.exec(type)?.[0];
    if (known === undefined || type.includes('pattern')) return [];
    return [[parent, name, typeLengths[known]] as const];
  });
}

describe.each(versions)('SAF-T %s', (version) => {
  testWithShared('every length is that of the official schema', () => {
    const fields = fieldsOf(readFileSync(sharedPath(`spec/saft-no/tree_${version}_GL.txt`), 'utf8'));
    expect(fields.length).toBeGreaterThan(150);
    const lengths = profileOf(version).lengths;
    const ours = fields.map(([parent, name]) => `${parent}/${name} ${maxLengthOf(lengths, parent, name)}`);
    expect(ours).toEqual(fields.map(([parent, name, length]) => `${parent}/${name} ${length}`));
  });
});

test('versions change with accounting years, not with the date of the export', () => {
  expect(allowedVersions('2024-07-01')).toEqual(['1.20', '1.30']);
  expect(allowedVersions('2025-01-01')).toEqual(['1.30', '1.40']);
  expect(allowedVersions('2026-12-31')).toEqual(['1.30', '1.40']);
  expect(allowedVersions('2027-01-01')).toEqual(['1.40']);
});
