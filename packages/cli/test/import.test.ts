import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { plainDate } from '@bilag/core';
import { portalReport, portalWorkbook, settlementCsv, settlementXml } from '@bilag/simulator-vipps';
import { zipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';
import { type Bench, cafe, cafeConfig, clearBenches, createBench, keysOf, startSimulator } from './bench.ts';
import { benchOf, isEmpty, merchant, merchantOf, put, read } from './import-bench.ts';

afterAll(clearBenches);

describe('an accountant with files alone', () => {
  test('gets from a report of the portal to proved books and a file', async () => {
    const bench = benchOf(
      { 'juni.csv': portalReport([merchant], { language: 'nb', columns: 21, personalData: true }) },
      {
        source: { kind: 'vipps', keys: 'none', imports: { words: { refund: 'refund' } } },
      },
    );
    const imported = await bench.run('import', 'juni.csv');
    expect(imported).toMatchObject({ code: 0, messages: '' });
    expect(imported.out).toContain('portal report, CSV');
    const booked = await bench.run('book');
    expect(booked.code).toBe(0);
    expect(booked.out).toContain('proved: ledger 302400');
    expect(booked.out).not.toContain('Ola');
    expect((await bench.run('export', '--target', 'journal', '--period', '2026-06-01')).code).toBe(0);
  });

  test('a file is known by its content, not by its name, and the same file twice is once', async () => {
    const report = portalReport([merchant]);
    const bench = benchOf({ 'notes.txt': report, 'copy.csv': report, 'books.pdf': settlementXml(merchant, '3.0') });
    const first = read(await bench.run('import', 'notes.txt', 'copy.csv', '--json'));
    expect(first.files.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['notes.txt', 'imported'],
      ['copy.csv', 'known'],
    ]);
    // A settlement report of the same period tells what is there already.
    const again = read(await bench.run('import', 'books.pdf', 'notes.txt', '--json'));
    expect(again.files.map(({ outcome }) => outcome)).toEqual(['known', 'known']);
  });

  test('two reports that overlap: what both have is there once, and the second brings the rest', async () => {
    const until = { to: plainDate('2026-06-09') };
    const since = { from: plainDate('2026-06-05') };
    const bench = benchOf({ 'a.csv': portalReport([merchant], until), 'b.xlsx': portalWorkbook([merchant], since) });
    expect((await bench.run('import', 'a.csv')).code).toBe(0);
    expect(read(await bench.run('import', 'b.xlsx', '--json')).files).toMatchObject([
      { outcome: 'imported', dates: 4 },
    ]);
    const whole = benchOf({ 'all.csv': portalReport([merchant]) });
    await whole.run('import', 'all.csv');
    expect((await bench.run('book', '--lines')).out).toBe((await whole.run('book', '--lines')).out);
  });

  test('two files of one period that differ are a conflict that names both, and nothing is imported', async () => {
    const report = portalReport([merchant]);
    const [, amount = ''] = /,Capture,(\d+\.\d\d),/.exec(report) ?? [];
    const other = report.replace(`,Capture,${amount},`, ',Capture,1.00,');
    const bench = benchOf({ 'a.csv': report, 'b.csv': other });
    await bench.run('import', 'a.csv');
    const { code, messages } = await bench.run('import', 'b.csv');
    expect(code).toBe(3);
    expect(messages).toMatch(/two files differ on 2026-06-01/);
    expect(messages).toMatch(/a\.csv rows .*b\.csv rows/);
    const together = benchOf({ 'a.csv': report, 'b.csv': other });
    expect((await together.run('import', 'a.csv', 'b.csv')).code).toBe(3);
    expect(await isEmpty(together)).toBe(true);
  });

  test('a folder, a zip archive and the old tree of the SFTP server; what is no report is left out and told', async () => {
    const xml = settlementXml(merchant, '3.0');
    const bench = benchOf({
      'settlements/archive/xml/987654321/123455/123455-2000001.xml': xml,
      'settlements/archive/pdf/987654321/123455/123455-2000001.pdf': '%PDF-1.7',
      'settlements/archive/csv/987654321/123455/123455-2000014.csv': settlementCsv(merchant),
      'settlements/archive/xml.zip/987654321/123455/123455-2000001.xml.zip': zipSync({
        'report.xml': Buffer.from(xml),
      }),
    });
    const result = read(await bench.run('import', 'settlements', '--json'));
    expect(result.files.map(({ outcome }) => outcome)).toEqual(['imported', 'known', 'known']);
    expect(result.skipped).toMatchObject([{ seen: 'a PDF, which is for people' }]);
    expect(result.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('two files of one name that differ are told apart by their folders', async () => {
    const report = portalReport([merchant]);
    const [row = ''] = /,Capture,(\d+\.\d\d),/.exec(report) ?? [];
    const bench = benchOf({ 'b/june/a.csv': report.replace(row, ',Refund,-1.00,'), 'b/july/a.csv': report });
    const { code, messages } = await bench.run('import', 'b');
    expect(code).toBe(3);
    expect(messages).toMatch(/where: july\/a\.csv rows \d+ to \d+ and june\/a\.csv rows/);
  });

  test('links to files are followed; other links are told, and what systems hide is left alone', async () => {
    const report = portalReport([merchant]);
    const bench = benchOf({ 'far/a.csv': report, 'reports/.trash/old.csv': report, 'reports/__MACOSX/b.csv': report });
    symlinkSync('../far/a.csv', bench.path('reports/link.csv'));
    symlinkSync('../far', bench.path('reports/folder'));
    symlinkSync('gone', bench.path('reports/lost.csv'));
    const { files, skipped } = read(await bench.run('import', 'reports', '--json'));
    expect(files).toMatchObject([{ name: 'reports/link.csv', outcome: 'imported' }]);
    expect(skipped).toEqual([
      { name: 'reports/folder', seen: 'a link that leads to no file' },
      { name: 'reports/lost.csv', seen: 'a link that leads to no file' },
    ]);
  });

  test('of many files that are no reports the first are told, and how many more there are', async () => {
    const notes = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`all/${index}.txt`, 'a note']));
    const bench = benchOf({ ...notes, 'all/a.csv': portalReport([merchant]) });
    const { out } = await bench.run('import', 'all');
    expect(out.match(/^left out: /gm)).toHaveLength(21);
    expect(out).toContain('left out: 5 more files\n');
  });

  test('a settlement that is missing between two others is missed', async () => {
    const numbers = ['2000001', '2000003'];
    const files = numbers.map((number) => [`${number}.csv`, settlementCsv(merchant, { number })] as const);
    const bench = benchOf(Object.fromEntries(files));
    expect((await bench.run('import', '.')).code).toBe(0);
    expect((await bench.run('book')).out).toContain('settlement-missing: settlement 2000002 is missing');
    put(bench, 'more.csv', settlementCsv(merchant, { number: '2000002' }));
    await bench.run('import', 'more.csv');
    expect((await bench.run('book')).out).not.toContain('settlement-missing');
  });

  test('the last date of a report is open until the next report goes on from its balance', async () => {
    const weekly = merchantOf({ payouts: 'weekly', settlement: 'gross' });
    const bench = benchOf({
      'a.csv': portalReport([weekly], { to: plainDate('2026-06-04') }),
      'b.csv': portalReport([weekly], { from: plainDate('2026-06-05') }),
    });
    await bench.run('import', 'a.csv');
    expect((await bench.run('book')).out).toContain('1 open date:');
    await bench.run('import', 'b.csv');
    expect((await bench.run('book', '--to', '2026-06-07')).out).not.toMatch(/open date/);
  });
});

describe('rows that look alike', () => {
  const payment = (more: string): string =>
    `<TransactionInfo><TransactionTime>2026-06-01T12:00:00+02:00</TransactionTime><TransactionCaptureAmount>10.00</TransactionCaptureAmount><TransactionRefundAmount>0.00</TransactionRefundAmount><TransactionGrossAmount>10.00</TransactionGrossAmount><TransactionNetAmount>9.00</TransactionNetAmount><TransactionFeeAmount>1.00</TransactionFeeAmount><SettlementCurrencyCode>NOK</SettlementCurrencyCode>${more}</TransactionInfo>`;
  const reportOf = (...payments: readonly string[]): string =>
    `<SettlementReport xmlns="http://vipps.no/xmlschema/SettlementReport-3.0.xsd"><SettlementDetailsInfo><SerialNumber>123455</SerialNumber><PaymentsInfo><SettlementInfo><SettlementDate>2026-06-01</SettlementDate><SettlementID>2000001</SettlementID><SettlementCurrencyCode>NOK</SettlementCurrencyCode><SettlementType>Net</SettlementType>${payments.join('')}<NumOfTransactions>${payments.length}</NumOfTransactions><SettledAmount>${payments.length * 9}.00</SettledAmount></SettlementInfo></PaymentsInfo></SettlementDetailsInfo></SettlementReport>`;
  const without = payment('<TransactionID></TransactionID><OrderID></OrderID>');

  test('without any id, in one file, are each a payment of their own', async () => {
    const bench = benchOf({ 'a.xml': reportOf(without, without) });
    await bench.run('import', 'a.xml');
    expect((await bench.run('book')).out).toMatch(/123455 +NOK +20\.00/);
  });

  test('of one settlement in two files are there once, however their time is spelt', async () => {
    const bench = benchOf({ 'a.xml': reportOf(without, without) });
    const spellings = ['12:00:00+0200', '12:00:00.000+02:00', '10:00:00Z', '10:00:00.000000Z'];
    await bench.run('import', 'a.xml');
    const before = (await bench.run('book', '--lines')).out;
    for (const [index, time] of spellings.entries()) {
      const other = reportOf(without, without).replaceAll('12:00:00+02:00', time);
      put(bench, `${index}.xml`, other);
      expect(read(await bench.run('import', `${index}.xml`, '--json')).files).toMatchObject([{ outcome: 'known' }]);
    }
    expect((await bench.run('book', '--lines')).out).toBe(before);
  });

  test('of a report that holds a row twice, balance and all, count once, and that is told', async () => {
    const [head = '', first = '', ...rest] = portalReport([merchant]).split('\r\n');
    const bench = benchOf({ 'a.csv': [head, first, first, ...rest].join('\r\n'), 'b.csv': portalReport([merchant]) });
    await bench.run('import', 'a.csv');
    const twice = (await bench.run('book', '--show-info')).out;
    expect(twice).toContain('delivered-twice');
    const once = benchOf({ 'b.csv': portalReport([merchant]) });
    await once.run('import', 'b.csv');
    const sales = (text: string): string => text.split('\n').find((line) => line.startsWith('302400')) ?? '';
    expect(sales(twice)).toBe(sales((await once.run('book')).out));
  });
});

describe('what files tell about customers', () => {
  const report = portalReport([merchant], { personalData: true });
  const told = (bench: Bench): string =>
    readdirSync(bench.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.csv'))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)))
      .map((bytes) => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('latin1'))
      .join();

  test('is not kept unless it is asked for', async () => {
    const bench = benchOf({ 'a.csv': report });
    await bench.run('import', 'a.csv');
    expect(told(bench)).not.toMatch(/Nordmann|8586|kaffen/);
    expect((await bench.run('personal-data')).out).toContain('kept about customers: nothing');
  });

  test('is kept apart where it is, can be looked up, and is removed for good', async () => {
    const bench = benchOf({ 'a.csv': report });
    await bench.run('import', 'a.csv');
    // The same file once more, for what was left out.
    await bench.run('import', 'a.csv', '--personal-data');
    const [, psp = ''] = /(\d{10}),/.exec(report) ?? [];
    expect((await bench.run('personal-data', '--payment', psp)).out).toContain('Ola Nordmann, +47 xxxx 8586, Takk');
    expect((await bench.run('book', '--lines')).out).not.toMatch(/Nordmann|8586|kaffen/);
    const { out, code } = await bench.run('personal-data', '--remove-before', '2026-07-01');
    expect(code).toBe(0);
    expect(out).toMatch(/removed for good: (\d+) names, \1 phone numbers, \1 messages of \1 payments from 2026-06-01/);
    expect(out).toContain('kept about customers: nothing');
    expect(told(bench)).not.toMatch(/Nordmann|8586|kaffen/);
    expect((await bench.run('book')).code).toBe(0);
  });
});

describe('files beside the API', () => {
  test('what the API has is not imported once more, and what a file has is not fetched', async () => {
    await using simulator = await startSimulator();
    const bench = createBench();
    bench.env = keysOf(simulator);
    bench.write('bilag.config.json', cafeConfig(simulator.url));
    put(bench, 'report.csv', portalReport([cafe]));
    await bench.run('fetch', '--to', '2026-07-03');
    const result = read(await bench.run('import', 'report.csv', '--json'));
    expect(result.files).toMatchObject([{ outcome: 'imported', dates: 3, ledgers: ['302400'] }]);
    const { out } = await bench.run('fetch', '--to', '2026-07-07');
    // A Sunday without sales stands in no file.
    expect(out).toMatch(/302400 +NOK +2026-07-05 to 2026-07-07 +1 +2 +0 +2026-07-07/);
    const booked = await bench.run('book', '--to', '2026-07-07');
    expect(booked.out).toContain('proved: ledger 302400');
    expect(booked.code).toBe(0);
  });

  test('a file that tells something else than the API is a conflict that names both', async () => {
    await using simulator = await startSimulator();
    const bench = createBench();
    bench.env = keysOf(simulator);
    bench.write('bilag.config.json', cafeConfig(simulator.url));
    const report = portalReport([cafe]);
    put(bench, 'report.csv', report.replace(/,Capture,\d+\.\d\d,/, ',Capture,1.00,'));
    await bench.run('fetch');
    const { code, messages } = await bench.run('import', 'report.csv');
    expect(code).toBe(3);
    expect(messages).toMatch(/report\.csv rows .* GET \/report\/v2/);
  });

  test('a sales unit that was imported without the name of its ledger is not fetched beside it', async () => {
    await using simulator = await startSimulator();
    const bench = createBench();
    bench.env = keysOf(simulator);
    bench.write('bilag.config.json', cafeConfig(simulator.url));
    put(bench, 'report.xml', settlementXml(cafe, '3.0'));
    expect(read(await bench.run('import', 'report.xml', '--json')).files).toMatchObject([{ ledgers: ['123455'] }]);
    const { code, messages } = await bench.run('fetch');
    expect(code).toBe(3);
    expect(messages).toContain(
      'sales unit 123455 was imported from files that do not name its ledger, which is 302400',
    );
  });
});

describe('bad input is told, and nothing of it is imported', () => {
  const report = portalReport([merchant]);
  const xml = settlementXml(merchant, '3.0');
  const bad: readonly (readonly [what: string, name: string, content: string | Uint8Array, told: RegExp])[] = [
    ['an empty file', 'a.csv', '', /it is an empty file.*portal report, CSV/s],
    ['a picture', 'a.csv', Buffer.from('89504e470d0a1a0a', 'hex'), /it is a picture/],
    [
      'another table',
      'a.csv',
      'a,b,c\n1,2,3\n',
      /a table of 3 columns, whose headings are not known.*known headings of a portal report are in English Sales unit, /s,
    ],
    ['another XML', 'a.xml', '<?xml version="1.0"?><Report><PaymentsInfo/></Report>', /XML with the root <Report>/],
    ['Windows-1252', 'a.csv', Buffer.from(portalReport([merchant], { language: 'nb' }), 'latin1'), /not UTF-8/],
    ['UTF-16', 'a.csv', Buffer.from(`\uFEFF${report}`, 'utf16le'), /not UTF-8: it is UTF-16/],
    [
      'an unknown heading',
      'a.csv',
      report.replace('Amount', 'Amount (NOK)'),
      /"Amount \(NOK\)".*known are, in English: Sales unit/s,
    ],
    ['a missing heading', 'a.csv', report.replaceAll(/^((?:[^,]*,){8})[^,]*,/gm, '$1'), /the report lacks Balance/],
    ['a quote that is never closed', 'a.csv', `${report}"`, /this is no CSV from here on/],
    [
      'a row with too many cells',
      'a.csv',
      `${report}a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s\r\n`,
      /19 cells under 18 headings/,
    ],
    [
      'a sales unit of two ledgers',
      'a.csv',
      report.replace(/302400-2000003/, '302999-2000003'),
      /settles into ledger 302999 here, and into 302400 before/,
    ],
    ['a row that is cut short', 'a.csv', report.slice(0, report.lastIndexOf(',NOK')), /\d+ cells under 18 headings/],
    [
      'an amount that is none',
      'a.csv',
      report.replace(/,Capture,\d+\.\d\d,/, ',Capture,1.234.00,'),
      /the amount is no amount in NOK.*row 2/s,
    ],
    [
      'a date that is none',
      'a.csv',
      report.replace('2026-06-01,Capture', '2026-13-01,Capture'),
      /the booking date is none.*row 2/s,
    ],
    [
      'a date that has not come',
      'a.csv',
      report.replaceAll('2026-06-', '2026-08-'),
      /the report has 2026-08-01, and today is 2026-07-08/,
    ],
    [
      'a report of another merchant',
      'a.xml',
      xml.replace('987654321', '918713867'),
      /of organisation 918713867, and the company is 987654321/,
    ],
    ['another currency', 'a.csv', report.replaceAll(',NOK,', ',DKK,'), /the report is in DKK/],
    ['XML that is cut short', 'a.xml', xml.slice(0, -300), /not a whole settlement report: .*line \d+/s],
    [
      'XML with a document type',
      'a.xml',
      xml.replace('<Settlement', '<!DOCTYPE x [<!ENTITY a "b">]><Settlement'),
      /it has a document type/,
    ],
    [
      'a zip that is cut short',
      'a.zip',
      zipSync({ 'a.csv': Buffer.from(report) }).slice(0, -40),
      /not a whole zip archive/,
    ],
    ['a workbook that is cut short', 'a.xlsx', portalWorkbook([merchant]).slice(0, -40), /not a whole spreadsheet/],
    [
      'a workbook without known headings',
      'a.xlsx',
      workbookOf('<row r="1"><c r="A1"><v>1</v></c></row>'),
      /no headings that are known/,
    ],
    ['a zip bomb', 'a.zip', zipSync({ 'a.csv': new Uint8Array(100_000_000) }), /it unpacks to \d+ times its length/],
  ];

  test.each(bad)('%s', async (_what, name, content, told) => {
    const bench = benchOf({ [name]: content });
    const { code, messages, out } = await bench.run('import', name);
    expect(messages).toMatch(told);
    expect(messages).toMatch(/nothing (?:of .*)?was imported/i);
    expect(out).toBe('');
    expect(code).not.toBe(0);
    expect(await isEmpty(bench)).toBe(true);
  });

  test('one bad file among good ones', async () => {
    const bench = benchOf({ 'a.csv': report, 'b.xml': xml.slice(0, -300) });
    expect((await bench.run('import', 'a.csv', 'b.xml')).code).toBe(1);
    expect(await isEmpty(bench)).toBe(true);
  });

  test('what is not there, a folder of nothing, and a source that imports nothing', async () => {
    const bench = benchOf();
    expect((await bench.run('import', 'gone.csv')).messages).toContain('where: gone.csv');
    mkdirSync(bench.path('empty'));
    expect((await bench.run('import', 'empty')).messages).toContain('where: empty');
    const files = benchOf(
      { 'a.json': '[]' },
      { source: { kind: 'v1-files', files: ['a.json'], settlement: 'net', amounts: 'major-decimals' } },
    );
    expect((await files.run('import', 'a.json')).messages).toContain('imports no files');
  });

  test('a second merchant is refused unless it is said to be a new ledger', async () => {
    const other = merchantOf({
      ledgerId: '302401',
      salesUnits: [{ handle: 'api:123466', name: 'Kiosk', trade: 'cafe' }],
    });
    const bench = benchOf({ 'a.csv': report, 'b.csv': portalReport([other]) });
    await bench.run('import', 'a.csv');
    const { code, messages } = await bench.run('import', 'b.csv');
    expect(code).toBe(3);
    expect(messages).toContain('import it with --new-ledger 302401');
    expect((await bench.run('import', 'b.csv', '--new-ledger', '302401')).code).toBe(0);
  });

  test.each([
    ['missing-payment', /count says \d+, and the rows come to \d+/],
    ['wrong-count', /count says \d+/],
  ] as const)(
    'a settlement whose sums do not add up is imported, told with its place, and not delivered: %s',
    async (fault, told) => {
      const bench = benchOf({ 'a.xml': settlementXml(merchant, '3.0', { faults: [fault] }) });
      const result = await bench.run('import', 'a.xml');
      expect(result.code).toBe(1);
      expect(result.out).toMatch(told);
      expect(result.out).toMatch(/where: +a\.xml .*row \d+, count/);
      expect((await bench.run('export', '--target', 'journal', '--period', '2026-06')).code).toBe(3);
    },
  );
});

/** A workbook of one row. */
function workbookOf(row: string): Uint8Array {
  const sheet = `<worksheet><sheetData>${row}</sheetData></worksheet>`;
  return zipSync({ '[Content_Types].xml': Buffer.from('<Types/>'), 'xl/worksheets/sheet1.xml': Buffer.from(sheet) });
}
