import { toTable } from '../src/output/table.ts';
import { Writable } from 'node:stream';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VippsSimulator } from '@bilag/simulator-vipps';
import { createPrinter } from '../src/output/printer.ts';
import { createProgress } from '../src/output/progress.ts';
import { toFindingLines } from '../src/output/messages.ts';
import {
  cafe,
  cafeConfig,
  clearBenches,
  Collector,
  contentsOf,
  createBench,
  keysOf,
  shop,
  startSimulator,
} from './bench.ts';

/** Sets the title of a terminal, moves its cursor, clears it, turns the order of what is read, and breaks its lines. */
const hostile = '\u001b]0;title\u0007\u009b2J\u0085\u202ekafé\u2066\r\u007f\u061c\u2028\ud800';
const shown = '\\u001b]0;title\\u0007\\u009b2J\\u0085\\u202ekafé\\u2066\\u000d\\u007f\\u061c\\u2028\\ud800';
// oxlint-disable-next-line no-control-regex
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

let simulator: VippsSimulator;

beforeAll(async () => {
  const owner = { name: `Kafé ${hostile.slice(0, -1)}`, organisationNumber: '987654321' };
  simulator = await startSimulator({
    merchants: [{ ...cafe, ledger: { ...cafe.ledger, owner: { ...cafe.ledger.owner, ...owner } } }, shop],
  });
});
afterAll(async () => {
  await simulator.close();
  clearBenches();
});

describe('what is printed never steers the terminal', () => {
  test('whichever way it is printed', async () => {
    const stream = Object.assign(new Collector(), { isTTY: true });
    const printer = createPrinter(stream, { NO_COLOR: '1' });
    await printer.write(`a\t${hostile}\n`);
    await printer.line(`b ${hostile}\nc`);
    await printer.heading(hostile, hostile);
    createProgress(stream).show(hostile);
    expect(stream.text).toBe(`a\t${shown}\nb ${shown}\\nc\n${shown}${shown}\n\r\u001b[2K${shown.slice(0, 79)}`);
  });

  test('and as JSON it is what it was', async () => {
    const stream = new Collector();
    await createPrinter(stream, {}).json({ [hostile]: `a\n${hostile}` });
    expect(stream.text).not.toMatch(steering);
    expect(JSON.parse(stream.text)).toEqual({ [hostile]: `a\n${hostile}` });
  });

  test('columns are as wide as what is shown, and a line feed in a cell breaks no row', () => {
    expect(
      toTable(
        [{ title: 'Name' }, { title: 'Sum', align: 'right' }],
        [
          ['\u001b[2J', '1'],
          ['a\nb', '10'],
        ],
      ),
    ).toBe('Name       Sum\n\\u001b[2J    1\na\\nb        10\n');
  });

  test('a finding cannot forge another', () => {
    const forged = 'm\nerror    sie-wrong: forged';
    const lines = toFindingLines([{ code: 'c', severity: 'info', message: forged, where: 'w', action: 'a' }]);
    expect(lines.split('\n')).toHaveLength(4);
  });

  test('of a ledger, of a checked file and its name, and of the command line', async () => {
    const bench = createBench();
    bench.env = keysOf(simulator);
    bench.write('bilag.config.json', cafeConfig(simulator.url, { name: hostile }));
    const name = `a${hostile.slice(0, 8)}.se`;
    writeFileSync(bench.path(name), `#FLAGGA 0\n#FORMAT PC8\n#KONTO 1\u001b[2J "a"\n#TRANS\u009b\n`);
    const commands = [
      ['ledgers'],
      ['ledgers', '--json'],
      ['fetch', '--to', '2026-07-07'],
      ['book'],
      ['check', name],
      [hostile],
      ['plan', hostile],
      ['book', `--${hostile}`],
    ];
    let all = '';
    for (const argv of commands) {
      const { out, messages } = await bench.run(...argv);
      all += out + messages;
      expect(out + messages).not.toMatch(steering);
    }
    expect(all).toContain('\\u001b]0;title');
  });
});

describe('a key that was written in the place of a name is not repeated', () => {
  const keys = [
    'sk-live-abcdef123',
    'c3a1f0d2e4b5968778695a4b3c2d1e0f',
    '6f1d8a52-1c37-4f0e-9b59-0f7c1f2d3a4b',
    'eyJ0b2tlbklkIjoxMjN9',
    '8Q~abcDEF.ghi_JKL-mno123456pqrSTU',
  ];

  test.each(keys)('%s', async (key) => {
    const bench = createBench();
    bench.write('bilag.config.json', cafeConfig('https://example.test'));
    const commands = [
      ['keys', key],
      ['keys', key.replaceAll(/\W/g, '_')],
      ['plan', key],
      ['export', '--target', key, '--period', '2026-07'],
      ['book', '--company', key],
      ['book', '--from', key],
      ['simulate', key],
      ['check', `${key}.se`],
      ['book', '-c', key],
      ['book', '-c', `https://user:${key}@example.test/bilag.config.json`],
      ['simulate', '--port', key],
      [key],
      ['book', `--${key}`],
      ['check', '--with', key, 'bilag.config.json'],
    ];
    for (const argv of commands) {
      const { code, out, messages } = await bench.run(...argv);
      expect(code).toBe(2);
      expect(out + messages).not.toContain(key);
      expect(out + messages).not.toContain(key.replaceAll(/\W/g, '_'));
    }
  });

  test('but a name that was mistyped is', async () => {
    const bench = createBench();
    bench.write('bilag.config.json', cafeConfig('https://example.test'));
    expect((await bench.run('keys', 'FIKEN')).messages).toContain('FIKEN_');
    expect((await bench.run('export', '--target', 'saft', '--period', '2026-07')).messages).toContain(
      'no target "saft"',
    );
    expect((await bench.run('fech')).messages).toContain("'fech'");
  });
});

describe('trouble with files is told in words', () => {
  test('an export into the archive, which is not to be replaced', async () => {
    const bench = createBench();
    bench.env = keysOf(simulator);
    bench.write('bilag.config.json', cafeConfig(simulator.url));
    expect((await bench.run('fetch', '--to', '2026-07-07')).code).toBe(0);
    symlinkSync(bench.path('archive', 'kafe'), bench.path('link'));
    const before = contentsOf(bench.path('archive'));
    for (const out of ['archive/kafe', 'archive/kafe/pages/new', 'link']) {
      const { code, messages } = await bench.run('export', '--target', 'journal', '--period', '2026-07', '--out', out);
      expect(messages).toContain('files would be written into the archive');
      expect(code).toBe(2);
    }
    expect(contentsOf(bench.path('archive'))).toEqual(before);
  });

  test('a full disk under the output, and a reader that has gone away', async () => {
    const ending = (code: string): Writable =>
      new Writable({
        write: (_chunk, _encoding, done) => done(Object.assign(new Error(`${code}: write`), { code })),
      }).on('error', () => undefined);
    const bench = createBench();
    const full = await bench.runIn({ stdout: ending('ENOSPC') }, 'adapters', '--json');
    expect(full.code).toBe(4);
    expect(full.messages).toMatch(/the disk is full[^]*standard output[^]*only its output is incomplete/);
    expect(await bench.runIn({ stdout: ending('EPIPE') }, 'adapters', '--json')).toMatchObject({
      code: 0,
      messages: '',
    });
  });

  test('keys where a folder cannot be made', async () => {
    const bench = createBench();
    bench.env = { BILAG_PASSPHRASE: 'several words', FIKEN_TOKEN: 'secret-value' };
    bench.write(
      'bilag.config.json',
      cafeConfig('https://example.test', { credentialFile: { path: 'file/credentials.age' } }),
    );
    bench.write('file', '');
    const { code, messages } = await bench.run('keys', 'FIKEN');
    expect(code).toBe(2);
    expect(messages).toMatch(/^error: a .*\n {2}where: .*file.*\n {2}action: .*\n$/);
  });

  test('a folder in the place of a config, of an archive, and of a delivery log', async () => {
    const bench = createBench();
    mkdirSync(bench.path('bilag.config.json'));
    const ran = await bench.run('book');
    expect(ran.code).toBe(2);
    expect(ran.messages).toMatch(/^error: .*\n {2}where: .*bilag\.config\.json\n {2}action: .*\n$/);
    bench.write('other.json', cafeConfig(simulator.url, { archive: 'file' }));
    bench.write('file', '');
    bench.env = keysOf(simulator);
    for (const argv of [
      ['fetch', '-c', 'other.json', '--to', '2026-07-07'],
      ['book', '-c', 'other.json'],
    ]) {
      const { messages } = await bench.run(...argv);
      expect(messages).toMatch(/^error: .*\n {2}where: .*\n {2}action: .*\n$/);
      expect(messages).not.toMatch(/fault|\n {4}at /);
    }
  });
});
