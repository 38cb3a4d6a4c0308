import type { FileReading, FileToImport, ImportContext } from '@bilag/core';
import { csvRows } from './table/csv-rows.ts';
import { type FileKind, fileKindOf } from './recognise.ts';
import { portalPages } from './portal/portal-report.ts';
import { knownHeadings, type OwnWords, portalLanguageOf } from './portal/portal-words.ts';
import type { Row } from './table/row.ts';
import { csvSettlementPages } from './settlement/settlement-csv.ts';
import { isSettlementHeading, xlsxSettlementPages } from './settlement/settlement-xlsx.ts';
import { xmlSettlementPages } from './settlement/settlement-xml.ts';
import { rejectedFile } from './rejected-file.ts';
import { type SheetRow, xlsxRows } from './table/xlsx-rows.ts';

/** How files are cut into pages. */
export interface ImportChoices {
  /** The local hour at which the merchant's ledger dates begin. */
  readonly cutoffHour: number;
  readonly words: OwnWords;
}

/** Cuts a file of any known kind into pages. */
export async function* pagesOfFile(
  file: FileToImport,
  choices: ImportChoices,
  context: ImportContext,
): AsyncGenerator<FileReading> {
  const kind = fileKindOf({ bytes: await headOf(file) }, choices.words);
  if (kind === undefined) throw rejectedFile(file.name, 'this is no file that is known');
  yield* readers[kind](file, choices, context);
}

type Reader = (file: FileToImport, choices: ImportChoices, context: ImportContext) => AsyncIterable<FileReading>;

const xml: Reader = (file, { cutoffHour }, context) => xmlSettlementPages(file, cutoffHour, context);

const readers: Readonly<Record<FileKind, Reader>> = {
  'portal report, CSV': (file, { words }, context) =>
    portalPages({ file, rows: () => csvRows(file), words, hasEveryCell: true }, context),
  'settlement report 3.0, XML': xml,
  'settlement report 2.0, XML': xml,
  'settlement report of 2021, CSV': (file, _choices, context) => csvSettlementPages(file, context),
  'portal report or settlement report of 2018 and 2019, XLSX': workbookPages,
};

/** What a workbook is stands in the headings of one of its sheets: in the first row, or below some about the report. */
async function* workbookPages(
  file: FileToImport,
  { words }: ImportChoices,
  context: ImportContext,
): AsyncGenerator<FileReading> {
  const found: SheetRow[] = [];
  for await (const row of xlsxRows(file, { through: lastHeading }))
    if (isSettlementHeading(row.cells) || portalLanguageOf(row.cells, words) !== undefined) found.push(row);
  const [heading, another] = found;
  if (heading === undefined) throw withoutHeadings(file.name);
  if (another !== undefined) {
    const what = `the headings of a report stand in it ${found.length} times, and only one would be read`;
    throw rejectedFile(file.name, what, 'save each sheet as a file of its own');
  }
  const { sheet, number, cells } = heading;
  if (isSettlementHeading(cells)) yield* xlsxSettlementPages(file, xlsxRows(file, { sheet }), context);
  else {
    const rows = (): AsyncGenerator<Row> => from(number, xlsxRows(file, { sheet }));
    yield* portalPages({ file, rows, words, hasEveryCell: false }, context);
  }
}

function withoutHeadings(name: string): Error {
  return rejectedFile(
    name,
    'the workbook has no headings that are known in its first rows',
    `${knownHeadings}; those of a settlement report begin with Salgsdato`,
  );
}

const lastHeading = 20;

async function* from(first: number, rows: AsyncIterable<Row>): AsyncGenerator<Row> {
  for await (const row of rows) if (row.number >= first) yield row;
}

async function headOf({ read }: FileToImport): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of read()) {
    parts.push(part);
    length += part.length;
    if (length >= 65_536) break;
  }
  return Buffer.concat(parts).subarray(0, 65_536);
}
