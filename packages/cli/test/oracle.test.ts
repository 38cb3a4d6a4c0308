import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { describeWithShared, sharedPath } from '../../../test/support.ts';
import { clearBenches, createBench } from './bench.ts';

afterAll(clearBenches);

interface OracleFile {
  cases: {
    id: string;
    config: Record<string, unknown>;
    expected: Record<string, { vouchers: { lines: { account: string; debit?: number; amount?: number }[] }[] } | null>;
  }[];
}

describeWithShared('bilag oracle over the shared cases', () => {
  const cases = sharedPath('oracle/bookkeeping-cases.json');

  test('every case and variant passes, and the last line says so', async () => {
    const { code, out } = await createBench().run('oracle', cases);
    expect(code).toBe(0);
    expect(out).toMatch(/^[1-9]\d* passed, 0 failed\n$/);
  });

  test('as JSON', async () => {
    const { out } = await createBench().run('oracle', cases, '--json');
    expect(JSON.parse(out)).toMatchObject({
      failed: 0,
      results: expect.arrayContaining([expect.objectContaining({ differences: [] })]) as unknown,
    });
  });

  test('a case with a wrong amount is named with what was expected and what came', async () => {
    const bench = createBench();
    const file = JSON.parse(readFileSync(cases, 'utf8')) as OracleFile;
    const [first] = file.cases;
    const text = JSON.stringify(first);
    const [variant = '', expected] =
      Object.entries(first?.expected ?? {}).find(([, value]) => value !== null && value !== undefined) ?? [];
    expect(text).toContain('closingClearing');
    (expected as unknown as { closingClearing: number }).closingClearing += 100;
    bench.write('wrong.json', { ...file, cases: [first] });
    const { code, out } = await bench.run('oracle', 'wrong.json');
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`^${first?.id} ${variant}: .*expected .*actual `, 'm'));
    expect(out).toMatch(/\n\d+ passed, 1 failed\n$/);
  });

  test('a word outside the vocabulary fails its case and is named', async () => {
    const bench = createBench();
    const file = JSON.parse(readFileSync(cases, 'utf8')) as OracleFile;
    const [first] = file.cases;
    if (first !== undefined) first.config['moonPhase'] = 'full';
    bench.write('unknown.json', { ...file, cases: [first] });
    const { code, out } = await bench.run('oracle', 'unknown.json');
    expect(code).toBe(1);
    expect(out).toContain('moonPhase');
    expect(out).toMatch(/\n0 passed, 1 failed\n$/);
  });
});

test('our own cases, for the vocabulary that the shared ones do not show, pass too', async () => {
  const { code, out } = await createBench().run('oracle', fileURLToPath(new URL('oracle-cases.json', import.meta.url)));
  expect(code).toBe(0);
  expect(out).toBe('10 passed, 0 failed\n');
});

describe('bilag oracle with files that are none', () => {
  test.each([
    ['a file that is not there', 'absent.json', undefined, 'the file cannot be read'],
    ['text that is not JSON', 'text.json', 'hello', 'the file is not JSON'],
    [
      'another format',
      'other.json',
      '{"format":"other","cases":[]}',
      'action: give a file in the format vipps-bookkeeping-oracle/1',
    ],
  ])('%s', async (_, name, content, message) => {
    const bench = createBench();
    if (content !== undefined) bench.write(name, content);
    const { code, out, messages } = await bench.run('oracle', name);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(messages).toContain(message);
  });
});
