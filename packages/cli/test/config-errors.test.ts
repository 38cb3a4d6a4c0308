import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { Company } from '@bilag/company';
import { loadConfig } from '../src/config.ts';
import { cafeConfig, clearBenches, createBench, type Bench } from './bench.ts';

afterAll(clearBenches);

const cafe = cafeConfig('https://example.test');

async function companiesIn(bench: Bench): Promise<Company[]> {
  return Array.fromAsync((await loadConfig({ cwd: bench.folder })).companies());
}

describe('a field that nobody knows', () => {
  test.each<[string, object, string, string]>([
    ['of a company', { ...cafe, polciy: {} }, 'there is no field "polciy" here; did you mean "policy"?', 'polciy'],
    [
      'of a source',
      { ...cafe, source: { ...cafe.source, ledgerss: ['1'] } },
      'did you mean "ledgers"?',
      'source.ledgerss',
    ],
    [
      'of a policy',
      { ...cafe, policy: { versions: [{ ...cafe.policy.versions[0], salse: {} }] } },
      'did you mean "sales"?',
      'policy.versions.0.salse',
    ],
    [
      'that is like no other',
      { ...cafe, weather: 1 },
      'there is no field "weather" here; the fields are id, name,',
      'weather',
    ],
  ])('%s is told with the field that was meant, and its line', async (_, company, what, field) => {
    const bench = createBench();
    bench.write('bilag.config.json', company);
    const line =
      JSON.stringify(company, null, 2)
        .split('\n')
        .findIndex((text) => text.includes(`"${field.split('.').at(-1)}"`)) + 1;
    await expect(companiesIn(bench)).rejects.toMatchObject({
      kind: 'config',
      what: expect.stringContaining(what),
      where: `bilag.config.json:${line}, company kafe, ${field}`,
    });
  });

  test('of an adapter is told with the field that was meant', async () => {
    const bench = createBench();
    bench.write('bilag.config.json', {
      ...cafe,
      targets: { journal: { adapter: '@bilag/journal', config: { dialekt: 'hledger' } } },
    });
    const { code, messages } = await bench.run('export', '--target', 'journal', '--period', '2026-07');
    expect(code).toBe(2);
    expect(messages).toContain('did you mean "dialect"?');
    expect(messages).toMatch(/where: bilag\.config\.json:\d+, company kafe, targets\.journal\.config\.dialekt\n/);
  });

  test('in the second of two companies is told with its own line', async () => {
    const bench = createBench();
    bench.write(
      'bilag.config.json',
      `[\n${JSON.stringify(cafe)},\n\n${JSON.stringify({ ...cafe, id: 'second', nam: '' })}\n]`,
    );
    await expect(companiesIn(bench)).rejects.toMatchObject({ where: 'bilag.config.json:4, company second, nam' });
  });
});

describe('a config that is no JSON', () => {
  test.each<[string, string, number]>([
    ['a comma too many', '{\n  "token": "sk-live-1",\n}', 3],
    ['no quotes', '{\n  "token": sk-live-1\n}', 2],
    ['an end that is missing', '{\n  "id": "kafe', 2],
    ['a string of a million letters without its end', `{\n"id": "${'x'.repeat(1_000_000)}`, 2],
  ])('with %s says the line, and nothing of what stands there', async (_, text, line) => {
    const bench = createBench();
    bench.write('bilag.config.json', text);
    const { code, messages } = await bench.run('book');
    expect(code).toBe(2);
    expect(messages).toMatch(/^error: this is not JSON/);
    expect(messages).toContain(`bilag.config.json:${line}:`);
    expect(messages).not.toMatch(/sk-live|xxx|\n {4}at /);
  });
});

test('a config in JavaScript that breaks at a key says so without the key', async () => {
  for (const text of [
    `import 'c3a1f0d2e4b5968778695a4b3c2d1e0f';`,
    `throw new Error('no "c3a1f0d2e4b5968778695a4b3c2d1e0f"');`,
  ]) {
    const bench = createBench();
    bench.write('bilag.config.mjs', text);
    const { code, messages } = await bench.run('book');
    expect(code).toBe(2);
    expect(messages).toContain('the config could not be loaded');
    expect(messages).not.toContain('c3a1f0d2e4b5968778695a4b3c2d1e0f');
  }
});

describe('a config that has no end', () => {
  test('or is longer than any config is refused', async () => {
    const bench = createBench();
    writeFileSync(bench.path('bilag.config.json'), '');
    truncateSync(bench.path('bilag.config.json'), 70_000_000);
    await expect(companiesIn(bench)).rejects.toMatchObject({ kind: 'config', what: 'a config has at most 64 MiB' });
    mkdirSync(bench.path('folder'));
    for (const file of ['/dev/zero', 'folder']) {
      await expect(loadConfig({ cwd: bench.folder, file })).rejects.toMatchObject({ what: 'this is not a file' });
    }
  });

  test('with a million ledgers is refused, and says how many there may be', async () => {
    const bench = createBench();
    const ledgers = Array.from({ length: 1_000_000 }, (_, index) => String(index));
    bench.write('bilag.config.json', { ...cafe, source: { ...cafe.source, ledgers } });
    const { code, messages } = await bench.run('ledgers');
    expect(code).toBe(2);
    expect(messages).toContain('name at most 10,000 ledgers');
    expect(messages.length).toBeLessThan(500);
  });
});

describe('the adapter of a JSON config is a package', () => {
  const code = `globalThis.planted = true; export const planted = {};`;

  test.each([
    `data:text/javascript,${encodeURIComponent(code)}`,
    './planted.mjs',
    '../planted.mjs',
    '/planted.mjs',
    'file:///planted.mjs',
    'https://user:pass@example.test/planted.mjs',
    'node:fs',
    '..',
    '.',
    '',
    '@bilag/../../planted.mjs',
    '@bilag/saf-t/../../../planted.mjs',
    '#planted',
    'C:\\planted.mjs',
    '__proto__',
  ])('and %s is none: nothing is loaded', async (adapter) => {
    const bench = createBench();
    bench.write('planted.mjs', code);
    bench.write('bilag.config.json', {
      ...cafe,
      targets: { planted: { adapter: adapter.replace('/planted', `${bench.folder}/planted`), config: {} } },
    });
    const ran = await bench.run('export', '--target', 'planted', '--period', '2026-07');
    expect(ran.code).toBe(2);
    expect(ran.messages).not.toMatch(/pass@|\n {4}at /);
    expect('planted' in globalThis).toBe(false);
  });
});
