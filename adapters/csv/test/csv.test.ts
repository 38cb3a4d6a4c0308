import { norwegianChart, openFileWorld, VoucherMaker, type BookSketch } from '@bilag/conformance';
import {
  amount,
  BilagError,
  encodeWindows1252,
  isWindows1252,
  linesOf,
  plainDate,
  voucherReference,
  type Book,
  type JournalLine,
} from '@bilag/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csv, type CsvConfig } from '../src/index.ts';
import { subjects } from './conformance.ts';
import { bare, rowsOf } from './read-csv.ts';

const maker = new VoucherMaker(norwegianChart, csv.shape);
const department = { department: '010' };
const payout = { key: '302321-20260302', description: 'Vipps MobilePay 302321, 2026-03-02' };

describe('what stands in the file', () => {
  test('every posting has a row, the VAT too; amounts have a decimal comma and stay numbers', async () => {
    const vouchers = [maker.sales([25_000, -11_500], { ...payout, text: 'Salg 2000045', dimensions: department })];
    expect(await textOf(bookOf({ vouchers }))).toBe(
      [
        '\ufeffVoucher;Date;Account;Account name;Text;Amount;Currency;VAT code;VAT %;VAT amount;Gross amount;' +
          'Dimension department;Party;Reference;Description;Series;Ledger;Ledger date',
        '302321-20260302;2026-03-02;1579;Vipps;Salg 2000045;135,00;NOK;;;;135,00;;;;Vipps MobilePay 302321, 2026-03-02;VIPPS;400001;2026-03-02',
        '302321-20260302;2026-03-02;3000;Salg 3000;Salg 2000045;-200,00;NOK;3;25;-50,00;-250,00;010;;;Vipps MobilePay 302321, 2026-03-02;VIPPS;400001;2026-03-02',
        '302321-20260302;2026-03-02;2700;Mva 2700;Salg 2000045;-50,00;NOK;;;;;;;;Vipps MobilePay 302321, 2026-03-02;VIPPS;400001;2026-03-02',
        '302321-20260302;2026-03-02;3030;Salg 3030;Salg 2000045;100,00;NOK;31;15;15,00;115,00;010;;;Vipps MobilePay 302321, 2026-03-02;VIPPS;400001;2026-03-02',
        '302321-20260302;2026-03-02;2701;Mva 2701;Salg 2000045;15,00;NOK;;;;;;;;Vipps MobilePay 302321, 2026-03-02;VIPPS;400001;2026-03-02',
        '',
      ].join('\r\n'),
    );
  });

  test('the columns an importer asks for, under its headings, debit and credit apart', async () => {
    const config = {
      columns: [
        { value: 'GL', heading: 'Type' },
        { field: 'voucher', heading: 'Bilag' },
        { field: 'date', heading: 'Dato' },
        { field: 'account', heading: 'Konto' },
        'debit',
        'credit',
        { dimension: 'department', heading: 'Avdeling' },
        'line',
        'factCount',
        'organisationNumber',
      ],
      separator: ',',
      decimalSign: '.',
      dateFormat: 'dd.mm.yyyy',
      encoding: 'utf-8',
    };
    const vouchers = [maker.payout(18_900, 100, { key: '302321-20260302.R' })];
    expect(await textOf(bookOf({ vouchers }), config)).toBe(
      [
        'Type,Bilag,Dato,Konto,Debit,Credit,Avdeling,Line,Fact count,Organisation number',
        'GL,302321-20260302.R,02.03.2026,1579,,190.00,,1,1,987654321',
        'GL,302321-20260302.R,02.03.2026,7770,1.00,,,2,1,987654321',
        'GL,302321-20260302.R,02.03.2026,1920,189.00,,,3,1,987654321',
        '',
      ].join('\r\n'),
    );
  });

  test('a currency without minor units has no decimals', async () => {
    const vouchers = [maker.payout(18_900, 0, { currency: 'ISK' })];
    const [, ...rows] = await rowsWritten(bookOf({ vouchers, company: { currency: 'ISK' } }));
    expect(rows.map((row) => row[5])).toEqual(['-18900', '18900']);
  });

  test('the VAT of services from abroad has its rows, and both columns of amounts add up to nothing', async () => {
    const facts = ['fact'];
    const vat = { code: '86', account: '2702', rateBasisPoints: 2500, net: amount(1000), amount: amount(250) };
    const cost: JournalLine = { account: '7770', amount: amount(1000), text: 'Gebyr', facts };
    const clearing: JournalLine = { account: '1579', amount: amount(-1000), text: 'Gebyr', facts };
    const deducted = { ...cost, vat: { ...vat, kind: 'reverse-charge' as const, deductionAccount: '2712' } };
    const kept = { ...cost, vat: { ...vat, kind: 'reverse-charge' as const, deductionAccount: null } };
    const [, ...rows] = await rowsWritten(bookOf({ vouchers: [maker.of([deducted, clearing, kept, clearing])] }));
    expect(rows.map((row) => [row[2], row[5], row[10]])).toEqual([
      ['7770', '10,00', '10,00'],
      ['2712', '2,50', ''],
      ['2702', '-2,50', ''],
      ['1579', '-10,00', '-10,00'],
      ['7770', '12,50', '10,00'],
      ['2702', '-2,50', ''],
      ['1579', '-10,00', '-10,00'],
    ]);
  });

  test('a file for each month has the same rows as one file', async () => {
    const dates = ['2026-01-31', '2026-02-01', '2026-02-28', '2026-04-05'];
    const vouchers = dates.map((date) => maker.payout(1_000, 100, { date: plainDate(date) }));
    const book = bookOf({ vouchers, period: { from: '2026-01-15', to: '2026-04-05' } });
    const one = await filesOf(book, { headings: false, encoding: 'utf-8' });
    const months = await filesOf(book, { headings: false, encoding: 'utf-8', split: 'month' });
    expect([...months.keys()]).toEqual([
      '987654321-NOK-2026-01-15-2026-01-31.csv',
      '987654321-NOK-2026-02-01-2026-02-28.csv',
      '987654321-NOK-2026-03-01-2026-03-31.csv',
      '987654321-NOK-2026-04-01-2026-04-05.csv',
    ]);
    expect(Buffer.concat([...months.values()])).toEqual(Buffer.concat([...one.values()]));
    expect(one.keys().toArray()).toEqual(['987654321-NOK-2026-01-15-2026-04-05.csv']);
  });
});

describe('what Excel would change', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['-2+3+cmd|" /C calc"!A0', '\'-2+3+cmd|" /C calc"!A0'],
    ['+4712345678', "'+4712345678"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1+1', "' =1+1"],
    ['\r\n=1+1', "' =1+1"],
    ['\u200b\ufeff=1+1', "'\u200b\ufeff=1+1"],
    ['＝1+1', "'＝1+1"],
    ['－1', "'－1"],
    ["'=1+1", "''=1+1"],
    ["'s-Hertogenbosch", "'s-Hertogenbosch"],
    ['Salg; =1+1', 'Salg; =1+1'],
    ['Salg";=1+1', 'Salg";=1+1'],
  ])('the text %j stands as %j', async (text, written) => {
    const book = bookOf({ vouchers: [maker.payout(100, 0, { text })] });
    const [, row] = await rowsWritten(book);
    expect(row?.[4]).toBe(written);
    const [, verbatim] = await rowsWritten(book, { neutraliseFormulas: false });
    expect(verbatim?.[4]).toBe(text.replaceAll(/[\t\r\n]+/g, ' '));
  });

  test('a heading is no formula either', async () => {
    const columns = ['voucher', 'date', 'account', { field: 'amount', heading: '=1+1' }];
    expect((await rowsWritten(bookOf({ vouchers: [] }), { columns }))[0]?.[3]).toBe("'=1+1");
  });

  test('a dimension that is a formula is refused: with an apostrophe it would be another', async () => {
    const book = bookOf({ vouchers: [maker.payout(100, 10, { dimensions: { department: '-1' } })] });
    await expect(textOf(book)).rejects.toMatchObject({
      kind: 'unsupported',
      where: expect.stringMatching(/^voucher /),
    });
    await expect(textOf(book, { neutraliseFormulas: false })).resolves.toContain(';-1;');
  });

  test.each([
    ['010', '="010"'],
    ['10', '10'],
    ['10-12', '="10-12"'],
    ['1E5', '="1E5"'],
    ['1234567890123456', '="1234567890123456"'],
    ['=a"b', '="=a""b"'],
  ])('for Excel alone, the department %j stands as %j', async (value, written) => {
    const book = bookOf({ vouchers: [maker.payout(100, 10, { dimensions: { department: value } })] });
    const rows = await rowsWritten(book, { identifiers: 'excel-text' });
    expect(rows[2]?.[11]).toBe(written);
    expect(rows[2]?.[2]).toBe('7770');
  });
});

describe('any book', () => {
  const traps = [
    '"',
    '""',
    ';',
    ',',
    '\t',
    '\r\n',
    '\n',
    '\u0000',
    '=',
    '+1',
    '-',
    '@',
    "'",
    ' ',
    '\u2028',
    '＝',
    '🧾',
  ];
  const anyText = fc
    .array(fc.oneof(fc.constantFrom(...traps), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 6 })
    .map((parts) => parts.join(''));
  const anyForm = fc.record({
    separator: fc.constantFrom(';', ',', 'tab'),
    decimalSign: fc.constantFrom(',', '.'),
    dateFormat: fc.constantFrom('yyyy-mm-dd', 'dd.mm.yyyy'),
    encoding: fc.constantFrom('utf-8-bom', 'utf-8', 'windows-1252'),
    split: fc.constantFrom('none', 'month'),
    identifiers: fc.constantFrom('plain', 'excel-text'),
    headings: fc.boolean(),
  });
  const anyAmount = fc.integer({ min: -9_999_999_999, max: 9_999_999_999 }).filter((value) => value !== 0);

  const anyParts = [anyForm, anyText, anyText, anyText, fc.array(anyAmount, { minLength: 1, maxLength: 5 })] as const;

  test('has every text in its cell, amounts that add up to nothing, and no formula', async () => {
    await fc.assert(
      fc.asyncProperty(...anyParts, async (form, ...parts) => {
        const [text, description, name, amounts] = form.encoding === 'windows-1252' ? inAscii(parts) : parts;
        const vouchers = [maker.sales(amounts, { text, description }), maker.sales([1, 3], { text: description })];
        const plain = bookOf({ vouchers });
        const book: Book = { ...plain, accounts: plain.accounts.map((account) => ({ ...account, name })) };
        const shown = form.encoding === 'windows-1252' ? letters : oneLine;
        const expected = vouchers.flatMap((voucher) =>
          linesOf(voucher, 'explicit').map((line) => [
            voucherReference(voucher),
            line.account,
            ...[name, line.text, voucher.description].map(shown),
          ]),
        );
        const [headings, ...rows] = await rowsWritten(book, { ...form, headings: true });
        expect([headings, ...rows].map((row) => row?.length)).toEqual([18, ...expected.map(() => 18)]);
        expect(rows.map((row) => [idOf(row[0]), row[2], ...[row[3], row[4], row[14]].map(bareShown(shown))])).toEqual(
          expected,
        );
        const cells = rows.flat().filter((cell) => !isNumber.test(cell) && !isExcelText.test(cell));
        expect(cells.filter((cell) => formula.test(cell))).toEqual([]);
        const minor = rows.map((row) => Number(row[5]?.replace(/[.,]/, '')));
        expect(minor).toEqual(vouchers.flatMap((voucher) => linesOf(voucher, 'explicit').map((line) => line.amount)));
        expect(await rowsWritten(book, { ...form, headings: false })).toEqual(rows);
      }),
      { numRuns: 150 },
    );
  });
});

/** A reference as Excel shows it. */
function idOf(cell: string = ''): string {
  return cell.replace(/^="(.*)"$/, '$1');
}

function bareShown(shown: (text: string) => string): (cell: string | undefined) => string {
  return (cell = '') => shown(bare(cell));
}

type AnyParts = readonly [text: string, description: string, name: string, amounts: readonly number[]];

/** Texts whose other characters have one form each in Windows-1252. */
function inAscii([text, description, name, amounts]: AnyParts): AnyParts {
  const plain = (any: string): string => any.replaceAll(/[^\0-\x7f🧾＝]/gu, '');
  return [plain(text), plain(description), plain(name), amounts];
}

/** What is left of a text where `🧾` is a question mark, and blanks are not counted. */
function letters(text: string): string {
  return text.replaceAll('＝', '=').replaceAll(/[^!->@-~]/gu, '');
}

/** Written from the rule, not from the adapter. */
const formula = /^[\s\p{Cf}]*[=+@＝＋－＠-]/u;
const isNumber = /^-?\d+(?:[.,]\d{2})?$/;
const isExcelText = /^="(?:[^"]|"")*"$/;

function oneLine(text: string): string {
  return text.toWellFormed().replaceAll(/[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}

describe('Windows-1252', () => {
  test('is what its decoder reads, all 218 characters of it', () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => byte);
    const decoder = new TextDecoder('windows-1252');
    const characters = bytes.map((byte) => decoder.decode(Uint8Array.of(byte)));
    const known = bytes.filter((byte) => isWindows1252(characters[byte] ?? ''));
    expect(known).toEqual(bytes.filter((byte) => !/\p{Cc}/u.test(characters[byte] ?? '')));
    expect(known.map((byte) => encodeWindows1252(characters[byte] ?? '')[0])).toEqual(known);
    expect(known).toHaveLength(218);
  });

  test('a text loses its marks, then its letters; an identifier is refused', async () => {
    const config = { encoding: 'windows-1252', separator: ';' };
    const text = 'blåbærgrød “ő” 5 € 🧾';
    const [, row] = await rowsWritten(bookOf({ vouchers: [maker.payout(100, 0, { text })] }), config);
    expect(row?.[4]).toBe('blåbærgrød “o” 5 € ?');
    const vouchers = [maker.payout(100, 10, { dimensions: { department: 'ő' } })];
    await expect(textOf(bookOf({ vouchers }), config)).rejects.toMatchObject({ kind: 'unsupported' });
  });
});

describe('what is refused', () => {
  test.each([
    ['a dimension without a column', maker.payout(1, 1, { dimensions: { project: 'P1' } }), 'unsupported', 'project'],
    ['another currency', maker.payout(1, 1, { currency: 'SEK' }), 'rejected', 'SEK'],
    ['a date outside the period', maker.payout(1, 1, { date: plainDate('2026-04-01') }), 'rejected', '2026-04-01'],
  ])('%s', async (_, voucher, kind, named) => {
    for (const split of ['none', 'month']) {
      const writing = textOf(bookOf({ vouchers: [voucher] }), { split });
      await expect(writing).rejects.toMatchObject({ kind, where: `voucher ${voucher.key}` });
      await expect(writing).rejects.toThrow(named);
      await expect(writing).rejects.toBeInstanceOf(BilagError);
    }
  });

  test('a customer without a column', async () => {
    const [clearing, sale] = maker.sales([500]).lines;
    if (clearing === undefined || sale === undefined) throw new Error('a sale has two lines');
    const owed = { ...clearing, party: { kind: 'customer' as const, id: '10042' } };
    const book = bookOf({ vouchers: [maker.of([owed, sale])] });
    const columns = ['voucher', 'date', 'account', 'amount'];
    await expect(textOf(book, { columns })).rejects.toMatchObject({ kind: 'unsupported' });
    await expect(textOf(book, { columns: [...columns, 'party'] })).resolves.toContain('10042');
    await expect(textOf(book, {})).resolves.toContain('10042');
  });

  test('columns that nobody could book from', () => {
    const { validate } = csv.config['~standard'];
    const messages = (columns: readonly unknown[]): unknown =>
      ((validate({ columns }) as { issues?: { message: string }[] }).issues ?? []).map(({ message }) => message);
    expect(messages(['voucher', 'date', 'account', 'debit', 'credit'])).toEqual([]);
    expect(messages(['voucher', 'date', 'account', 'debit'])).toEqual([expect.stringContaining('"amount"')]);
    expect(messages(['date', 'amount'])).toEqual([
      expect.stringContaining('"voucher"'),
      expect.stringContaining('"account"'),
    ]);
    expect(validate({ columns: ['voucher', 'colour'] })).toHaveProperty('issues');
    expect(validate({ seperator: ';' })).toHaveProperty('issues');
  });
});

test('rows are written when their vouchers are read, some at a time, and no voucher is kept', async () => {
  let read = 0;
  function* endless(): Generator<ReturnType<typeof maker.payout>> {
    for (;;) {
      read += 1;
      yield maker.payout(100, 1);
    }
  }
  for await (const { content } of csv.render(bookOf({ vouchers: endless }), configOf({}), { createdAt: 'now' })) {
    const pieces: string[] = [];
    for await (const piece of content) if (pieces.push(String(piece)) === 100) break;
    // The headings, and three rows for each voucher that was read.
    expect(pieces.join('').match(/\r\n/g)).toHaveLength(1 + 3 * read);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(20_000);
    break;
  }
});

function bookOf(sketch: BookSketch): Book {
  const dimensions = [{ type: 'department', id: '010', name: 'Kaffebaren' }];
  const [subject] = subjects;
  if (subject === undefined) throw new Error('there is no subject');
  return openFileWorld(subject).book({ dimensions, ...sketch });
}

function configOf(config: object): CsvConfig {
  const result = csv.config['~standard'].validate(config);
  if (result instanceof Promise || !('value' in result)) throw new Error('the config is not one');
  return result.value;
}

async function filesOf(book: Book, config: object = {}): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for await (const { name, content } of csv.render(book, configOf(config), { createdAt: 'now' })) {
    const pieces: Uint8Array[] = [];
    for await (const piece of content) pieces.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
    files.set(name, Buffer.concat(pieces));
  }
  return files;
}

async function textOf(book: Book, config: object = {}): Promise<string> {
  return Buffer.concat([...(await filesOf(book, config)).values()]).toString('utf8');
}

async function rowsWritten(book: Book, config: object = {}): Promise<string[][]> {
  const { separator, encoding } = configOf(config);
  const form = {
    separator: separator === 'tab' ? '\t' : separator,
    encoding: encoding === 'windows-1252' ? encoding : 'utf-8',
  };
  return [...(await filesOf(book, config)).values()].flatMap((content) => rowsOf(content, form));
}
