import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { CompanyInput } from '@bilag/cli';
import { cafeConfig, clearBenches, createBench, type Bench } from './bench.ts';

afterAll(clearBenches);

const row = {
  transactionType: 'capture',
  currency: 'NOK',
  ledgerId: '302321',
  ledgerDate: '2026-07-01',
  ledgerAmount: '9',
};

function benchOf(files: readonly [string, ...string[]], changes: Partial<CompanyInput> = {}): Bench {
  const bench = createBench();
  const source = { kind: 'v1-files', files, settlement: 'gross', amounts: 'major-decimals' } as const;
  bench.write('bilag.config.json', cafeConfig('', { source, ...changes }));
  return bench;
}

describe('archived files', () => {
  test.skipIf(process.platform === 'win32')('that never end, or are no files, are refused at once', async () => {
    const bench = benchOf(['/dev/zero', 'folder', 'link']);
    mkdirSync(bench.path('folder'));
    symlinkSync('/dev/zero', bench.path('link'));
    for (const file of ['/dev/zero', 'folder', 'link']) {
      const one = benchOf([file === '/dev/zero' ? file : bench.path(file)]);
      const { code, messages } = await one.run('book');
      expect(code).toBe(2);
      expect(messages).toContain('this is not a file');
      expect(messages).toContain('source.files');
    }
  });

  test('that are longer than a text can be are refused unread', async () => {
    const bench = benchOf(['huge.json']);
    writeFileSync(bench.path('huge.json'), '');
    truncateSync(bench.path('huge.json'), 3_000_000_000);
    const { code, messages } = await bench.run('book');
    expect(code).toBe(2);
    expect(messages).toContain('longer than 256 MiB');
  });

  test.each([
    ['a string of 30 MB that does not end', `[{"orderId":"${'x'.repeat(30_000_000)}`, 'it was cut off'],
    ['lists within lists', '['.repeat(100_000), 'lists and objects within one another'],
    ['a list that is no rows', `[${'0,'.repeat(200_000)}0]`, 'unexpected data'],
    ['another encoding', Buffer.from([0x5b, 0xe6, 0x5d]), 'not UTF-8'],
    ['an amount below the last øre', JSON.stringify([{ ...row, ledgerAmount: '100.00000000000000000001' }]), 'amount'],
  ])('with %s are refused in words', async (_, content, said) => {
    const bench = benchOf(['rows.json']);
    writeFileSync(bench.path('rows.json'), content);
    const { code, messages } = await bench.run('book');
    expect(code).toBe(1);
    expect(messages).toContain(said);
    expect(messages).not.toMatch(/^\s+at /m);
    expect(messages.length).toBeLessThan(2_000);
  });
});

describe('a config', () => {
  test.each<[string, object, string]>([
    [
      'with a million ledgers',
      { kind: 'vipps', keys: 'merchant', credentials: 'env:VIPPS', ledgers: Array.from({ length: 1_000_000 }, String) },
      'at most 10,000 ledgers',
    ],
    [
      'with a ledger spelt with a blank',
      { kind: 'vipps', keys: 'merchant', credentials: 'env:VIPPS', ledgers: ['302321 '] },
      'without blanks',
    ],
    [
      'with a ledger of archived files spelt with a blank',
      { kind: 'v1-files', files: ['a'], settlement: 'net', amounts: 'major-decimals', ledger: ' 302321' },
      'without blanks',
    ],
    [
      'with a million files',
      {
        kind: 'v1-files',
        files: Array.from({ length: 1_000_000 }, String),
        settlement: 'net',
        amounts: 'minor-integers',
      },
      'at most 10,000 files',
    ],
  ])('%s is refused', async (_, source, said) => {
    const bench = createBench();
    bench.write('bilag.config.json', JSON.stringify(cafeConfig('', { source: source as never })));
    const { code, messages } = await bench.run('book');
    expect(code).toBe(2);
    expect(messages).toContain(said);
  });

  test('whose opening has a fraction that no number holds, or that is nested without end, is refused', async () => {
    const text = JSON.stringify(cafeConfig('https://example.test'));
    const opening = '"openings":{"302400":{"funds":100.00000000000000000001}},"versions"';
    const nested = `"versions":${'['.repeat(100_000)}${']'.repeat(100_000)},"versions"`;
    for (const [policy, said] of [
      [opening, 'openings'],
      [nested, 'within one another'],
    ] as const) {
      const bench = createBench();
      bench.write('bilag.config.json', text.replace('"versions"', policy));
      const { code, messages } = await bench.run('book');
      expect(code).toBe(2);
      expect(messages).toContain(said);
      expect(messages).not.toMatch(/^\s+at /m);
    }
  });
});
