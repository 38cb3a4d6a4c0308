import { BilagError, type FileToImport } from '@bilag/core';
import { SaxesParser } from 'saxes';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import type { Row } from './row.ts';
import { XmlFeed } from './xml-feed.ts';

/** A row of a workbook. */
export interface SheetRow extends Row {
  /** The part of the file that its sheet is. */
  readonly sheet: string;
}

/** Which rows of a workbook are wanted: of one sheet, or of each as far as a row. */
export type WantedRows = { readonly sheet: string } | { readonly through: number };

/**
 * The rows of a workbook, as texts. A sheet streams; styles, which some of these files have broken, are not looked at, and
 * numbers stay the text that the file has, so that no amount becomes a float.
 */
export async function* xlsxRows(file: FileToImport, wanted: WantedRows): AsyncGenerator<SheetRow> {
  const zip = await openWorkbook(file);
  try {
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
    const sheets = [...entries.keys()].filter((name) => /^xl\/worksheets\/[^/]+\.xml$/.test(name)).toSorted(byNumber);
    if (sheets.length === 0) throw broken(file.name, 'it has no sheet');
    if (sheets.length > mostSheets) throw broken(file.name, `it has ${sheets.length} sheets`);
    await refuseOtherEpoch(zip, entries.get('xl/workbook.xml'), file.name);
    const texts = await sharedTexts(zip, entries.get('xl/sharedStrings.xml'), file.name);
    const last = 'through' in wanted ? wanted.through : Infinity;
    for (const sheet of 'sheet' in wanted ? [wanted.sheet] : sheets)
      for await (const row of rowsOf(zip, entries.get(sheet) as Entry, texts, file.name)) {
        if (row.number > last) break;
        yield { ...row, sheet };
      }
  } catch (error) {
    throw error instanceof BilagError ? error : broken(file.name, reasonOf(error), error);
  } finally {
    zip.close();
  }
}

/** A year of a busy merchant is some megabytes: what is packed lies in memory. */
const mostPacked = 67_108_864;
/** What one part may unpack to: a spreadsheet program ends at a million rows. */
const mostUnpacked = 1_073_741_824;
const mostTexts = 134_217_728;
const mostSheets = 100;
/** Where spreadsheet programs end, and twice as long as their longest text. */
const mostColumns = 16_384;
const longestCell = 65_536;

async function openWorkbook({ name, size, read }: FileToImport): Promise<ZipFile> {
  if (size > mostPacked) throw broken(name, `it is longer than ${mostPacked / 1_048_576} MiB`);
  const parts: Uint8Array[] = [];
  for await (const part of read()) parts.push(part);
  try {
    return await fromBufferPromise(Buffer.concat(parts), { lazyEntries: true, validateEntrySizes: true });
  } catch (error) {
    throw broken(name, reasonOf(error), error);
  }
}

/** Some programs count days from 1904: by the same number a date is four years later. */
async function refuseOtherEpoch(zip: ZipFile, entry: Entry | undefined, name: string): Promise<void> {
  if (entry === undefined) return;
  const parser = new SaxesParser({ fragment: false });
  const feed = new XmlFeed(parser);
  parser.on('opentag', ({ name: tag, attributes }) => {
    feed.heard();
    if (localNameOf(tag) === 'workbookPr' && ['1', 'true'].includes(String(attributes['date1904'])))
      throw broken(name, 'its dates are counted from 1904');
  });
  for await (const piece of xmlOf(zip, entry, name)) feed.write(piece);
}

/** Texts that cells refer to by their number. */
async function sharedTexts(zip: ZipFile, entry: Entry | undefined, name: string): Promise<readonly string[]> {
  if (entry === undefined) return [];
  if (entry.uncompressedSize > mostTexts) throw broken(name, 'its texts are longer than any report');
  const texts: string[] = [];
  const parser = new SaxesParser({ fragment: false });
  const feed = new XmlFeed(parser);
  let isText = false;
  parser.on('opentag', ({ name: tag }) => {
    feed.heard();
    const local = localNameOf(tag);
    if (local === 'si') texts.push('');
    isText = local === 't';
  });
  parser.on('text', (text) => {
    if (isText) texts[texts.length - 1] = lengthened(texts.at(-1) ?? '', text);
  });
  parser.on('closetag', () => {
    feed.heard();
    isText = false;
  });
  for await (const piece of xmlOf(zip, entry, name)) feed.write(piece);
  parser.close();
  return texts;
}

async function* rowsOf(zip: ZipFile, entry: Entry, texts: readonly string[], name: string): AsyncGenerator<Row> {
  const done: Row[] = [];
  const sheet = new SheetReader(texts, (row) => void done.push(row));
  for await (const piece of xmlOf(zip, entry, name)) {
    sheet.feed.write(piece);
    yield* done.splice(0);
  }
  sheet.parser.close();
  yield* done;
}

/** Cells of SpreadsheetML (ISO/IEC 29500-1, 18.3): `<row r><c r t><v>` or `<is><t>`. */
class SheetReader {
  readonly parser: SaxesParser = new SaxesParser({ fragment: false });
  readonly feed: XmlFeed = new XmlFeed(this.parser);
  #row = 0;
  #cells: string[] = [];
  #column = 0;
  #type = '';
  #text: string | undefined;

  constructor(texts: readonly string[], give: (row: Row) => void) {
    this.parser.on('opentag', ({ name: tag, attributes }) => {
      this.feed.heard();
      const name = localNameOf(tag);
      if (name === 'row') this.#begin(Number(attributes['r'] ?? this.#row + 1));
      else if (name === 'c') this.#beginCell(attributes['r'] ?? '', attributes['t'] ?? '');
      else if (name === 'v' || name === 't') this.#text ??= '';
    });
    this.parser.on('text', (text) => {
      if (this.#text !== undefined) this.#text = lengthened(this.#text, text);
    });
    this.parser.on('closetag', ({ name: tag }) => {
      this.feed.heard();
      const name = localNameOf(tag);
      if (name === 'c') this.#endCell(texts);
      else if (name === 'row' && this.#cells.some((cell) => cell.trim() !== ''))
        give({ number: this.#row, cells: this.#cells });
    });
  }

  #begin(row: number): void {
    this.#row = row;
    this.#cells = [];
    this.#column = -1;
  }

  #beginCell(place: string, type: string): void {
    const letters = /^[A-Z]{1,3}/.exec(place)?.[0];
    this.#column = letters === undefined ? this.#column + 1 : columnOf(letters);
    if (this.#column >= mostColumns) throw new RangeError(`row ${this.#row} has more cells than any sheet`);
    this.#type = type;
    this.#text = undefined;
  }

  #endCell(texts: readonly string[]): void {
    const text = this.#text ?? '';
    while (this.#cells.length < this.#column) this.#cells.push('');
    this.#cells[this.#column] = this.#type === 's' ? (texts[Number(text)] ?? '') : text;
    this.#text = undefined;
  }
}

/** A text with what follows: it may come in pieces, and go on for as long as the file does. */
function lengthened(text: string, more: string): string {
  if (text.length + more.length > longestCell) throw new RangeError('a cell is longer than those of any report');
  return text + more;
}

/** Some programs give every element a prefix. */
function localNameOf(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function columnOf(letters: string): number {
  return [...letters].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

async function* xmlOf(zip: ZipFile, entry: Entry, name: string): AsyncGenerator<string> {
  if (entry.uncompressedSize > mostUnpacked)
    throw broken(name, `${entry.fileName} unpacks to more than any report has`);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const bytes of await zip.openReadStreamPromise(entry))
    yield decoder.decode(bytes as Buffer, { stream: true });
  yield decoder.decode();
}

function byNumber(a: string, b: string): number {
  return Number(/\d+/.exec(a)?.[0] ?? 0) - Number(/\d+/.exec(b)?.[0] ?? 0);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function broken(where: string, why: string, cause?: unknown): BilagError {
  return new BilagError(
    'rejected',
    {
      what: `this is not a whole spreadsheet (XLSX): ${why}`,
      where,
      action: 'get the file from the portal again; nothing of it was imported',
    },
    { cause },
  );
}
