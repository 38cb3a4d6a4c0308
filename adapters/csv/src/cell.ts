import { BilagError, isWindows1252, toWindows1252Text } from '@bilag/core';
import type { CsvConfig } from './config.ts';

/**
 * What stands in one place of a row. A `number` or date is ours and written as it is; an `identifier` names something in
 * the books and must not change; a `reference` and a `text` may be made harmless.
 */
export interface Cell {
  readonly kind: 'number' | 'identifier' | 'reference' | 'text';
  readonly value: string;
}

export type CellStyle = Pick<CsvConfig, 'encoding' | 'neutraliseFormulas' | 'identifiers'> & {
  readonly separator: string;
};

/** A cell as it stands in the file: harmless, in the encoding's characters, and quoted where RFC 4180 asks for it. */
export function writeCell({ kind, value }: Cell, style: CellStyle, where: string): string {
  if (kind === 'number' || value === '') return quoted(value, style.separator);
  const text = kind === 'identifier' ? unchanged(value, style, where) : presentable(value, style);
  if (kind !== 'text' && style.identifiers === 'excel-text' && changesInExcel(text)) {
    return quoted(`="${text.replaceAll('"', '""')}"`, style.separator);
  }
  if (!style.neutraliseFormulas || !isFormula.test(text)) return quoted(text, style.separator);
  if (kind === 'identifier') {
    const remedy = 'name it otherwise, or set "neutraliseFormulas" to false where no spreadsheet opens the file';
    throw unfit(value, 'is a formula to a spreadsheet', where, remedy);
  }
  return quoted(`'${text}`, style.separator);
}

function presentable(value: string, { encoding }: CellStyle): string {
  const line = toOneLine(value);
  return encoding === 'windows-1252' ? toWindows1252Text(line) : line;
}

/** An identifier that the file cannot hold exactly is refused: changed, it would name another account or dimension. */
function unchanged(value: string, { encoding }: CellStyle, where: string): string {
  if (toOneLine(value) !== value) throw unfit(value, 'has control characters', where, 'name it without them');
  if (encoding === 'windows-1252' && !isWindows1252(value)) {
    throw unfit(value, 'has characters that Windows-1252 lacks', where, 'set "encoding" to "utf-8-bom"');
  }
  return value;
}

function unfit(value: string, problem: string, where: string, remedy: string): BilagError {
  return new BilagError('unsupported', {
    what: `"${value.slice(0, 40)}" ${problem}`,
    where,
    action: `${remedy}; the file was not finished`,
  });
}

/**
 * Excel keeps whole numbers of at most 15 digits without zeros before them; of anything else it may make a date (`10-12`,
 * `MAR1`) or another number (`1E5`). A text in a formula has at most 255 characters there.
 */
function changesInExcel(text: string): boolean {
  return !/^(?:0|[1-9]\d{0,14})$/.test(text) && text.length <= 255;
}

/**
 * owasp.org, CSV Injection: a cell that begins with one of these is a formula, also in their full-width forms. Blanks and
 * invisible characters before it are skipped, as some programs do. An apostrophe of the text's own before it gets another,
 * so that the one of ours can be told and taken away.
 */
const isFormula = /^[\s\p{Cf}']*[=+\-@\uff1d\uff0b\uff0d\uff20]/u;

/** Line breaks, control characters and marks that turn the order of what is read become a blank: many importers end the row at a line break, also in quotes. */
function toOneLine(text: string): string {
  if (!unusual.test(text)) return text;
  return text.toWellFormed().replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}

/** Anything that {@link toOneLine} changes: few texts have any, and to look is quicker than to replace. */
const unusual = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** RFC 4180, 2.5 to 2.7. Blanks at the ends are quoted too: some readers would take them away. */
function quoted(text: string, separator: string): string {
  if (!text.includes('"') && !text.includes(separator) && text.trim() === text) return text;
  return `"${text.replaceAll('"', '""')}"`;
}
