import { norwegianChart, VoucherMaker, openFileWorld, type BookSketch } from '@bilag/conformance';
import { parseAmount, type Finding } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import { gbat10 } from '../src/index.ts';
import { subjects } from './conformance.ts';
import { rowsOf } from './read-gbat10.ts';

const maker = new VoucherMaker(norwegianChart, gbat10.shape);
const [windows] = subjects;

async function rendered(sketch: BookSketch, config: object = {}): Promise<string[][]> {
  const world = openFileWorld({ ...windows!, config });
  const files = await world.render(world.book(sketch));
  return files.flatMap(({ content }) => rowsOf(content, 'windows-1252'));
}

describe('what stands in the file', () => {
  test('a system that computes VAT takes the gross rows marked T, and they come to nothing without the others', async () => {
    const rows = await rendered({ vouchers: [maker.sales([12_500, 11_500])] });
    const taken = rows.filter((columns) => columns[26] === 'T');
    expect(taken.reduce((sum, columns) => sum + parseAmount(columns[27] ?? ''), 0)).toBe(0);
    expect(rows.filter((columns) => columns[26] === 'F').map((columns) => columns[27])).toEqual(['0.00', '0.00']);
    expect(taken.map((columns) => columns[7])).toEqual(['0', '3', '31']);
  });

  test('codes are the receiver’s own where the config says so', async () => {
    const config = { vatCodes: { '3': '30', '31': '371' }, codeWithoutVat: '1', voucherType: 6 };
    const rows = await rendered({ vouchers: [maker.sales([12_500, 11_500])] }, config);
    expect(rows.map((columns) => `${columns[3]} ${columns[7]}`).toSorted()).toEqual([
      '6 1',
      '6 1',
      '6 1',
      '6 30',
      '6 371',
    ]);
  });

  test('vouchers of one date have numbers of their own, and the next date begins anew', async () => {
    const rows = await rendered({ vouchers: [maker.payout(100, 0), maker.payout(200, 0), maker.sales([300])] });
    const numbers = [...new Set(rows.map((columns) => columns[1]))];
    expect(new Set(numbers).size).toBe(3);
    expect(numbers.every((number) => /^\d{4}000[123]$/.test(number ?? ''))).toBe(true);
  });

  test('a long text keeps its reference and is cut at a hundred characters', async () => {
    const text = `${'blåbær '.repeat(40)}; "slutt"`;
    const rows = await rendered({ vouchers: [maker.payout(100, 0, { text })] });
    expect(rows.every((columns) => (columns[20] ?? '').length <= 100)).toBe(true);
    expect(rows[0]?.[20]).toMatch(/^\S+-\d{8}\S* blåbær/);
  });
});

describe('what does not fit is refused', () => {
  test.each<[string, BookSketch, object, RegExp]>([
    ['another currency', { vouchers: [], company: { currency: 'EUR' } }, {}, /names no currency/],
    [
      'a dimension without a column',
      { vouchers: [maker.payout(100, 10, { dimensions: { farge: '1' } })] },
      {},
      /"farge" has no column/,
    ],
    [
      'a department of letters',
      { vouchers: [maker.payout(100, 10, { dimensions: { department: 'nord' } })] },
      { department: 'department' },
      /at most 4 digits/,
    ],
  ])('%s', async (_, sketch, config, message) => {
    await expect(rendered(sketch, config)).rejects.toThrow(message);
  });
});

describe('what is wrong in a file is found where it is', () => {
  const sound = [
    'GBAT10;3010001;20260301;9;3;2026;1920;0;125.00;;;;;;;;;;;;Salg;;;;;;T;125.00',
    'GBAT10;3010001;20260301;9;3;2026;3000;3;-100.00;;;;;;;;;;;;Salg;;;;;;T;-125.00',
    'GBAT10;3010001;20260301;9;3;2026;2700;0;-25.00;;;;;;;;;;;;Salg;;;;;;F;0.00',
  ];
  const changed = (from: string, to: string): string => `${sound.join('\r\n').replace(from, to)}\r\n`;

  test.each([
    ['our columns', `${sound.join('\r\n')}\r\n`],
    [
      'two more, rows that end in LF, a decimal comma',
      `${sound.map((row) => `${row.replaceAll('.', ',')};;`).join('\n')}\n`,
    ],
    ['a mark of UTF-8 at the beginning', `\ufeff${sound.join('\r\n')}\r\n`],
  ])('a sound file has no findings: %s', async (_, text) => {
    expect(await findingsOf(text)).toEqual([]);
  });

  test.each([
    ['a gross amount changed', changed('T;125.00', 'T;125.01'), 'error gbat10-unbalanced row 1'],
    ['a row of VAT left out', `${sound.slice(0, 2).join('\r\n')}\r\n`, 'error gbat10-unbalanced row 1'],
    ['a semicolon in a text', changed('Salg;;;;;;T;125.00', 'Salg; kaffe;;;;;;T;125.00'), 'error gbat10-column row 1'],
    ['a day that is none', changed('20260301', '20260231'), 'error gbat10-column row 1'],
    ['another period', changed(';3;2026;1920', ';4;2026;1920'), 'warning gbat10-period row 1'],
    ['an account with a letter', changed(';3000;', ';300A;'), 'error gbat10-column row 2'],
    ['an amount with thousands', changed(';-100.00;', ';-1 00.00;'), 'error gbat10-column row 2'],
    ['fewer columns', changed(';;;;;;F;0.00', ''), 'error gbat10-row row 3'],
    ['a file cut off', sound.join('\r\n'), 'error gbat10-cut-off row 3'],
    ['an empty file', '', 'error gbat10-row file.csv'],
    ['something else', 'Dato;Beløp\n', 'error gbat10-row row 1'],
  ])('%s', async (_, text, expected) => {
    const found = (await findingsOf(text)).map(({ severity, code, where }) => `${severity} ${code} ${where}`);
    expect(found).toContain(expected);
  });

  test('a fault on every row is told twenty times, then counted', async () => {
    const found = await findingsOf('x\n'.repeat(1_000));
    expect(found).toHaveLength(21);
    expect(found.at(-1)?.message).toMatch(/^980 more of these/);
  });
});

async function findingsOf(text: string): Promise<Finding[]> {
  return Array.fromAsync(gbat10.check?.({ name: 'file.csv', content: [Buffer.from(text)] }) ?? []);
}
