import { fileLaws } from '../src/laws/file/file-laws.ts';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const folder = fileURLToPath(new URL('bindings/', import.meta.url));

/** How each runner is started on a file, and how it shows what came of a law. */
const runners = {
  'node:test': {
    start: (name: string) => ['--conditions=@bilag/source', '--test', '--test-reporter=tap', `${name}-node.ts`],
    kept: /^ +ok \d+ - exact: Every amount/m,
    excused: /^ +ok \d+ - checked: .* # SKIP it declares no check$/m,
    broken: /^ +not ok \d+ - text: Whatever texts/m,
  },
  vitest: {
    start: (name: string) => ['run-vitest.ts', `${name}-vitest.ts`],
    kept: /✓ .*> exact: Every amount/,
    excused: /↓ .*> checked: .* \[it declares no check\]/,
    broken: /× .*> text: Whatever texts/,
  },
} as const;

describe.each(['node:test', 'vitest'] as const)('with %s', (runner) => {
  const { start, kept, excused, broken } = runners[runner];

  test('laws that are kept and excused are shown so, and the run succeeds', async () => {
    const { code, output } = await run(start('sound'));
    expect(output).toMatch(kept);
    expect(output).toMatch(excused);
    expect(output).not.toMatch(broken);
    for (const { id, sentence } of fileLaws) expect(output).toContain(`${id}: ${sentence}`);
    expect(code).toBe(0);
  });

  test('a broken law is shown with what was seen, and the run fails', async () => {
    const { code, output } = await run(start('faulty'));
    expect(output).toMatch(kept);
    expect(output).toMatch(excused);
    expect(output).toMatch(broken);
    expect(output).toContain('the reader finds the files unsound');
    expect(output.match(/\bLawBroken\b/g)?.length).toBeGreaterThan(0);
    expect(code).toBe(1);
  });
});

function run(parameters: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  const { VITEST: _vitest, NODE_OPTIONS: _options, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, parameters, { cwd: folder, env: { ...env, NO_COLOR: '1', TZ: 'UTC' } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
