import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import {
  amount,
  BilagError,
  defineAdapter,
  type ErrorKind,
  type FileAdapter,
  type Finding,
  type OutputFile,
} from '@bilag/core';
import { parsePeriod, toTable } from '@bilag/cli';
import { checkedWhileWritten } from '../src/books/checked-content.ts';
import { dateIn, lastEndedDate } from '../src/books/period.ts';
import { exitCodeOf, worstOf } from '../src/exit-codes.ts';
import { parseOpening } from '../src/init/openings.ts';
import { toErrorJson, toFindingLines, toMessage } from '../src/output/messages.ts';
import { toMoney } from '../src/output/money.ts';
import { createPrinter } from '../src/output/printer.ts';
import { createProgress } from '../src/output/progress.ts';
import { version } from '../src/version.ts';
import { clearBenches, Collector, createBench } from './bench.ts';

afterAll(clearBenches);

describe('periods', () => {
  test.each([
    ['2026', 1, '2026-01-01', '2026-12-31'],
    ['2026', 7, '2025-07-01', '2026-06-30'],
    ['2026-Q1', 1, '2026-01-01', '2026-03-31'],
    ['2026-q4', 1, '2026-10-01', '2026-12-31'],
    ['2028-02', 1, '2028-02-01', '2028-02-29'],
    ['2026-07-31', 1, '2026-07-31', '2026-07-31'],
  ])('%s with a year that starts in month %i', (text, month, from, to) => {
    expect(parsePeriod(text, month)).toEqual({ from, to });
  });

  test.each(['2026-13', '2026-Q0', '26', '2026-7', '2026-02-30', ''])('"%s" is none', (text) => {
    expect(() => parsePeriod(text)).toThrow('is not a period');
  });

  test('a date is the one at the merchant, not the one in Greenwich', () => {
    const night = new Date('2026-06-30T22:30:00Z');
    expect(dateIn('NO', night)).toBe('2026-07-01');
    expect(dateIn('FI', new Date('2026-06-30T21:30:00Z'))).toBe('2026-07-01');
    expect(dateIn('DK', new Date('2026-06-30T21:30:00Z'))).toBe('2026-06-30');
  });

  test('a ledger date has surely ended only some hours after midnight', () => {
    expect(lastEndedDate('NO', new Date('2026-07-02T03:30:00Z'))).toBe('2026-06-30');
    expect(lastEndedDate('NO', new Date('2026-07-02T04:30:00Z'))).toBe('2026-07-01');
  });
});

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
    expect(exitCodeOf(new BilagError(kind, { what: 'a', where: 'b', now: 'c' }))).toBe(code);
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
    expect(toMessage(new BilagError('config', { what: 'a', where: 'b', now: 'c' }))).toBe(
      'error: a\n  where: b\n  now:   c\n',
    );
    const fault = toMessage(new TypeError('broken\nover lines'));
    expect(fault).toMatch(
      /^error: a fault in Bilag or in an adapter: TypeError: broken\n {2}where: .*\n {2}now: {3}report it .*\n$/,
    );
    expect(toMessage(new TypeError('broken'), { BILAG_DEBUG: '1' })).toMatch(/\n {4}at .*parts\.test\.ts/);
    expect(toErrorJson(new TypeError('broken'))).toEqual({ error: { kind: 'fault', what: 'broken' } });
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

const remark: Finding = { code: 'c', severity: 'warning', message: 'm', where: 'w', action: 'a' };

function* breaking(): Generator<Finding> {
  yield remark;
  throw new Error('the checker broke');
}

describe('a file that is checked while it is written', () => {
  const adapter = (check: (bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) => AsyncIterable<Finding>) =>
    defineAdapter({
      contract: 1,
      kind: 'file',
      id: 'any',
      title: 'Any',
      vat: 'gross',
      config: { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } },
      async *render() {},
      check: ({ content }) => check(content),
    });

  async function written(
    pieces: readonly (string | Uint8Array)[],
    check: Parameters<typeof adapter>[0],
  ): Promise<{ bytes: Buffer; findings: readonly Finding[] }> {
    const files = Readable.from([{ name: 'a', mediaType: 'b', content: pieces }]) as AsyncIterable<OutputFile>;
    let findings: readonly Finding[] = [];
    const blocks: Uint8Array[] = [];
    for await (const file of checkedWhileWritten(files, adapter(check), (found) => (findings = found))) {
      for await (const block of file.content) blocks.push(typeof block === 'string' ? Buffer.from(block) : block);
    }
    return { bytes: Buffer.concat(blocks), findings };
  }

  test('the checker sees the very bytes, also where a character is cut in two', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.array(fc.nat(40), { maxLength: 5 }),
        async (text, cuts) => {
          const ends = [...cuts, text.length].toSorted((a, b) => a - b);
          const pieces = ends.map((end, index) => text.slice(index === 0 ? 0 : ends[index - 1], end));
          let seen = '';
          const { bytes, findings } = await written(pieces, async function* (content) {
            seen = Buffer.concat(await Array.fromAsync(content)).toString();
            yield remark;
          });
          expect(findings).toEqual([remark]);
          expect(bytes.toString()).toBe(Buffer.from(text).toString());
          expect(seen).toBe(bytes.toString());
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a checker that has seen enough does not hold the writer up', async () => {
    const { bytes, findings } = await written(['one', 'two', 'three'], async function* () {
      yield remark;
    });
    expect(bytes.toString()).toBe('onetwothree');
    expect(findings).toEqual([remark]);
  });

  test('a checker that breaks breaks the export', async () => {
    const broken = written(['one', 'two'], () => Readable.from(breaking()) as AsyncIterable<Finding>);
    await expect(broken).rejects.toThrow('the checker broke');
  });
});

describe('the files of a set are checked together while they are written', () => {
  async function writtenSet(
    checkSet: NonNullable<FileAdapter['checkSet']>,
  ): Promise<{ text: string; findings: readonly Finding[] }> {
    const set = ['a', 'b', 'c'].map((name) => ({ name, mediaType: 'text/plain', content: [name, name, name] }));
    let findings: readonly Finding[] = [];
    let text = '';
    const files = checkedWhileWritten(
      Readable.from(set) as AsyncIterable<OutputFile>,
      { checkSet } as unknown as FileAdapter,
      (found) => (findings = found),
    );
    for await (const { content } of files) for await (const block of content) text += String(block);
    return { text, findings };
  }
  const told = (message: string): Finding => ({ code: 'x', severity: 'info', message, where: 'x', action: 'x' });

  test('the checker reads each file to its end, in their order', async () => {
    const { text, findings } = await writtenSet(async function* (files) {
      for await (const { name, content } of files) {
        yield told(`${name} ${Buffer.concat(await Array.fromAsync(content)).toString()}`);
      }
    });
    expect(text).toBe('aaabbbccc');
    expect(findings.map(({ message }) => message)).toEqual(['a aaa', 'b bbb', 'c ccc']);
  });

  test('one that leaves files unread does not hold the writer up', async () => {
    const { text, findings } = await writtenSet(async function* (files) {
      for await (const { name, content } of files) {
        for await (const block of content) {
          yield told(`${name} ${String(block)}`);
          break;
        }
        if (name === 'b') return;
      }
    });
    expect(text).toBe('aaabbbccc');
    expect(findings.map(({ message }) => message)).toEqual(['a a', 'b b']);
  });

  test('one that breaks breaks the export', async () => {
    const broken = writtenSet(async function* (files) {
      for await (const { name } of files) if (name === 'b') throw new Error('the checker broke');
      yield told('never');
    });
    await expect(broken).rejects.toThrow('the checker broke');
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

  test('the end of the answers is an interruption, and nothing is written', async () => {
    const bench = createBench();
    const stdin = Object.assign(Readable.from(['Kafé AS\n']), { isTTY: true });
    const { code } = await bench.runIn({ stdin }, 'init', '--config', 'c.json');
    expect(code).toBe(130);
    expect(() => readFileSync(bench.path('c.json'))).toThrow('ENOENT');
  });
});
