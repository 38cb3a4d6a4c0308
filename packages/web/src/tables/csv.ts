import { decimalsOf, formatAmount, type Language } from '@bilag/core';
import { headingWithCurrency, type Cell, type Column } from './column.ts';

/** How a file is to be read: a spreadsheet of the language opens it as it is. */
export interface CsvOptions {
  readonly language: Language;
  readonly currency: string;
}

/**
 * A table as CSV, row by row as rows come: UTF-8 with its mark, fields apart by `;` where amounts have a comma, else by `,`, and dates as
 * ISO 8601. No text of others becomes a formula: what begins like one gets a `'` before it (OWASP, CSV injection).
 */
export async function* csvOf<Row>(
  columns: readonly Column<Row>[],
  rows: AsyncIterable<Row> | Iterable<Row>,
  options: CsvOptions,
): AsyncGenerator<string, void, undefined> {
  const separator = options.language === 'en' ? ',' : ';';
  const lineOf = (fields: readonly string[]): string =>
    `${fields.map((field) => quoted(field, separator)).join(separator)}\r\n`;
  const headings = columns.map((column) => headingWithCurrency(column, options.currency));
  let chunk = `\uFEFF${lineOf(headings.map(inert))}`;
  for await (const row of rows) {
    chunk += lineOf(columns.map(({ cell }) => fieldOf(cell(row), options)));
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

const chunkLength = 65_536;

function fieldOf(cell: Cell, { language, currency }: CsvOptions): string {
  if (cell.value === undefined) return '';
  const point = language === 'en' ? '.' : ',';
  switch (cell.is) {
    case 'text':
      return inert(cell.value);
    case 'amount':
      return formatAmount(cell.value, decimalsOf(cell.currency ?? currency)).replace('.', point);
    case 'percent':
      return String(cell.value / 100).replace('.', point);
    case 'time':
      return new Date(cell.value).toISOString();
    case 'count':
      return String(cell.value);
    case 'date':
      return cell.value;
  }
}

/** A spreadsheet takes what begins so for a formula, also after blanks and what it reads as line ends. */
function inert(text: string): string {
  return /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u.test(text) ? `'${text}` : text;
}

function quoted(field: string, separator: string): string {
  return field.includes(separator) || /["\r\n\t']|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
