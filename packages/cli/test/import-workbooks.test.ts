import { portalReport, portalWorkbook } from '@bilag/simulator-vipps';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';
import { clearBenches } from './bench.ts';
import { benchOf, isEmpty, merchant, read } from './import-bench.ts';

afterAll(clearBenches);

const report = portalWorkbook([merchant]);
const sheet = 'xl/worksheets/sheet1.xml';

/** The report with its parts changed. */
function changed(change: (parts: Record<string, Uint8Array>) => Record<string, Uint8Array>): Uint8Array {
  return zipSync(change(unzipSync(report)));
}

/** The report with the text of a part changed. */
function rewritten(name: string, change: (text: string) => string): Uint8Array {
  return changed((parts) => ({ ...parts, [name]: strToU8(change(strFromU8(parts[name] ?? new Uint8Array()))) }));
}

async function vouchersOf(content: string | Uint8Array): Promise<string> {
  const bench = benchOf({ report: content });
  expect(await bench.run('import', 'report')).toMatchObject({ code: 0 });
  return (await bench.run('book')).out;
}

describe('a workbook is read', () => {
  const cover = strToU8('<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>');
  const { [sheet]: rows = new Uint8Array(), ...rest } = unzipSync(report);

  test.each<readonly [string, Uint8Array]>([
    ['whose elements have a prefix', rewritten(sheet, (text) => prefixed(text))],
    ['whose sheet is called otherwise', zipSync({ ...rest, 'xl/worksheets/Sheet.xml': rows })],
    ['that has a cover sheet', zipSync({ ...rest, [sheet]: cover, 'xl/worksheets/sheet2.xml': rows })],
    [
      'that has an empty sheet more',
      zipSync({ ...unzipSync(report), 'xl/worksheets/sheet2.xml': strToU8('<worksheet/>') }),
    ],
    ['in a zip archive that does not pack', zipSync({ 'report.xlsx': report }, { level: 0 })],
  ])('%s', async (_what, content) => {
    expect(await vouchersOf(content)).toBe(await vouchersOf(portalReport([merchant])));
  });

  test('with dates that are numbers, as spreadsheet programs keep them', async () => {
    const asNumber = (text: string): string =>
      text.replaceAll(
        /<si><t[^>]*>(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d))?<\/t><\/si>/g,
        (_, date, time = '00:00:00') => {
          const days = (Date.parse(`${date}T${time}Z`) - Date.UTC(1899, 11, 30)) / 86_400_000;
          return `<si><t>${days}</t></si>`;
        },
      );
    const content = rewritten('xl/sharedStrings.xml', asNumber);
    expect(content).not.toEqual(report);
    expect(await vouchersOf(content)).toBe(await vouchersOf(portalReport([merchant])));
  });
});

function prefixed(text: string): string {
  return text.replaceAll(/<(\/?)([a-zA-Z])/g, '<$1x:$2').replace('xmlns=', 'xmlns:x=');
}

/** A workbook of one row. */
function ofCells(cells: string): Uint8Array {
  return rewritten(sheet, () => `<worksheet><sheetData><row r="1">${cells}</row></sheetData></worksheet>`);
}

function withText(text: string): Uint8Array {
  return rewritten('xl/sharedStrings.xml', (texts) => texts.replace('<si>', `<si><t>${text}</t></si><si>`));
}

describe('a workbook is refused', () => {
  const with1904 = rewritten('xl/workbook.xml', (text) =>
    text.replace('<sheets>', '<workbookPr date1904="1"/><sheets>'),
  );
  const twoReports = changed((parts) => ({ ...parts, 'xl/worksheets/sheet2.xml': parts[sheet] ?? new Uint8Array() }));
  const merged = rewritten(sheet, (text) => text.replace(/(<c r="F3")[^>]*>.*?<\/c>/, '$1/>'));

  test.each([
    ['whose days are counted from 1904', with1904, /its dates are counted from 1904/],
    ['with reports on two sheets: neither may be lost', twoReports, /headings of a report stand in it 2 times/],
    [
      'with a cell as long as a book',
      ofCells(`<c><v>${'A'.repeat(70_000)}</v></c>`),
      /a cell is longer than those of any report/,
    ],
    ['with a cell that never ends', ofCells(`<c><v>${'A'.repeat(2_000_000)}`), /longer than those of any report/],
    ['with a text as long as a book', withText('A'.repeat(70_000)), /a cell is longer than those of any report/],
    ['with a row without end', ofCells('<c/>'.repeat(20_000)), /row 1 has more cells than any sheet/],
    ['with a cell far out', ofCells('<c r="ZZZ1"/>'), /row 1 has more cells than any sheet/],
    ['whose cells were merged', merged, /the booking date is none.*row 3/s],
  ])('%s', async (_what, content, told) => {
    const bench = benchOf({ 'a.xlsx': content });
    const { code, messages } = await bench.run('import', 'a.xlsx');
    expect(messages).toMatch(told);
    expect(code).toBe(1);
    expect(await isEmpty(bench)).toBe(true);
  });

  test('beside a report in CSV of the same dates it is known', async () => {
    const bench = benchOf({ 'a.csv': portalReport([merchant]), 'b.xlsx': report });
    const { files } = read(await bench.run('import', 'a.csv', 'b.xlsx', '--json'));
    expect(files.map(({ outcome }) => outcome)).toEqual(['imported', 'known']);
  });
});
