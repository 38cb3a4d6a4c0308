import { BilagError, type FileToImport } from '@bilag/core';
import { CsvError, parse } from 'csv-parse';
import { Readable } from 'node:stream';
import { textOf } from './file-text.ts';
import { delimiterOf, type Row } from './row.ts';

/**
 * The rows of a CSV file. Spreadsheet programs save it anew with semicolons or tabs: the first line tells. Line breaks may
 * stand inside quotes; a row is counted as a spreadsheet counts it.
 */
export async function* csvRows(file: FileToImport): AsyncGenerator<Row> {
  const text = textOf(file);
  const first = await text.next();
  const beginning = (first.value ?? '').replace(/^\uFEFF/, '');
  const rest = async function* (): AsyncGenerator<string> {
    if (beginning !== '') yield beginning;
    yield* text;
  };
  const options = { delimiter: delimiterOf(beginning), relax_column_count: true, max_record_size: longestRow };
  const parser = Readable.from(rest()).pipe(parse({ ...options, record_delimiter: ['\r\n', '\n', '\r'] }));
  let number = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      number += 1;
      if (cells.some((cell) => cell.trim() !== '')) yield { number, cells };
    }
  } catch (error) {
    throw error instanceof CsvError ? brokenRow(error, file.name) : error;
  }
}

/** A message of a customer is short; a quote that is never closed would take the rest of the file for one. */
const longestRow = 131_072;

function brokenRow(error: CsvError, name: string): BilagError {
  const why =
    error.code === 'CSV_MAX_RECORD_SIZE' ? 'a quote is opened and never closed' : 'quotes stand where none may';
  return new BilagError(
    'rejected',
    {
      what: `this is no CSV from here on: ${why}`,
      where: `${name}, line ${String(error['lines'])}`,
      action: 'get the file from the portal again; nothing of it was imported',
    },
    { cause: error },
  );
}
