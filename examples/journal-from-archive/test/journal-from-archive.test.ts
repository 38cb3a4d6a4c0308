import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { runProgram, type ProgramRun } from '../../../test/run-program.ts';
import { describeWithTool } from '../../../test/support.ts';

const folder = mkdtempSync(join(tmpdir(), 'bilag-journal-from-archive-'));
const run = (): Promise<ProgramRun> => runProgram(new URL('../src/main.ts', import.meta.url), [folder]);
const journals = (name: 'first' | 'second'): string[] =>
  readdirSync(join(folder, name)).map((file) => join(folder, name, file));

describe('the documented day becomes a journal, from the archive alone', () => {
  let first: ProgramRun;
  beforeAll(async () => {
    first = await run();
  });

  test('booked twice, it is the same byte for byte', () => {
    expect(first).toMatchObject({ code: 0, errors: '' });
    expect(first.output).toContain('ledger 12345, 2022-10-01, funds: stored');
    expect(first.output).toContain('second/ is the same, byte for byte');
    const [one = [], two = []] = (['first', 'second'] as const).map((name) =>
      journals(name).map((file) => readFileSync(file, 'utf8')),
    );
    expect(one).toHaveLength(1);
    expect(two).toEqual(one);
  });

  describeWithTool('hledger')('read by hledger', () => {
    test('it adds up to what the day came to', () => {
      const args = [
        '-f',
        journals('first')[0] ?? '',
        'balance',
        '--flat',
        '--no-total',
        '--format',
        '%(account)|%(total)',
      ];
      const balances = execFileSync('hledger', args, { encoding: 'utf8' }).trim().split('\n');
      // 400.00 sold, 100.00 refunded, 12.00 in fees, 288.00 paid out: clearing and fees payable are back at zero.
      expect(balances.map((line) => line.replace(/^(\w+:\d+)[^|]*/, '$1'))).toEqual([
        'Assets:1920|288.00 NOK',
        'Expenses:7770|12.00 NOK',
        'Income:3000|-240.00 NOK',
        'Liabilities:2700|-60.00 NOK',
      ]);
    });
  });

  test('fetched again, the closed day is unchanged, and so is the journal', async () => {
    const before = journals('first').map((file) => readFileSync(file, 'utf8'));
    const again = await run();
    expect(again).toMatchObject({ code: 0, errors: '' });
    expect(again.output).toContain('ledger 12345, 2022-10-01, funds: unchanged');
    expect(journals('first').map((file) => readFileSync(file, 'utf8'))).toEqual(before);
  });
});
