import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runProgram, type ProgramRun } from '../../../test/run-program.ts';
import { describeWithShared, describeWithTool, sharedPath } from '../../../test/support.ts';

const october = fileURLToPath(new URL('../data/october-2026.json', import.meta.url));
const run = (...args: readonly string[]): Promise<ProgramRun> =>
  runProgram(new URL('../src/main.ts', import.meta.url), args);

describe('an archived October becomes a SAF-T file', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'bilag-saf-t-file-')), 'out');

  test('one file, checked, and the books say what Vipps says', async () => {
    const { code, output, errors } = await run(october, folder);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output).toContain('2026-10-31 Vipps owes 43.21, the books say 43.21');
    expect(output).toMatch(/SAF-T Financial_987654321_\d{14}_1_1\.xml: \d+ bytes, nothing to remark/);
    const [xml = ''] = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    // Sales 1584.00 less a refund of 89.00: 1495.00 gross is 1196.00 and 299.00 of VAT. Fees 31.73, payouts 1420.06.
    expect(closingOf(xml, '3000')).toBe('ClosingCreditBalance 1196.00');
    expect(closingOf(xml, '2700')).toBe('ClosingCreditBalance 299.00');
    expect(closingOf(xml, '7770')).toBe('ClosingDebitBalance 31.73');
    expect(closingOf(xml, '1920')).toBe('ClosingDebitBalance 1420.06');
    expect(closingOf(xml, '1579')).toBe('ClosingDebitBalance 43.21');
  });

  describeWithShared('the specification is here', () => {
    describeWithTool('xmllint')('and so is xmllint', () => {
      test('the official schema accepts the file', () => {
        const schema = sharedPath('spec/saft-no/Norwegian_SAF-T_Financial_Schema_v_1.30.xsd');
        const [file = ''] = readdirSync(folder).map((name) => join(folder, name));
        expect(() => execFileSync('xmllint', ['--noout', '--schema', schema, file], { stdio: 'pipe' })).not.toThrow();
      });
    });
  });
});

describe('what cannot be read is refused', () => {
  test.for([
    ['not JSON', '{"items": [', /cut off \(input\.json\)/],
    ['an amount with three decimals', readFileSync(october, 'utf8').replace('244.62', '244.625'), /at most 2 decimals/],
  ] as const)('%s: what, where and what now, and no file', async ([, text, place]) => {
    const folder = mkdtempSync(join(tmpdir(), 'bilag-saf-t-file-'));
    const input = join(folder, 'input.json');
    writeFileSync(input, text);
    const { code, errors } = await run(input, join(folder, 'out'));
    expect(code).toBe(1);
    expect(errors).toMatch(place);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});

function closingOf(xml: string, account: string): string | undefined {
  const block = new RegExp(`<AccountID>${account}</AccountID>[\\s\\S]*?</Account>`).exec(xml)?.[0] ?? '';
  const [, side, value] = /<(Closing\w+)>([^<]+)</.exec(block) ?? [];
  return `${side} ${value}`;
}
