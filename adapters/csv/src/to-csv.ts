import {
  addDays,
  BilagError,
  encodeWindows1252,
  lastDayOfMonth,
  linesOf,
  voucherTexts,
  type Book,
  type OutputFile,
  type ViewedLine,
  type Voucher,
} from '@bilag/core';
import { writeCell, type CellStyle } from './cell.ts';
import { columnsOf, type Column } from './columns.ts';
import type { CsvConfig } from './config.ts';

type Period = Book['period'];

/** The files of a book: one, or one for each month. Every file reads the book once; memory holds one voucher. */
export async function* toCsv(book: Book, config: CsvConfig): AsyncGenerator<OutputFile> {
  const { organisationNumber, currency } = book.company;
  const charset = config.encoding === 'windows-1252' ? 'windows-1252' : 'utf-8';
  const header = config.headings ? 'present' : 'absent';
  for (const part of config.split === 'none' ? [book.period] : monthsOf(book.period)) {
    yield {
      // Of numbers, dates and the currency alone: nobody is named in a file name.
      name: `${organisationNumber}-${currency}-${part.from}-${part.to}.csv`,
      period: part,
      mediaType: `text/csv; charset=${charset}; header=${header}`,
      content: charset === 'windows-1252' ? encoded(rows(book, part, config)) : rows(book, part, config),
    };
  }
}

async function* rows(book: Book, part: Period, config: CsvConfig): AsyncGenerator<string> {
  const columns = columnsOf(book, config);
  const separator = config.separator === 'tab' ? '\t' : config.separator;
  const style: CellStyle = { ...config, separator };
  if (config.encoding === 'utf-8-bom') yield '\ufeff';
  if (config.headings) {
    const cells = columns.map(({ heading }) => writeCell({ kind: 'text', value: heading }, style, 'config.columns'));
    yield `${cells.join(separator)}\r\n`;
  }
  yield* voucherTexts(book, (voucher) => {
    mustBelongTo(book, voucher);
    if (voucher.date < part.from || voucher.date > part.to) return '';
    const where = `voucher ${voucher.key}`;
    let text = '';
    for (const [index, line] of linesOf(voucher, 'explicit').entries()) {
      mustHoldDimensions(line, columns, where);
      mustHoldParty(line, config, where);
      const row = { voucher, line, place: index + 1 };
      text += `${columns.map(({ cell }) => writeCell(cell(row), style, where)).join(separator)}\r\n`;
    }
    return text;
  });
}

async function* encoded(content: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const piece of content) yield encodeWindows1252(piece);
}

function mustBelongTo({ company, period }: Book, { key, currency, date }: Voucher): void {
  if (currency === company.currency && date >= period.from && date <= period.to) return;
  throw new BilagError('rejected', {
    what: `it is of ${date} in ${currency}, and the file of ${period.from} to ${period.to} in ${company.currency}`,
    where: `voucher ${key}`,
    action: 'prepare the book anew from the same policy and period, one currency at a time',
  });
}

/** A dimension that no column shows would be lost without a word. */
function mustHoldDimensions({ dimensions = {} }: ViewedLine, columns: readonly Column[], where: string): void {
  const lost = Object.keys(dimensions).find((type) => !columns.some(({ dimension }) => dimension === type));
  if (lost === undefined) return;
  throw new BilagError('unsupported', {
    what: `the dimension "${lost}" has no column`,
    where,
    action: 'add "dimensions", or a column { "dimension": … }, to "columns"; the file was not finished',
  });
}

/** Whose receivable or payable it is would be lost as well. */
function mustHoldParty({ party }: ViewedLine, { columns }: CsvConfig, where: string): void {
  if (party === undefined) return;
  const isShown = columns.some((one) => (typeof one === 'object' && 'field' in one ? one.field : one) === 'party');
  if (isShown) return;
  throw new BilagError('unsupported', {
    what: `the ${party.kind} of a line has no column`,
    where,
    action: 'add "party" to "columns"; the file was not finished',
  });
}

/** The months of a period; the first and the last may be cut short. */
function monthsOf({ from, to }: Period): Period[] {
  const months: Period[] = [];
  for (let start = from; start <= to;) {
    const end = lastDayOfMonth(start);
    months.push({ from: start, to: end < to ? end : to });
    start = addDays(end, 1);
  }
  return months;
}
