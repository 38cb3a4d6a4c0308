import { norwegianChart, openFileWorld, VoucherMaker, type BookSketch, type KitChart } from '@bilag/conformance';
import { amount, linesOf, plainDate, voucherReference, type Book } from '@bilag/core';
import * as fc from 'fast-check';
import iconv from 'iconv-lite';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { encodeCp437, isCp437, toCp437Text } from '../src/cp437.ts';
import { sie, type SieConfig } from '../src/index.ts';
import { sieConfig } from '../src/config.ts';
import { version } from '../src/version.ts';
import { cafeBook } from './cafe.ts';
import { basChart, subjects } from './conformance.ts';
import { readSie, rowsOf } from './read-sie.ts';

const chart: KitChart = { ...norwegianChart, ...basChart };
const maker = new VoucherMaker(chart, sie.shape);

describe('what stands in the file', () => {
  test('a Swedish café: 25, 12 and 6 % beside their VAT, a refund, the fee and the payout', async () => {
    const released = readFileSync(new URL('golden/cafe.si', import.meta.url), 'utf8');
    const golden = released.replace(/^(#PROGRAM "Bilag") .*$/m, `$1 ${version}`);
    const written = await bytesOf(await cafeBook(), { fiscalYearStartMonth: 1 });
    expect(iconv.decode(written, 'cp437')).toBe(golden.replaceAll('\n', '\r\n'));
  });

  test('the same days as an exported year: balances before the vouchers, which are numbered', async () => {
    const golden = readFileSync(new URL('golden/cafe.se', import.meta.url), 'utf8');
    const [[name, written] = never()] = await filesOf(await cafeBook(), { type: '4E', fiscalYearStartMonth: 1 });
    expect(name).toBe('5560160680-SEK-2026-03-02-2026-03-31.se');
    expect(iconv.decode(written, 'cp437')).toBe(
      golden.replace(/^(#PROGRAM "Bilag") .*$/m, `$1 ${version}`).replaceAll('\n', '\r\n'),
    );
  });

  test('a year that goes on: every account with an opening balance, also one that nothing happened on', async () => {
    const book = bookOf({ vouchers: [maker.payout(100, 10)], period: { from: '2026-01-01', to: '2026-03-31' } });
    const openings: Record<string, number> = { 1686: 5_000, 2611: -5_000 };
    const opened = book.accounts.map((account) => ({ ...account, opening: amount(openings[account.number] ?? 0) }));
    const rows = rowsOf(await bytesOf({ ...book, accounts: opened }, { type: '4E', fiscalYearStartMonth: 1 }));
    const told = rows.filter(({ label }) => ['#IB', '#UB', '#RES'].includes(label));
    expect(told.map(({ label, fields }) => [label, ...fields].join(' '))).toEqual([
      '#IB 0 1930 0.00',
      '#IB 0 1686 50.00',
      '#IB 0 2611 -50.00',
      '#UB 0 1930 1.00',
      '#UB 0 1686 48.90',
      '#UB 0 2611 -50.00',
      '#RES 0 6570 0.10',
    ]);
  });

  test('only accounts and objects that are used are declared', async () => {
    const dimensions = [
      { type: 'department', id: '10', name: 'Baren' },
      { type: 'department', id: '20', name: 'Köket' },
      { type: 'project', id: 'P1', name: 'Festivalen' },
    ];
    const vouchers = [maker.payout(100, 10, { dimensions: { department: '20' } })];
    const rows = rowsOf(await bytesOf(bookOf({ vouchers, dimensions })));
    expect(
      rows.filter(({ label }) => ['#KONTO', '#DIM', '#OBJEKT'].includes(label)).map(({ fields }) => fields),
    ).toEqual([
      ['1930', 'Bank'],
      ['1686', 'Vipps'],
      ['6570', 'Gebyr'],
      ['1', 'Kostnadsställe'],
      ['1', '20', 'Köket'],
    ]);
  });

  test('dimensions stand in the order of their numbers, customers among them', async () => {
    const dimensions = [
      { type: 'project', id: 'P 1', name: 'Festivalen' },
      { type: 'department', id: '10', name: 'Baren' },
      { type: 'till', id: 'Kassa 2', name: 'Kassa vid dörren' },
    ];
    const party = { kind: 'customer' as const, id: '10001' };
    const lines = maker
      .payout(100, 0, { dimensions: {} })
      .lines.map((line, index) =>
        index === 0 ? { ...line, party, dimensions: { till: 'Kassa 2', project: 'P 1' } } : line,
      );
    const parties = [{ ...party, name: 'Kunden AB', account: '1510', opening: lines[0]?.amount ?? never() }];
    const book = { ...bookOf({ vouchers: [maker.of(lines)], dimensions }), parties };
    const rows = rowsOf(await bytesOf(book, { dimensions: { till: 20 } }));
    expect(rows.find(({ label }) => label === '#TRANS')?.fields[1]).toEqual([
      '6',
      'P 1',
      '8',
      '10001',
      '20',
      'Kassa 2',
    ]);
    expect(rows.filter(({ label }) => label === '#DIM').map(({ fields }) => fields)).toEqual([
      ['6', 'Projekt'],
      ['8', 'Kund'],
      ['20', 'till'],
    ]);
  });

  test.each([
    [1, '2026-03-01', '2026-03-31', ['0 20260101 20261231']],
    [7, '2026-03-01', '2026-03-31', ['0 20250701 20260630']],
    [3, '2026-03-01', '2026-03-31', ['0 20260301 20270228']],
    [3, '2027-03-01', '2027-03-31', ['0 20270301 20280229']],
    [5, '2026-03-01', '2026-05-31', ['0 20260501 20270430', '-1 20250501 20260430']],
    [undefined, '2026-03-01', '2026-03-31', []],
  ])('accounting years that begin in month %j, for %s to %s', async (fiscalYearStartMonth, from, to, years) => {
    const rows = rowsOf(await bytesOf(bookOf({ vouchers: [], period: { from, to } }), { fiscalYearStartMonth }));
    expect(rows.filter(({ label }) => label === '#RAR').map(({ fields }) => fields.join(' '))).toEqual(years);
    const byCompany = {
      company: { fiscalYearStartMonth: fiscalYearStartMonth ?? 1 },
      vouchers: [],
      period: { from, to },
    };
    if (fiscalYearStartMonth === undefined) return;
    expect(rowsOf(await bytesOf(bookOf(byCompany)))).toEqual(rows);
    const other = { fiscalYearStartMonth: (fiscalYearStartMonth % 12) + 1 };
    await expect(bytesOf(bookOf(byCompany), other)).rejects.toThrow('the accounting year begins in month');
  });

  test('a file names its company, but not a person', async () => {
    const namesOf = (organisationNumber: string): Promise<string[]> =>
      filesOf(bookOf({ vouchers: [], company: { organisationNumber } })).then((files) => [...files.keys()]);
    expect(await namesOf('5560160680')).toEqual(['5560160680-SEK-2026-03-01-2026-03-31.si']);
    expect(await namesOf('165560160680')).toEqual(['165560160680-SEK-2026-03-01-2026-03-31.si']);
    expect(await namesOf('8001011239')).toEqual(['SEK-2026-03-01-2026-03-31.si']);
    const text = iconv.decode(
      await bytesOf(bookOf({ vouchers: [], company: { organisationNumber: '165560160680' } })),
      'cp437',
    );
    expect(text).toContain('#ORGNR 556016-0680\r\n');
  });

  test('the version in the file is the one of the package', () => {
    const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    expect((JSON.parse(manifest) as { version: string }).version).toBe(version);
  });
});

describe('code page 437', () => {
  test('is what its library says it is', () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte >= 32 && byte !== 127);
    const text = iconv.decode(Buffer.from(bytes), 'cp437');
    expect([...encodeCp437(text)]).toEqual(bytes);
    expect(isCp437(text)).toBe(true);
    expect(['ø', 'Ø', '\n', '\u007f', '€', '🧾'].filter(isCp437)).toEqual([]);
  });

  test.each([
    ['Blåbærsøl på Ærø, ÅÄÖ åäö', 'Blåbærsöl på Ærö, ÅÄÖ åäö'],
    ['“Ja” – sa’ hon…', '"Ja" - sa\' hon...'],
    ['Łódź őű 5 €', '?ódz oü 5 EUR'.replace('ü', 'u')],
    ['Kaffe ☕ 🧾', 'Kaffe ? ?'],
    ['A\u030a o\u0308', 'Å ö'],
    ['ﬁka ½ ß', 'fika ½ ß'],
  ])('%j becomes %j', (text, written) => {
    expect(toCp437Text(text)).toBe(written);
    expect(iconv.decode(Buffer.from(encodeCp437(toCp437Text(text))), 'cp437')).toBe(written);
  });

  test('text that needs no change is what it would become character by character', () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom(...'Øø\u00a0ÅÄÖåäöΩµ~\u007f\ud83d'), fc.string({ maxLength: 1 })),
    });
    // One character that has to change takes all of them the long way.
    fc.assert(
      fc.property(text, (own) => {
        expect(`${toCp437Text(own)}?`).toBe(toCp437Text(`${own}☕`));
      }),
    );
  });

  test('a quotation mark is escaped, and a backslash cannot undo it', async () => {
    const text = 'say "hej" \\';
    const written = iconv.decode(await bytesOf(bookOf({ vouchers: [maker.payout(100, 0, { text })] })), 'cp437');
    expect(written).toContain(String.raw` "say \"hej\" /"`);
  });
});

test('any book: every voucher is read back with its reference, date, lines and texts', async () => {
  const traps = [
    '"',
    '\\',
    '\\"',
    '{',
    '}',
    '#',
    '\r\n#VER',
    '\n}\n',
    '\t',
    '\u0000',
    '\u007f',
    'ø',
    'å',
    '🧾',
    '\ud83e',
    ' ',
    "'",
    '\u202e',
  ];
  const anyText = fc
    .array(fc.oneof(fc.constantFrom(...traps), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 6 })
    .map((parts) => parts.join(''));
  const anyAmount = fc.integer({ min: -9_999_999_999, max: 9_999_999_999 }).filter((value) => value !== 0);
  const arbitrary = [anyText, anyText, anyText, fc.array(anyAmount, { minLength: 1, maxLength: 6 })] as const;
  await fc.assert(
    fc.asyncProperty(...arbitrary, async (text, description, name, amounts) => {
      const dimensions = { department: '10' };
      const vouchers = [
        maker.sales(amounts, { text, description, dimensions }),
        maker.payout(5, 1, { description: text }),
      ];
      const plain = bookOf({ vouchers, company: { name }, dimensions: [{ type: 'department', id: '10', name }] });
      const accounts = plain.accounts.map((account) => ({ ...account, name }));
      const files = await filesOf({ ...plain, accounts });
      const read = readSie({ 1: 'department' })(
        [...files].map(([file, content]) => ({ name: file, mediaType: '', content })),
        { currency: 'SEK', decimals: 2 },
      );
      expect(read).toEqual(
        vouchers.map((voucher) => ({
          reference: voucherReference(voucher),
          date: voucher.date,
          currency: 'SEK',
          description: shown(voucher.description),
          lines: linesOf(voucher, 'explicit').map((line) => ({
            account: line.account,
            amount: line.amount,
            text: shown(line.text),
            ...(line.dimensions === undefined ? {} : { dimensions: line.dimensions }),
          })),
        })),
      );
    }),
    { numRuns: 150 },
  );
});

/** The rule for texts: what controls a screen, or turns the order of what is read, is a blank. */
function shown(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ');
  return toCp437Text(line).replaceAll('\\', '/');
}

describe('what is refused before the first byte', () => {
  const unknown = { type: 'weather', id: 'sun', name: 'Sol' };
  const strange = [{ type: 'department', id: 'søndag', name: 'Søndag' }];
  test.each<[string, BookSketch, Partial<SieConfig>, string, string]>([
    ['books in another currency', { vouchers: [], company: { currency: 'NOK' } }, {}, 'unsupported', 'NOK'],
    ['books in SEK where the config says EUR', { vouchers: [] }, { currency: 'EUR' }, 'unsupported', 'SEK'],
    ['a company elsewhere', { vouchers: [], company: { country: 'NO' } }, {}, 'unsupported', 'NO'],
    [
      'a number that is no organisation number',
      { vouchers: [], company: { organisationNumber: '1' } },
      {},
      'config',
      'ten digits',
    ],
    ['a dimension without a number', { vouchers: [], dimensions: [unknown] }, {}, 'config', 'weather'],
    ['a dimension value with ø', { vouchers: [], dimensions: strange }, {}, 'unsupported', 'søndag'],
    [
      'a value the book does not name',
      { vouchers: [maker.payout(1, 1, { dimensions: { department: '99' } })] },
      {},
      'rejected',
      '99',
    ],
    [
      'a dimension the book does not name',
      { vouchers: [maker.payout(1, 1, { dimensions: { till: '1' } })] },
      {},
      'rejected',
      'till',
    ],
    [
      'an account the book does not name',
      { vouchers: [new VoucherMaker({ ...chart, fee: '6571' }, undefined).payout()] },
      {},
      'rejected',
      '6571',
    ],
    ['a voucher of another currency', { vouchers: [maker.payout(1, 0, { currency: 'NOK' })] }, {}, 'rejected', 'NOK'],
    [
      'a date outside the period',
      { vouchers: [maker.payout(1, 0, { date: plainDate('2026-04-01') })] },
      {},
      'rejected',
      '2026-04-01',
    ],
  ])('%s', async (_, sketch, config, kind, named) => {
    const writing = bytesOf(bookOf(sketch), config);
    await expect(writing).rejects.toMatchObject({ kind });
    await expect(writing).rejects.toThrow(named);
  });

  test.each<[string, BookSketch['period'], Record<string, number>, Partial<SieConfig>, string]>([
    ['an exported file without an accounting year', undefined, {}, {}, 'when the accounting year begins'],
    [
      'two accounting years in one exported file',
      { from: '2026-03-01', to: '2026-05-31' },
      {},
      { fiscalYearStartMonth: 5 },
      'two accounting years',
    ],
    [
      'a part of a year that does not begin at nothing',
      { from: '2026-03-01', to: '2026-03-31' },
      { 1686: 5_000 },
      { fiscalYearStartMonth: 1 },
      'account 1686 holds 50.00 on 2026-03-01, and the year begins on 2026-01-01',
    ],
    [
      'a result that is carried into a new year',
      { from: '2026-03-01', to: '2026-03-31' },
      { 3001: -5_000 },
      { fiscalYearStartMonth: 3 },
      'account 3001 is of the result',
    ],
  ])('%s', async (_, period, openings, config, named) => {
    const book = bookOf({ vouchers: [maker.payout()], ...(period === undefined ? {} : { period }) });
    const accounts = book.accounts.map((account) => ({ ...account, opening: amount(openings[account.number] ?? 0) }));
    await expect(bytesOf({ ...book, accounts }, { type: '4E', ...config })).rejects.toMatchObject({
      kind: 'config',
      what: expect.stringContaining(named),
    });
  });

  test('an account of no class of BAS, whose kind nobody knows', async () => {
    const book = bookOf({ vouchers: [] });
    const accounts = [...book.accounts, { number: '9001', name: 'Statistik', opening: amount(0) }];
    const config = { fiscalYearStartMonth: 3 } as const;
    await expect(bytesOf({ ...book, accounts }, { type: '4E', ...config })).rejects.toThrow('account 9001');
    await expect(bytesOf({ ...book, accounts }, config)).resolves.toBeDefined();
  });

  test('two dimensions of one number', async () => {
    const dimensions = ['department', 'costCentre'].map((type) => ({ type, id: '1', name: type }));
    await expect(bytesOf(bookOf({ vouchers: [], dimensions }))).rejects.toMatchObject({ kind: 'config' });
    await expect(
      bytesOf(bookOf({ vouchers: [], dimensions }), { dimensions: { costCentre: 20 } }),
    ).resolves.toBeDefined();
  });

  test('an account that is not a number', async () => {
    const lettered = openFileWorld({ ...subject(), chart: { ...basChart, fee: '65A' } });
    const writing = bytesOf(lettered.book({ vouchers: [lettered.vouchers.payout()] }));
    await expect(writing).rejects.toMatchObject({ kind: 'unsupported', what: expect.stringContaining('65A') });
  });

  test('a config that means nothing here', () => {
    const { validate } = sieConfig['~standard'];
    expect(validate({})).toEqual({ value: { currency: 'SEK', type: '4I', series: '', dimensions: {} } });
    for (const wrong of [
      { currency: 'NOK' },
      { type: '4' },
      { series: 'A "1"' },
      { fiscalYearStartMonth: 13 },
      { serie: 'A' },
    ]) {
      expect(validate(wrong)).toHaveProperty('issues');
    }
  });
});

function subject(): (typeof subjects)[number] {
  return subjects[0] ?? never();
}

function never(): never {
  throw new Error('it is always there');
}

function bookOf(sketch: BookSketch): Book {
  return openFileWorld(subject()).book(sketch);
}

async function filesOf(book: Book, config: Partial<SieConfig> = {}): Promise<Map<string, Buffer>> {
  const whole: SieConfig = { currency: 'SEK', type: '4I', series: '', dimensions: {}, ...config };
  const files = new Map<string, Buffer>();
  for await (const { name, content } of sie.render(book, whole, { createdAt: '2026-04-01T08:00:00Z' })) {
    const pieces: Uint8Array[] = [];
    for await (const piece of content) pieces.push(Buffer.from(piece as Uint8Array));
    files.set(name, Buffer.concat(pieces));
  }
  return files;
}

async function bytesOf(book: Book, config: Partial<SieConfig> = {}): Promise<Buffer> {
  return Buffer.concat([...(await filesOf(book, config)).values()]);
}
