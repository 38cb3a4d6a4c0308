import { toTable } from '../src/output/table.ts';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import { amount, BilagError, type ErrorKind, type Finding } from '@bilag/core';
import { exitCodeOf } from '../src/program/exit-code-of.ts';
import { worstOf } from '../src/program/exit-codes.ts';
import { parseOpening } from '../src/init/openings.ts';
import { toErrorJson, toFindingLines, toMessage } from '../src/output/messages.ts';
import { toMoney } from '../src/output/money.ts';
import { createPrinter } from '../src/output/printer.ts';
import { createProgress } from '../src/output/progress.ts';
import { version } from '../src/version.ts';
import { clearBenches, Collector, createBench } from './bench.ts';

afterAll(clearBenches);

describe('exit codes', () => {
  test.each<[ErrorKind, number]>([
    ['config', 2],
    ['unsupported', 2],
    ['not-found', 2],
    ['rejected', 1],
    ['unauthorised', 3],
    ['forbidden', 3],
    ['conflict', 3],
    ['blocked', 3],
    ['unknown-outcome', 3],
    ['busy', 4],
    ['unavailable', 4],
  ])('%s ends with %i', (kind, code) => {
    expect(exitCodeOf(new BilagError(kind, { what: 'a', where: 'b', action: 'c' }))).toBe(code);
  });

  test('a fault in a program needs a person', () => {
    expect(exitCodeOf(new TypeError('x is not a function'))).toBe(3);
  });

  test('of several companies, what a person has to mend comes before what passes by itself', () => {
    expect(worstOf([0, 4, 1, 3])).toBe(3);
    expect(worstOf([0, 4])).toBe(4);
    expect(worstOf([])).toBe(0);
  });

  test.each([
    'init',
    'ledgers',
    'fetch',
    'book',
    'export',
    'check',
    'connect',
    'plan',
    'apply',
    'verify',
    'undo',
    'status',
    'settle',
    'rebuild',
    'night',
    'discover',
    'keys',
    'adapters',
    'simulate',
    'oracle',
    'demo',
  ])('the help of %s tells them, and how to get JSON', async (command) => {
    const { code, out } = await createBench().run(command, '--help');
    expect(code).toBe(0);
    expect(out).toContain('--json');
    expect(out).toMatch(/Exit codes:\n {2}0 {4}done, or nothing to do\n(?: {2}\d+ .*\n)+ {2}130 {2}interrupted\n$/);
  });

  test('the README tells the same codes', () => {
    const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    expect([...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))).toEqual([0, 1, 2, 3, 4, 130]);
  });

  test('the version is the one of the manifest', async () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(version).toBe(manifest.version);
    expect(await createBench().run('--version')).toMatchObject({ code: 0, out: `${version}\n` });
  });
});

describe('what is shown', () => {
  test('columns are as wide as their widest cell, numbers to the right', () => {
    const columns = [{ title: 'Name' }, { title: 'Sum', align: 'right' as const }, { title: 'End' }];
    expect(
      toTable(columns, [
        ['Kafé på hjørnet', '1.00', 'x'],
        ['B', '1 000.00', ''],
      ]),
    ).toBe('Name                  Sum  End\nKafé på hjørnet      1.00  x\nB                1 000.00\n');
  });

  test.each([
    [0, 'NOK', '0.00'],
    [-5, 'NOK', '-0.05'],
    [123_456_789, 'NOK', '1 234 567.89'],
    [-100_000, 'NOK', '-1 000.00'],
    [1_234_567, 'ISK', '1 234 567'],
  ])('%i of %s is %s', (value, currency, text) => {
    expect(toMoney(amount(value), currency)).toBe(text);
  });

  test('an error has three parts; a fault says how to report it, and shows its trace when that is asked for', () => {
    expect(toMessage(new BilagError('config', { what: 'a', where: 'b', action: 'c' }))).toBe(
      'error: a\n  where: b\n  action: c\n',
    );
    const fault = toMessage(new TypeError('broken\nover lines'));
    expect(fault).toMatch(
      /^error: a fault in Bilag or in an adapter: TypeError: broken\n {2}where: .*\n {2}action: report it .*\n$/,
    );
    expect(toMessage(new TypeError('broken'), { BILAG_DEBUG: '1' })).toMatch(/\n {4}at .*parts\.test\.ts/);
    expect(toErrorJson(new TypeError('broken'))).toEqual({ error: { kind: 'fault', what: 'broken' } });
  });

  test('a finding tells what its facts come to, and the first of their orders', () => {
    const finding = {
      code: 'correction',
      severity: 'warning',
      message: 'by hand',
      where: 'there',
      action: 'look',
    } as const;
    const said = (about: object): string => toFindingLines([{ ...finding, ...about }]).split('\n')[0] ?? '';
    expect(said({ amount: -1200, facts: ['a'], references: ['A-1'] })).toBe(
      'warning  correction: by hand (-12.00; A-1)',
    );
    const many = { amount: 123_450, facts: ['a', 'b', 'c', 'd'], references: ['A-1', 'A-2', 'A-3', 'A-4'] };
    expect(said(many)).toBe('warning  correction: by hand (4 entries, 1 234.50; A-1, A-2, A-3 and 1 more)');
    expect(said({ message: 'by hand: -12.00', amount: -1200, facts: ['a'] })).toBe(
      'warning  correction: by hand: -12.00',
    );
  });

  test('the worst finding comes first', () => {
    const finding = (severity: Finding['severity']): Finding => ({
      code: severity,
      severity,
      message: 'm',
      where: 'w',
      action: 'a',
    });
    const shown = toFindingLines([finding('info'), finding('error'), finding('warning')]);
    expect([...shown.matchAll(/^(\w+) /gm)].map(([, severity]) => severity)).toEqual(['error', 'warning', 'info']);
  });

  test('bold on a terminal alone, and not where NO_COLOR is set', async () => {
    const headingOn = async (isTTY: boolean, env = {}): Promise<string> => {
      const stream = Object.assign(new Collector(), { isTTY });
      await createPrinter(stream, env).heading('x', ' y');
      return stream.text;
    };
    expect(await headingOn(true)).toBe('\u001b[1mx\u001b[22m y\n');
    expect(await headingOn(true, { NO_COLOR: '1' })).toBe('x y\n');
    expect(await headingOn(false)).toBe('x y\n');
  });

  test('progress is one line on a terminal, and nothing in a pipe', () => {
    const pipe = new Collector();
    createProgress(pipe).show('working');
    expect(pipe.text).toBe('');
    const terminal = Object.assign(new Collector(), { isTTY: true, columns: 6 });
    const progress = createProgress(terminal);
    progress.show('working');
    progress.clear();
    progress.clear();
    expect(terminal.text).toBe('\r\u001b[2Kworki\r\u001b[2K');
  });

  test('a full pipe is waited for', async () => {
    const slow = new Collector({ highWaterMark: 1 });
    const printer = createPrinter(slow, {});
    for (let line = 0; line < 100; line += 1) await printer.line(String(line));
    expect(slow.writableLength).toBe(0);
    expect(slow.text.split('\n')).toHaveLength(101);
  });
});

describe('openings as an argument', () => {
  test('funds alone, or with fees and payouts in transit', () => {
    expect(parseOpening('302321=12.5')).toEqual({ ledgerId: '302321', funds: 1250, fees: 0, inTransit: 0 });
    expect(parseOpening('302321=0, -1.11, 3')).toEqual({ ledgerId: '302321', funds: 0, fees: -111, inTransit: 300 });
  });

  test.each(['302321', '=1', '302321=', '302321=1,2,3,4', '302321=1.234', '302321=1 000'])('"%s" is none', (text) => {
    expect(() => parseOpening(text)).toThrow('is not an opening');
  });
});

describe('bilag init on a terminal', () => {
  test('asks, proposes, and asks again where an answer does not fit', async () => {
    const bench = createBench();
    const answers = [
      'Kafé AS',
      'abc',
      '987654321',
      '',
      '',
      '',
      '',
      '',
      '',
      '24',
      '25',
      '',
      '2026-07-01',
      '',
      'ledger',
      'Oslo',
      'Hansen',
      '',
      'yes',
      '302400=1,x',
      '302400=1.00',
      '',
    ];
    const stdin = Object.assign(Readable.from(answers.map((answer) => `${answer}\n`)), { isTTY: true });
    const { code, messages } = await bench.runIn({ stdin }, 'init', '--config', 'c.json');
    expect(messages).toContain('write the digits of the organisation number');
    expect(messages).toContain('choose one of: ');
    expect(messages).toContain('Its country (NO, DK, SE, FI) [NO]: ');
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(bench.path('c.json'), 'utf8'))).toMatchObject({
      id: 'kafe',
      policy: {
        versions: [{ sales: { revenue: 'sales', sale: '25' }, payouts: 'direct' }],
        openings: { '302400': { funds: 100 } },
      },
      targets: { 'saf-t': { config: { startsWithoutOpenings: true } }, journal: { config: { dialect: 'ledger' } } },
    });
  });

  test('explains what it asks, takes what people write, goes back, and writes a whole accounting system', async () => {
    const bench = createBench();
    const answers = ['Kafé AS', '987654321', 'Danmark', '<', 'norge', '', 'nok', '', '', '', '25 %', '', '2026-07-01'];
    answers.push('SAF-T,Tripletex', '2100001', 'Oslo', 'Hansen', 'ja', 'nei', '');
    const stdin = Object.assign(Readable.from(answers.map((answer) => `${answer}\n`)), { isTTY: true });
    const { code, messages } = await bench.runIn({ stdin }, 'init', '--config', 'c.json');
    expect(messages).toContain('If it is booked there and here, it is in the books twice');
    expect(messages).toContain(
      '(saf-t, tripletex, fiken, poweroffice, unimicro, eaccounting, business-central, xero, gbat10, journal, csv) [saf-t, journal]: ',
    );
    expect(code).toBe(0);
    const written = readFileSync(bench.path('c.json'), 'utf8');
    expect(JSON.parse(written)).toMatchObject({
      country: 'NO',
      currency: 'NOK',
      policy: { versions: [{ sales: { sale: '25' } }] },
      targets: {
        'saf-t': { config: { vatRegistered: true } },
        tripletex: { adapter: '@bilag/tripletex', config: { host: 'production', companyId: 2_100_001 } },
      },
    });
    expect(written).toContain('TRIPLETEX_CONSUMER_TOKEN');
  });

  test('the end of the answers is an interruption, and nothing is written', async () => {
    const bench = createBench();
    const stdin = Object.assign(Readable.from(['Kafé AS\n']), { isTTY: true });
    const { code } = await bench.runIn({ stdin }, 'init', '--config', 'c.json');
    expect(code).toBe(130);
    expect(() => readFileSync(bench.path('c.json'))).toThrow('ENOENT');
  });
});
