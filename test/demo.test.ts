import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fencesOf } from './example-fences.ts';
import { filesUnder } from './repository.ts';
import { runProgram, type ProgramRun } from './run-program.ts';
import { describeWithShared, describeWithTool, repositoryRoot, sharedPath } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'bilag-demo-'));
const written = (ending: string): string[] => filesUnder(join(folder, 'demo-output'), ending);
let demo: ProgramRun;

beforeAll(async () => {
  demo = await runProgram(new URL('../packages/cli/src/main.ts', import.meta.url), ['demo'], { cwd: folder });
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the demo', () => {
  test('ends well and says nothing else than the result', () => {
    expect({ code: demo.code, errors: demo.errors }).toEqual({ code: 0, errors: '' });
  });

  test('prints what the README says, but for what it leaves out', () => {
    const excerpt = fencesOf(join(repositoryRoot, 'README.md')).find(({ language }) => language === 'text')?.code ?? '';
    const pieces = excerpt.split('\n…\n');
    expect(pieces.length).toBeGreaterThan(1);
    for (const piece of pieces) expect(demo.output.replaceAll('\n\n', '\n')).toContain(piece);
  });

  describeWithShared('by the official schema', () => {
    describeWithTool('xmllint')('read by xmllint', () => {
      test('every SAF-T file is valid in its version', () => {
        const files = written('.xml').filter((file) => basename(file).startsWith('SAF-T'));
        expect(files.length).toBeGreaterThanOrEqual(4);
        for (const file of files) {
          const version = /<AuditFileVersion>([^<]+)</.exec(readFileSync(file, 'utf8'))?.[1];
          const schema = sharedPath(`spec/saft-no/Norwegian_SAF-T_Financial_Schema_v_${version}.xsd`);
          expect(() => run('xmllint', '--noout', '--schema', schema, file)).not.toThrow();
        }
      });
    });
  });

  describeWithTool(
    'hledger',
    'ledger',
    'bean-check',
  )('read by the programs of its journals', () => {
    test('hledger accepts every journal, strictly', () => {
      expect(written('.journal').length).toBeGreaterThanOrEqual(5);
      for (const file of written('.journal'))
        expect(() => run('hledger', '-f', file, 'check', '--strict')).not.toThrow();
    });

    test('ledger accepts every journal', () => {
      expect(written('.ledger').length).toBeGreaterThanOrEqual(5);
      for (const file of written('.ledger'))
        expect(() => run('ledger', '-f', file, '--pedantic', 'balance')).not.toThrow();
    });

    test('bean-check accepts every journal', () => {
      expect(written('.beancount').length).toBeGreaterThanOrEqual(5);
      for (const file of written('.beancount')) expect(() => run('bean-check', file)).not.toThrow();
    });
  });
});

function run(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { stdio: 'pipe' });
}
