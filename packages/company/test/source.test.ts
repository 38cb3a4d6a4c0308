import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  configObject,
  defineSource,
  fileTopic,
  ledgerEntry,
  parseAmount,
  plainDate,
  type LedgerDate,
  type Source,
} from '@bilag/core';
import { v1Files } from '@bilag/vipps';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkCompany, loadConfig, openCompany, type Company, type CompanyInput } from '../src/index.ts';
import { withCompanyDates } from '../src/dates/company-dates.ts';

const folder = mkdtempSync(join(tmpdir(), 'bilag-company-source-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A till that writes the dates it was open into a file, one a line. */
const till: Source<{ readonly currency: string }> = defineSource({
  contract: 1,
  kind: 'source',
  id: 'till',
  title: 'The till at the door',
  config: configObject({ currency: z.string() }),
  profile: { provider: 'The till', series: 'TILL' },
  files: {
    recognises: ({ name }) => (name.endsWith('.till') ? 'dates of a till' : undefined),
    dates: (files, { ledgerId = 'till' }, { currency }) =>
      files.flatMap(({ bytes }) =>
        new TextDecoder()
          .decode(bytes)
          .split('\n')
          .filter((line) => line !== '')
          .map((line): LedgerDate => {
            const accounts = { funds: { closed: true } };
            return { ledgerId, date: plainDate(line), currency, profile: till.profile, accounts, entries: [] };
          }),
      ),
  },
});

/** The same till, whose files are imported: a line is a date and what was sold on it. */
const importedTill: Source = defineSource({
  contract: 1,
  kind: 'source',
  id: 'imported-till',
  title: 'The till at the door',
  config: configObject({}),
  profile: { provider: 'The till', series: 'TILL' },
  imports: {
    kinds: ['dates of a till'],
    recognises: ({ name }) => (name.endsWith('.till') ? 'dates of a till' : undefined),
    async *pagesOf({ read }) {
      const text = Buffer.concat(await Array.fromAsync(read())).toString();
      for (const [index, line] of text.trim().split('\n').entries()) {
        const date = plainDate(line.slice(0, 10));
        const page = { body: Buffer.from(line.slice(11)), where: `line ${index + 1}` };
        yield { ledgerId: 'door', topic: `${fileTopic}till`, date, closed: true, currency: 'NOK', handles: [], page };
      }
    },
    async *dates(pages) {
      for await (const { ledgerId, date, body } of pages) {
        const sold = parseAmount(new TextDecoder().decode(body));
        const nobody = { pspReference: null, reference: null, salesUnit: null, time: null };
        const sale = {
          ledgerId,
          account: 'funds',
          ledgerDate: date,
          time: `${date}T12:00:00Z`,
          type: 'capture',
        } as const;
        const entries = [ledgerEntry({ ...sale, ...nobody, currency: 'NOK', amount: sold })];
        const accounts = { funds: { closed: true } };
        yield { ledgerId, date, currency: 'NOK', profile: importedTill.profile, accounts, entries };
      }
    },
  },
});

function companyWith(source: object): object {
  return {
    id: 'shop',
    name: 'Butikk AS',
    organisationNumber: '987654321',
    country: 'NO',
    currency: 'NOK',
    source,
    policy: { versions: [{ from: '2026-07-01', market: 'NO', sales: { sale: '25' } }] },
  };
}

const check = (source: object, sources: readonly Source[] = [till as Source]): Company =>
  checkCompany(companyWith(source), { file: 'bilag.config.ts', folder, sources });

async function datesOf(company: Company): Promise<string[]> {
  return withCompanyDates(company, new AbortController().signal, async ({ until }) =>
    (await Array.fromAsync(until(plainDate('2026-12-31')))).map(({ ledgerId, date }) => `${ledgerId} ${date}`),
  );
}

describe('a source that nobody here knows by name', () => {
  test('is named by its id where the program gives it, and its files are read', async () => {
    writeFileSync(join(folder, 'july.till'), '2026-07-01\n2026-07-02\n');
    const company = check({ kind: 'till', files: ['july.till'], currency: 'NOK', ledger: 'door' });
    expect(await datesOf(company)).toEqual(['door 2026-07-01', 'door 2026-07-02']);
  });

  test('is given as its declaration too', () => {
    expect(check({ kind: till, files: ['a'], currency: 'NOK' }, []).source.declaration).toBe(till);
  });

  test('may have no API: what is imported of its files is its archive, and there is nothing to fetch', async () => {
    const home = mkdtempSync(join(folder, 'imports-'));
    writeFileSync(join(home, 'july.till'), '2026-07-01 100\n2026-07-02 250\n');
    const given = companyWith({ kind: importedTill }) as CompanyInput;
    const company = await openCompany(given, { folder: home });
    expect(await company.fetch()).toEqual([]);
    const { files } = await company.import({ paths: ['july.till'], cwd: home });
    expect(files).toMatchObject([{ outcome: 'imported', ledgers: ['door'], dates: 2, entries: 2 }]);
    const { ledgers } = await company.book();
    await company.close();
    expect(ledgers).toMatchObject([{ ledgerId: 'door', isProved: true, balances: { funds: { books: 35_000 } } }]);
  });

  test('is loaded from the package that a config names', async () => {
    const home = mkdtempSync(join(folder, 'config-'));
    const rows = { files: ['a.json'], settlement: 'net', amounts: 'major-decimals' };
    const file = join(home, 'bilag.config.json');
    writeFileSync(file, JSON.stringify(companyWith({ kind: '@bilag/vipps#v1-files', ...rows })));
    const packages = { url: import.meta.url, import: async (name: string): Promise<unknown> => import(name) };
    const [company] = await Array.fromAsync((await loadConfig({ cwd: home, packages })).companies());
    expect(company?.source.declaration).toBe(v1Files);
    expect(company?.source.config).toEqual({ settlement: 'net', amounts: 'major-decimals' });
  });
});

describe('what is wrong with a source is told at its field', () => {
  test.each<[string, object, string, string]>([
    ['one that nobody gave', { kind: 'tll' }, 'there is no source "tll"', 'source.kind'],
    [
      'a field spelt wrong',
      { kind: 'till', files: ['a'], curency: 'NOK' },
      'did you mean "currency"?',
      'source.curency',
    ],
    [
      'a common field spelt wrong',
      { kind: 'till', file: ['a'], currency: 'NOK' },
      'did you mean "files"?',
      'source.file',
    ],
    ['no files', { kind: 'till', currency: 'NOK' }, 'this is missing: a list is asked for', 'source.files'],
    [
      'ledgers of an API it has not',
      { kind: 'till', files: ['a'], currency: 'NOK', ledgers: ['1'] },
      'no field "ledgers"',
      'source.ledgers',
    ],
    ['what is no source', { kind: { contract: 1, kind: 'file', id: 'x' } }, 'this is not a source', 'source.kind'],
    ['another contract', { kind: { ...till, contract: 2 } }, 'made for contract 2', 'source.kind'],
    ['neither API nor files', { kind: { ...till, files: undefined } }, 'neither an API nor files', 'source.kind'],
  ])('%s', (_, source, what, where) => {
    expect(() => check(source)).toThrow(
      expect.objectContaining({
        kind: 'config',
        what: expect.stringContaining(what),
        where: expect.stringContaining(where),
      }),
    );
  });

  test('a word that is no package either is told with the sources there are', async () => {
    const home = mkdtempSync(join(folder, 'config-'));
    writeFileSync(join(home, 'bilag.config.json'), JSON.stringify(companyWith({ kind: 'tll' })));
    const { companies } = await loadConfig({ cwd: home, sources: [till as Source] });
    await expect(Array.fromAsync(companies())).rejects.toMatchObject({ kind: 'config', action: /choose till, or/ });
  });
});
