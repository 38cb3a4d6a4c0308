import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v1Files } from '@bilag/vipps';
import { afterAll, expect, test } from 'vitest';
import { loadCompany } from '../src/config/company.ts';
import { fileStores, openCompany } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'bilag-open-company-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cafe = {
  id: 'cafe',
  name: 'Kafé Eksempel AS',
  organisationNumber: '987654314',
  country: 'NO',
  currency: 'NOK',
  store: 'database',
  source: { kind: 'v1-files', files: ['october.json'], settlement: 'net', amounts: 'major-decimals' },
  policy: { versions: [{ from: '2026-10-01', market: 'NO', sales: { sale: '25' } }] },
};

test('a company that is kept in a database takes the stores that the program gives', async () => {
  const company = await openCompany(cafe, { folder, sources: [v1Files], database: fileStores });
  expect(company.company.stores).toBe(fileStores);
  await company.close();
});

test('without any it is refused', async () => {
  await expect(openCompany(cafe, { folder, sources: [v1Files] })).rejects.toMatchObject({ kind: 'config' });
});

test('the line of a field is looked for only where something is wrong: a list of many companies is read once', async () => {
  const asked: unknown[] = [];
  const lineOf = (path: readonly PropertyKey[]): number => asked.push(path);
  const place = { file: 'bilag.config.json', folder, sources: [v1Files], database: fileStores, lineOf };
  await loadCompany(cafe, place);
  expect(asked).toEqual([]);
  await expect(loadCompany({ ...cafe, source: { kind: 'v2' } }, place)).rejects.toMatchObject({ kind: 'config' });
  expect(asked).toHaveLength(1);
});
