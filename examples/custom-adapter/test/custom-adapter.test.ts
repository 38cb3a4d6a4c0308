import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exitCodes } from '@bilag/cli';
import { lawsOf } from '@bilag/conformance';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../../../test/run-program.ts';
import fromTypeScript from '../bilag.config.ts';
import { jsonLines } from '../src/json-lines.ts';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const bilag = new URL('../../../packages/cli/src/main.ts', import.meta.url);

/** The file that `bilag export` writes, by one of the two configs. */
async function exported(config: string): Promise<string> {
  const out = join(mkdtempSync(join(tmpdir(), 'bilag-custom-adapter-')), 'out');
  const args = ['export', '--config', config, '--target', 'json-lines', '--period', '2026-10', '--out', out];
  const { code, errors } = await runProgram(bilag, args, { cwd });
  expect({ code, errors }).toEqual({ code: exitCodes.done, errors: '' });
  const [name = ''] = readdirSync(out);
  expect(name).toBe('987654321-2026-10-01-2026-10-31.jsonl');
  return readFileSync(join(out, name), 'utf8');
}

describe('an adapter of one’s own', () => {
  test('is written to by bilag, as an imported declaration', async () => {
    const [first = '', second = '', ...more] = (await exported('bilag.config.ts')).trimEnd().split('\n');
    expect(JSON.parse(first)).toEqual({
      reference: '302321-20261001',
      date: '2026-10-01',
      currency: 'NOK',
      lines: [
        { account: '1579', amount: '250.00' },
        { account: '3000', amount: '-200.00', vatCode: '3' },
        { account: '2700', amount: '-50.00' },
        { account: '1579', amount: '-5.38' },
        { account: '7770', amount: '5.38' },
      ],
    });
    expect(second).toContain('"reference":"302321-20261031"');
    expect(more).toEqual([]);
  });

  test('and as the name of its package in JSON: the same file', async () => {
    expect(await exported('bilag.config.json')).toBe(await exported('bilag.config.ts'));
    const fromJson: unknown = JSON.parse(readFileSync(join(cwd, 'bilag.config.json'), 'utf8'));
    const target = { adapter: '@bilag/example-custom-adapter', config: { texts: false } };
    expect(fromJson).toEqual({ ...fromTypeScript, targets: { 'json-lines': target } });
  });

  test('keeps every law of the conformance kit, run by node:test', async () => {
    const { code, output } = await runProgram(new URL('laws.ts', import.meta.url), []);
    expect(output).toContain('JSON Lines keeps the laws');
    expect(output).toMatch(/^\S fail 0$/m);
    const { length } = lawsOf({ adapter: jsonLines, module: bilag, config: {}, read: () => [] });
    expect(output).toContain(` tests ${length}\n`);
    expect(code).toBe(0);
  });
});
