import { strToU8, zipSync } from 'fflate';

/** A table as a workbook (XLSX) of one sheet. Numbers are numbers; texts are shared, as spreadsheet programs write them. */
export function workbook(rows: readonly (readonly (string | number)[])[]): Uint8Array {
  const texts = new Map<string, number>();
  const cellOf = (value: string | number, place: string): string => {
    if (typeof value === 'number') return `<c r="${place}"><v>${value}</v></c>`;
    if (value === '') return `<c r="${place}" s="1"/>`;
    const number = texts.get(value) ?? texts.size;
    texts.set(value, number);
    return `<c r="${place}" t="s"><v>${number}</v></c>`;
  };
  const sheet = rows
    .map((row, index) => {
      const cells = row.map((value, column) => cellOf(value, `${columnName(column)}${index + 1}`));
      return row.length === 0 ? '' : `<row r="${index + 1}">${cells.join('')}</row>`;
    })
    .join('');
  const shared = [...texts.keys()].map((text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`).join('');
  const parts: Readonly<Record<string, string>> = {
    '[Content_Types].xml': `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${relationships}"><Relationship Id="rId1" Type="${types}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${types}"><sheets><sheet name="Report" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${relationships}"><Relationship Id="rId1" Type="${types}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${types}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData>${sheet}</sheetData></worksheet>`,
    'xl/sharedStrings.xml': `<sst xmlns="${main}">${shared}</sst>`,
  };
  const files = Object.entries(parts).map(
    ([name, text]) => [name, strToU8(`<?xml version="1.0" encoding="UTF-8"?>${text}`)] as const,
  );
  return zipSync(Object.fromEntries(files), { mtime: '2026-01-01T00:00:00' });
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const types = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const relationships = 'http://schemas.openxmlformats.org/package/2006/relationships';

function columnName(column: number): string {
  const before = Math.floor(column / 26);
  return `${before === 0 ? '' : columnName(before - 1)}${String.fromCharCode(65 + (column % 26))}`;
}

/** Text of an element or an attribute. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
