import type { ReadingHints, ReadLine, ReadVoucher, WrittenFile } from '@bilag/conformance';
import { parseAmount } from '@bilag/core';
import { parse } from 'csv-parse/sync';

/** How a file was written: what its receiver is told of it. */
export interface CsvForm {
  readonly separator?: string;
  readonly decimalSign?: string;
  readonly encoding?: string;
}

/** The rows of a file, as an RFC 4180 parser made by others finds them. Throws where they are not all of one length. */
export function rowsOf(content: Uint8Array, { separator = ';', encoding = 'utf-8' }: CsvForm = {}): string[][] {
  const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(content);
  return parse(text, { delimiter: separator, record_delimiter: '\r\n', bom: true });
}

/** Vouchers by the columns' headings, whatever the columns are. */
export function readCsv(form: CsvForm): (files: readonly WrittenFile[], hints: ReadingHints) => ReadVoucher[] {
  return (files, { decimals }) => {
    const vouchers = new Map<string, ReadVoucher & { readonly lines: ReadLine[] }>();
    for (const { content } of files) {
      const [headings = [], ...rows] = rowsOf(content, form);
      for (const row of rows) {
        const fields = new Map(headings.map((heading, index) => [heading, row[index] ?? '']));
        const field = (heading: string): string => fields.get(heading) ?? '';
        const reference = field('Voucher');
        const decimal = field('Amount').replace(form.decimalSign ?? ',', '.');
        const dimensions = headings
          .filter((heading) => heading.startsWith('Dimension ') && field(heading) !== '')
          .map((heading) => [heading.slice('Dimension '.length), field(heading)] as const);
        const line: ReadLine = {
          account: field('Account'),
          amount: parseAmount(decimal, decimals),
          text: bare(field('Text')),
          ...(field('VAT code') === '' ? {} : { vatCode: field('VAT code') }),
          ...(dimensions.length === 0 ? {} : { dimensions: Object.fromEntries(dimensions) }),
        };
        const voucher = vouchers.get(reference) ?? {
          reference,
          date: isoDate(field('Date')),
          currency: field('Currency'),
          description: bare(field('Description')),
          lines: [],
        };
        voucher.lines.push(line);
        vouchers.set(reference, voucher);
      }
    }
    return [...vouchers.values()];
  };
}

function isoDate(text: string): string {
  return text.includes('.') ? text.split('.').toReversed().join('-') : text;
}

/** The apostrophe that makes a formula harmless is not of the text. */
export function bare(text: string): string {
  return /^'[\s\p{Cf}']*[=+@＝＋－＠-]/u.test(text) ? text.slice(1) : text;
}
