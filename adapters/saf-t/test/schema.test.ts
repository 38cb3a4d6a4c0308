// oxlint-disable vitest/no-standalone-expect -- what testWithShared and testWithTool return is a test
import type { Version } from '../src/profile.ts';
import { describe, expect, test } from 'vitest';
import { account, accounts, book, config, equity, renderAll, richBook, richConfig, smallBook, year } from './books.ts';
import { findingsIn, findingsInSet, schemaErrors, testWithSchemas } from './schemas.ts';

const years: Readonly<Record<Version, number>> = { '1.20': 2024, '1.30': 2025, '1.40': 2027 };

describe.each(Object.entries(years) as [Version, number][])('SAF-T %s, the usual version for %i', (version, number) => {
  const period = year(number);

  testWithSchemas('a small book is valid and clean', async () => {
    const files = await renderAll(smallBook({ period }));
    expect(files[0]?.text).toContain(`<AuditFileVersion>${version}</AuditFileVersion>`);
    expect(schemaErrors(version, files)).toBe('');
    expect(await findingsIn(files[0]!)).toEqual([]);
  });

  testWithSchemas('a book with everything is valid and clean', async () => {
    const files = await renderAll(richBook({ period }), config(richConfig));
    expect(schemaErrors(version, files)).toBe('');
    expect(await findingsIn(files[0]!)).toEqual([]);
  });

  testWithSchemas('a book without vouchers is valid and clean', async () => {
    const files = await renderAll(book([], { period, vatCodes: [], accounts: accounts.slice(0, 3) }));
    expect(files).toHaveLength(1);
    expect(schemaErrors(version, files)).toBe('');
    expect(await findingsIn(files[0]!)).toEqual([]);
  });

  testWithSchemas('each file of a set split by period is valid alone, and the set is clean together', async () => {
    const files = await renderAll(richBook({ period }), config({ ...richConfig, split: 'period' }));
    expect(files.map(({ name }) => name)).toEqual(
      [1, 2, 3, 4, 5].map((index) => `SAF-T Financial_999999999_20261121090000_${index}_5.xml`),
    );
    expect(schemaErrors(version, files)).toBe('');
    expect(await findingsInSet(files)).toEqual([]);
    for (const file of files) {
      expect((await findingsIn(file)).map(({ code, severity }) => `${severity} ${code}`)).toEqual(['info SAFT-SET']);
    }
  });
});

testWithSchemas('a company may begin without openings, and 1.40 may be asked for in 2026', async () => {
  const empty = accounts.map(({ number, name, role }) => account(number, name, role));
  const settings = config({ version: '1.40', startsWithoutOpenings: true, grouping: { accounts: equity } });
  const files = await renderAll(smallBook({ period: year(2026), accounts: empty }), settings);
  expect(schemaErrors('1.40', files)).toBe('');
  expect(await findingsIn(files[0]!)).toEqual([]);
});

test('the totals of a split set are per file and add up to the whole', async () => {
  const [whole] = await renderAll(richBook(), config(richConfig));
  const files = await renderAll(richBook(), config({ ...richConfig, split: 'period' }));
  const debit = (text: string): number => Number(/<TotalDebit>([\d.]+)</.exec(text)?.[1] ?? 0);
  const sum = files.reduce((total, { text }) => total + debit(text), 0);
  expect(sum).toBeCloseTo(debit(whole?.text ?? ''), 2);
  expect(files.filter(({ text }) => text.includes('<MasterFiles>'))).toHaveLength(1);
});
