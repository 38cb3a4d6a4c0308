import {
  BilagError,
  decimalsOf,
  formatAmount,
  linesOf,
  voucherReference,
  type Book,
  type FileAdapter,
  type OutputFile,
  type RenderContext,
  type VatView,
  type ViewedLine,
  type Voucher,
} from '@bilag/core';
import { checkSampleFile } from './check-sample-file.ts';

/** Nothing can be configured. */
export type SampleConfig = Readonly<Record<string, unknown>>;

/** How the sample does each thing: what a saboteur does wrong is one of them. */
export interface SampleParts {
  fileName(book: Book): string;
  header(book: Book, context: RenderContext): string;
  amount(amount: ViewedLine['amount'], currency: string): string;
  date(voucher: Voucher): string;
  text(text: string): string;
  dimensions(line: ViewedLine): string;
  lines(voucher: Voucher, view: VatView): readonly ViewedLine[];
  voucher(voucher: Voucher, view: VatView, parts: SampleParts): string;
  refuse(voucher: Voucher, book: Book): void;
  vouchers(book: Book): AsyncIterable<Voucher> | Iterable<Voucher>;
  content(book: Book, context: RenderContext, view: VatView, parts: SampleParts): OutputFile['content'];
  check: NonNullable<FileAdapter['check']> | undefined;
}

/** A file adapter that keeps every law: rows of fields set apart by tabs. */
export function sampleFile(vat: VatView, changes: Partial<SampleParts> = {}): FileAdapter<SampleConfig> {
  const parts = { ...soundParts, ...changes };
  return {
    contract: 1,
    kind: 'file',
    id: 'sample-file',
    title: 'Sample file',
    config: { '~standard': { version: 1, vendor: 'sample', validate: (value) => ({ value: value as SampleConfig }) } },
    vat,
    async *render(book, _config, context) {
      yield {
        name: parts.fileName(book),
        mediaType: 'text/tab-separated-values; charset=utf-8',
        content: parts.content(book, context, vat, parts),
      };
    },
    ...(parts.check === undefined ? {} : { check: parts.check }),
  };
}

export const soundParts: SampleParts = {
  fileName: ({ company, period }) =>
    `vouchers-${company.organisationNumber.replaceAll(/\D/g, '')}-${period.from}-${period.to}.tsv`,
  header({ company, period, accounts }, { createdAt }) {
    const { name, organisationNumber, currency } = company;
    const rows = [
      ['H', '1', organisationNumber, escaped(name), currency, period.from, period.to, createdAt],
      ...accounts.map((account) => ['A', account.number, escaped(account.name)]),
    ];
    return rows.map(rowOf).join('');
  },
  amount: (amount, currency) => formatAmount(amount, decimalsOf(currency)),
  date: ({ date }) => date,
  text: escaped,
  dimensions: ({ dimensions = {} }) =>
    Object.entries(dimensions)
      .map((pair) => pair.map(encodeURIComponent).join('='))
      .join('&'),
  lines: linesOf,
  voucher(voucher, view, parts) {
    const rows = parts
      .lines(voucher, view)
      .map((line) => [
        'L',
        line.account,
        parts.amount(line.amount, voucher.currency),
        line.vat?.code ?? '',
        parts.dimensions(line),
        parts.text(line.text),
      ]);
    const head = ['V', voucherReference(voucher), parts.date(voucher), parts.text(voucher.description)];
    return [head, ...rows].map(rowOf).join('');
  },
  refuse(voucher, { company, accounts, period }) {
    const { currency, date } = voucher;
    if (date < period.from || date > period.to) {
      throw new BilagError('rejected', {
        what: `${date} is not in ${period.from} to ${period.to}`,
        where: `voucher ${voucherReference(voucher)}`,
        action: 'give the book only what belongs there',
      });
    }
    const stranger = voucher.lines.find(({ account }) => !accounts.some(({ number }) => number === account));
    if (currency === company.currency && stranger === undefined) return;
    throw new BilagError('rejected', {
      what:
        stranger === undefined
          ? `it is in ${currency}, not ${company.currency}`
          : `account ${stranger.account} is not there`,
      where: `voucher ${voucherReference(voucher)}`,
      action: 'give the book only what belongs there',
    });
  },
  vouchers: (book) => book.vouchers(),
  async *content(book, context, view, parts) {
    yield parts.header(book, context);
    let count = 0;
    let debit = 0;
    for await (const voucher of parts.vouchers(book)) {
      parts.refuse(voucher, book);
      count += 1;
      for (const { amount } of parts.lines(voucher, view)) debit += Math.max(0, amount);
      yield parts.voucher(voucher, view, parts);
    }
    yield rowOf(['T', String(count), String(debit)]);
  },
  check: checkSampleFile,
};

/** One row of the file. */
export function rowOf(fields: readonly string[]): string {
  return `${fields.join('\t')}\n`;
}

/** The characters that set rows and fields apart, as two characters each. */
export function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
}
