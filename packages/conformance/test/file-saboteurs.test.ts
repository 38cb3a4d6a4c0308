import { fileLaws } from '../src/laws/file/file-laws.ts';
import { describe, expect, test } from 'vitest';
import { fileSaboteurs } from './saboteurs/file/every-saboteur.ts';
import { triedLaws } from './tried-laws.ts';

describe('every mistake is caught by its law, and by no other', () => {
  const named = fileSaboteurs.map((saboteur) => [saboteur.breaks, saboteur.mistake, saboteur] as const);
  test.each(named)('%s: %s', async (_breaks, _mistake, { breaks, also = [], subject }) => {
    const tried = triedLaws(subject, [breaks, ...also]);
    const broken: string[] = [];
    for (const law of tried) {
      const { outcome } = await law.prove();
      if (outcome === 'broken') broken.push(law.id);
    }
    const expected = [breaks, ...also].filter((id) => tried.some((law) => law.id === id));
    expect(broken.sort()).toEqual(expected.sort());
  });
});

test('every law of files has a saboteur that breaks it alone', () => {
  const alone = fileSaboteurs.filter(({ also = [] }) => also.length === 0).map(({ breaks }) => breaks);
  const ids = fileLaws.map(({ id }) => id);
  expect(ids.filter((id) => !alone.includes(id))).toEqual([]);
  expect(alone.filter((id) => !ids.includes(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});
