import { serviceLaws } from '../src/laws/service/service-laws.ts';
import { expect, test } from 'vitest';
import { serviceSaboteurs } from './saboteurs/service/every-saboteur.ts';

test('every law of services has a saboteur that breaks it alone', () => {
  const alone = serviceSaboteurs.filter(({ also }) => also.length === 0).map(({ breaks }) => breaks);
  const ids = serviceLaws.map(({ id }) => id);
  expect(ids.filter((id) => !alone.includes(id))).toEqual([]);
  expect(alone.filter((id) => !ids.includes(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});
