import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineConfig } from '@bilag/cli';
import { credentialsFor, loadTarget, type Company } from '@bilag/company';
import { loadConfig } from '../src/config.ts';
import type { VippsSimulator } from '@bilag/simulator-vipps';
import {
  bilag,
  cafeConfig,
  clearBenches,
  contentsOf,
  createBench,
  keysOf,
  startSimulator,
  type Bench,
} from './bench.ts';

let simulator: VippsSimulator;

beforeAll(async () => void (simulator = await startSimulator()));
afterAll(async () => {
  await simulator.close();
  clearBenches();
});

async function companiesIn(bench: Bench, file?: string): Promise<Company[]> {
  return Array.fromAsync((await loadConfig({ cwd: bench.folder, file })).companies());
}

describe('a config', () => {
  test('in JSON may have comments, and is completed', async () => {
    const bench = createBench();
    bench.write('bilag.config.json', { '//': 'mine', '// id': 'short', ...cafeConfig('https://example.test') });
    const [company] = await companiesIn(bench);
    expect(company).toMatchObject({
      id: 'kafe',
      organisationNumber: '987654321',
      archive: bench.path('archive', 'kafe'),
      fiscalYearStartMonth: 1,
      policy: { versions: [{ accounts: { clearing: '1579' } }] },
    });
  });

  test('is one company, a list, or a stream of thousands that is checked as it is read', async () => {
    const bench = createBench();
    const text = JSON.stringify(cafeConfig('https://example.test'));
    bench.write('one.mjs', `export default ${text};`);
    bench.write('list.mjs', `export default [${text}, { ...${text}, id: 'second' }];`);
    bench.write(
      'stream.mjs',
      `export default async function* () { for (let n = 1; n <= 3000; n += 1) yield { ...${text}, id: n === 3000 ? 'not valid!' : 'c' + n }; }`,
    );
    expect((await companiesIn(bench, 'one.mjs')).map(({ id }) => id)).toEqual(['kafe']);
    expect((await companiesIn(bench, 'list.mjs')).map(({ id }) => id)).toEqual(['kafe', 'second']);
    const seen: string[] = [];
    await expect(async () => {
      for await (const { id } of (await loadConfig({ cwd: bench.folder, file: 'stream.mjs' })).companies())
        seen.push(id);
    }).rejects.toThrow('use at most 40 letters, digits, hyphens and points');
    expect(seen).toHaveLength(2999);
  });

  test('cannot have two companies of one id', async () => {
    const bench = createBench();
    const company = cafeConfig('https://example.test');
    bench.write('bilag.config.json', [company, { ...company, id: 'KAFE' }]);
    await expect(companiesIn(bench)).rejects.toThrow('two companies have the id "KAFE"');
  });

  test('that exports nothing is none', async () => {
    const bench = createBench();
    bench.write('bilag.config.mjs', 'export const config = 1;');
    await expect(companiesIn(bench)).rejects.toThrow('this is not a config');
  });

  test('that cannot be loaded says why', async () => {
    const bench = createBench();
    bench.write('bilag.config.mjs', "import 'a-package-that-nobody-has';");
    await expect(companiesIn(bench)).rejects.toThrow('a-package-that-nobody-has');
  });
});

describe('the adapter of a target', () => {
  const good = {
    contract: 1,
    kind: 'file',
    id: 'good',
    title: 'Good',
    vat: 'gross',
    config: { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } },
    render: async function* () {},
  };

  test.each<[string, object, string]>([
    ['of another contract', { contract: 2 }, 'is made for contract 2, and this is 1'],
    ['of another kind', { kind: 'pigeon' }, 'is of the kind "pigeon", and there are file and service'],
    ['of a service that cannot connect', { kind: 'service' }, 'cannot connect'],
    [
      'of a service without a shape',
      { kind: 'service', connect: () => ({}) },
      'does not say what its target takes in a voucher',
    ],
    [
      'of a service without limits',
      { kind: 'service', connect: () => ({}), shape: { documents: ['journal'], maxLines: 100 } },
      'does not say how many requests its target takes',
    ],
    [
      'of a service that says nothing of duplicates',
      {
        kind: 'service',
        connect: () => ({}),
        shape: { documents: ['journal'], maxLines: 100 },
        limits: { concurrency: 1, perSecond: 4 },
      },
      'does not say what its target does against duplicates',
    ],
    [
      'of a service that keeps no VAT codes and computes VAT by them',
      {
        kind: 'service',
        connect: () => ({}),
        shape: { documents: ['journal'], maxLines: 100 },
        limits: { concurrency: 1, perSecond: 4 },
        dedupe: { by: 'none' },
        vat: 'gross',
        vatCodes: 'not-kept',
      },
      'keeps no VAT codes, and leaves the VAT to it',
    ],
    ['that cannot render', { render: undefined }, 'cannot render'],
    ['without a schema', { config: {} }, 'has no schema for its config'],
    ['that does not say how it takes VAT', { vat: 'maybe' }, 'does not say how it takes VAT'],
    [
      'with an asynchronous schema',
      { config: { '~standard': { validate: async () => ({ value: 1 }) } } },
      'is asynchronous',
    ],
    [
      'whose schema refuses',
      {
        config: {
          '~standard': { validate: () => ({ issues: [{ message: 'no colour', path: ['colour', { key: 'hue' }] }] }) },
        },
      },
      ', company kafe, targets.x.config.colour.hue)',
    ],
  ])('%s is refused', async (_, change, message) => {
    const bench = createBench();
    bench.write('bilag.config.json', cafeConfig('https://example.test'));
    const [company] = await companiesIn(bench);
    const adapter = { ...good, ...change } as never;
    const changed = { ...(company as Company), targets: { x: { adapter, config: {} } } };
    await expect(loadTarget(changed, 'x')).rejects.toThrow(message);
  });
});

describe('configs and adapters as their users have them, in a process of their own', () => {
  const week = ['--from', '2026-07-01', '--until', '2026-07-07'];

  /** A package as it comes from a registry: JavaScript, ES modules alone. */
  function install(bench: Bench, name: string, code: string, manifest: object = {}): void {
    mkdirSync(bench.path('node_modules', name), { recursive: true });
    bench.write(`node_modules/${name}/package.json`, {
      name,
      type: 'module',
      exports: { '.': { import: './index.js' } },
      ...manifest,
    });
    bench.write(`node_modules/${name}/index.js`, code);
  }

  const totals = (id: string): string => `
    const schema = { '~standard': { version: 1, vendor: 'test', validate: (value) =>
      typeof value?.title === 'string' ? { value } : { issues: [{ message: 'a title is missing', path: ['title'] }] } } };
    export const ${id} = {
      contract: 1, kind: 'file', id: '${id}', title: 'Totals', config: schema, vat: 'gross',
      async *render(book, config) {
        yield { name: '${id}.txt', mediaType: 'text/plain', content: (async function* () {
          yield config.title + '\\n';
          for await (const voucher of book.vouchers()) yield voucher.key + '\\n';
        })() };
      },
    };`;

  async function fetched(config: object | string, name: string): Promise<Bench> {
    const bench = createBench();
    bench.env = keysOf(simulator);
    bench.write(name, config);
    const { code, messages } = await bilag(['fetch', '--to', '2026-07-07'], { cwd: bench.folder, env: bench.env });
    expect({ code, messages }).toEqual({ code: 0, messages: '' });
    return bench;
  }

  test("anybody's adapter is named by its package in JSON, beside ours", async () => {
    const config = cafeConfig(simulator.url, {
      targets: {
        totals: { adapter: 'their-totals', config: { title: 'Uke 27' } },
        wrong: { adapter: 'their-totals', config: {} },
        several: { adapter: 'their-several', config: { title: 'x' } },
        chosen: { adapter: 'their-several#second', config: { title: 'x' } },
        journal: { adapter: '@bilag/journal', config: { dialect: 'ledger' } },
      },
    });
    const bench = await fetched(config, 'bilag.config.json');
    install(bench, 'their-totals', totals('totals'));
    install(bench, 'their-several', totals('first') + totals('second').replaceAll('schema', 'schema2'));
    const run = async (target: string): ReturnType<typeof bilag> =>
      bilag(['export', '--target', target, ...week], { cwd: bench.folder });

    expect(await run('totals')).toMatchObject({
      code: 0,
      out: expect.stringContaining('not checked: this adapter has no checker') as string,
    });
    const { 'totals.txt': written = '' } = contentsOf(bench.path('output', 'kafe', 'totals'));
    expect(Buffer.from(written, 'base64').toString()).toMatch(/^Uke 27\n302400-20260701\n/);
    expect(await run('journal')).toMatchObject({ code: 0 });
    expect(await run('chosen')).toMatchObject({ code: 0 });
    expect(await run('several')).toMatchObject({
      code: 2,
      messages: expect.stringContaining('say which: their-several#first, their-several#second') as string,
    });
    expect(await run('wrong')).toMatchObject({
      code: 2,
      messages: expect.stringContaining('a title is missing') as string,
    });
    bench.write('bilag.config.json', {
      ...config,
      targets: { totals: config.targets?.['totals'], wrong: config.targets?.['wrong'] },
    });
    const { out } = await bilag(['adapters'], { cwd: bench.folder });
    expect(out).toMatch(/^totals +file +gross +no +their-totals +totals, wrong +Totals$/m);
  }, 60_000);

  test('a TypeScript config imports its adapters, and needs nothing installed beside it', async () => {
    const company = JSON.stringify({ ...cafeConfig(simulator.url), targets: undefined });
    const text = `
      import { defineConfig, type CompanyInput } from '@bilag/cli';
      import { journal } from '@bilag/journal';
      const dialect: string = 'beancount';
      const company: CompanyInput = { ...${company}, targets: { journal: { adapter: journal, config: { dialect } } } } as CompanyInput;
      export default defineConfig(async function* () { yield company; });`;
    const bench = await fetched(text, 'bilag.config.ts');
    expect(await bilag(['export', '--target', 'journal', ...week], { cwd: bench.folder })).toMatchObject({
      code: 0,
      messages: '',
    });
    expect(Object.keys(contentsOf(bench.path('output', 'kafe', 'journal')))).toEqual([
      '987654321-NOK-2026-07-01-2026-07-07.beancount',
    ]);
  }, 60_000);

  test('what bilag init writes is a config', async () => {
    const bench = createBench();
    bench.env = keysOf(simulator);
    const flags = [
      '--name',
      'O\'Hara "Kafé" AS',
      '--organisation-number',
      '987654321',
      '--sale',
      '25',
      '--cut-over',
      '2026-07-01',
      '--city',
      'Oslo',
      '--contact',
      'Hansen',
      '--new-company',
      'yes',
    ];
    expect(await bilag(['init', ...flags], { cwd: bench.folder })).toMatchObject({ code: 0, messages: '' });
    expect(await bilag(['adapters', '--json'], { cwd: bench.folder })).toMatchObject({ code: 0, messages: '' });
    const { messages, code } = await bilag(['book'], { cwd: bench.folder });
    expect({ code, messages }).toEqual({ code: 2, messages: expect.stringContaining('company o-hara-kafe') as string });
  }, 60_000);
});

describe('the small print', () => {
  test('a config gives itself back', () => {
    const company = cafeConfig('https://example.test');
    expect(defineConfig(company)).toBe(company);
  });

  test('the environment is asked at the time of need', async () => {
    const env: Record<string, string> = {};
    const store = credentialsFor({ credentialFile: { path: 'none.age', opensWith: 'NONE' } }, env);
    env['VIPPS_CLIENT_ID'] = 'late';
    expect(await store.get('env:VIPPS')).toEqual({ clientId: 'late' });
  });
});
