import type { FileReading, FileToImport, ImportContext } from '@bilag/core';
import { csvRows } from './table/csv-rows.ts';
import { type FileKind, fileKindOf } from './recognise.ts';
import { portalPages } from './portal/portal-report.ts';
import { type OwnWords, portalLanguageOf, portalLanguages } from './portal/portal-words.ts';
import type { Row } from './table/row.ts';
import { csvSettlementPages } from './settlement/settlement-csv.ts';
import { isSettlementHeading, xlsxSettlementPages } from './settlement/settlement-xlsx.ts';
import { xmlSettlementPages } from './settlement/settlement-xml.ts';
import { rejectedFile } from './rejected-file.ts';
import { xlsxRows } from './table/xlsx-rows.ts';

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
  const kind = fileKindOf({ bytes: await headOf(file) });
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

/** What a workbook is stands in its headings: in the first row, or below some about the report. */
async function* workbookPages(
  file: FileToImport,
  { words }: ImportChoices,
  context: ImportContext,
): AsyncGenerator<FileReading> {
  const headings: (readonly string[])[] = [];
  for await (const { number, cells } of xlsxRows(file)) {
    if (number > lastHeading) break;
    headings.push(cells);
    if (isSettlementHeading(cells)) {
      yield* xlsxSettlementPages(file, xlsxRows(file), context);
      return;
    }
    if (portalLanguageOf(cells) === undefined) continue;
    yield* portalPages({ file, rows: () => from(number, xlsxRows(file)), words, hasEveryCell: false }, context);
    return;
  }
  const known = portalLanguages.map(({ columns }) => Object.values(columns).slice(0, 4).join(', ')).join('; or ');
  throw rejectedFile(
    file.name,
    `the workbook has no headings that are known in its first rows: ${known}; or Salgsdato`,
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
