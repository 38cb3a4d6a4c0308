import { quotedName } from '@bilag/core';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { jsonObjects } from './json-objects.ts';
import type { Order } from './order.ts';
import { orderOf, refused, type CellOf, type OrderColumns } from './order-rows.ts';

/**
 * Reads orders from a file, row by row: CSV in UTF-8 with a row of titles (separated by commas, semicolons or tabs), or JSON: an
 * array of objects, or one object a line. Throws `rejected`, which names row and column, for what cannot be read.
 */
export async function* readOrders(
  path: string,
  { columns, currency }: { readonly columns: OrderColumns; readonly currency: string },
): AsyncGenerator<Order> {
  const name = basename(path);
  const found = await stat(path).catch((cause: unknown) => {
    throw refused('the file cannot be read', path, 'look at its name', cause);
  });
  if (!found.isFile()) throw refused('this is not a file', path, 'name a file');
  const text = textOf(path, name);
  const first = await text.next();
  const beginning = first.done === true ? '' : first.value;
  const whole = async function* (): AsyncGenerator<string> {
    yield beginning;
    yield* text;
  };
  const isJson = /^\s*[[{]/.test(beginning);
  const rows = isJson ? jsonRows(whole(), name, columns) : csvRows(whole(), { beginning, name, columns });
  for await (const [row, cellOf] of rows) yield orderOf(cellOf, row, { columns, currency, name });
}

type Rows = AsyncGenerator<readonly [row: number, cellOf: CellOf]>;

/** The text of a file, piece by piece, without its byte order mark. */
async function* textOf(path: string, name: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decoded = (piece?: Uint8Array): string => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
    } catch (cause) {
      throw refused('the file is not written in UTF-8', name, 'save it as UTF-8', cause);
    }
  };
  for await (const piece of createReadStream(path)) yield decoded(piece as Uint8Array);
  yield decoded();
}

async function* jsonRows(text: AsyncIterable<string>, name: string, columns: OrderColumns): Rows {
  let row = 0;
  for await (const object of jsonObjects(text, name)) {
    row += 1;
    for (const column of [columns.reference, columns.amount])
      if (!Object.hasOwn(object, column)) throw noColumn(column, `${name}, row ${row}`, Object.keys(object));
    yield [row, (column) => (Object.hasOwn(object, column) ? object[column] : undefined)];
  }
}

interface CsvFile {
  readonly beginning: string;
  readonly name: string;
  readonly columns: OrderColumns;
}

async function* csvRows(text: AsyncIterable<string>, { beginning, name, columns }: CsvFile): Rows {
  const { CsvError, parse } = await import('csv-parse');
  const parser = parse({
    delimiter: delimiterOf(beginning),
    relax_column_count: true,
    max_record_size: longestRow,
    record_delimiter: ['\r\n', '\n', '\r'],
  });
  // A failure of the file comes out of the parser; the callback keeps it from being nobody's.
  pipeline(Readable.from(text), parser, () => undefined);
  let row = 0;
  let titles: readonly string[] | undefined;
  let places = new Map<string, number>();
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row += 1;
      if (cells.every((cell) => cell.trim() === '')) continue;
      if (titles === undefined) {
        titles = cells.map((cell) => cell.trim());
        places = placesOf(titles, columns, `${name}, row ${row}`);
        continue;
      }
      if (cells.length !== titles.length) {
        const what = `the row has ${cells.length} cells, and the titles are ${titles.length}`;
        throw refused(what, `${name}, row ${row}`, 'put cells with a separator in them in quotes');
      }
      yield [row, (column) => cells[places.get(column) ?? -1]];
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const what =
      error.code === 'CSV_MAX_RECORD_SIZE' ? 'a quote is opened and never closed' : 'quotes stand where none may';
    throw refused(what, `${name}, row ${row + 1}`, 'export the file again', error);
  }
  if (titles === undefined) throw refused('the file is empty', name, 'export it again, with a row of titles');
}

/** An order has no long texts; a quote that is never closed would take the rest of the file for one. */
const longestRow = 131_072;

/** What stands most often in the first line, outside of quotes. */
function delimiterOf(text: string): string {
  const line = (text.trimStart().split(/[\r\n]/, 1)[0] ?? '').replaceAll(/"[^"]*"/g, '');
  const counted = [',', ';', '\t'].map((delimiter) => [line.split(delimiter).length, delimiter] as const);
  return counted.reduce((most, next) => (next[0] > most[0] ? next : most))[1];
}

function placesOf(titles: readonly string[], columns: OrderColumns, where: string): Map<string, number> {
  const wanted = [columns.reference, columns.amount, columns.refunded].filter((column) => column !== undefined);
  return new Map(
    wanted.map((column) => {
      const place = titles.indexOf(column);
      if (place === -1) throw noColumn(column, where, titles);
      if (titles.includes(column, place + 1)) {
        const what = `column ${quotedName(column)} is there twice`;
        throw refused(what, where, 'give the columns names of their own');
      }
      return [column, place];
    }),
  );
}

function noColumn(column: string, where: string, titles: readonly string[]): Error {
  const there = titles.slice(0, mostTitles).map(quotedName).join(', ');
  return refused(
    `there is no column ${quotedName(column)}`,
    where,
    `name the columns under orders in the config, or with --reference, --amount and --refunded: the file has ${there}`,
  );
}

const mostTitles = 20;
