import {
  decimalsOf,
  type Book,
  type BookCompany,
  type BookDimension,
  type FileAdapter,
  type OutputFile,
  type Voucher,
  plainDate,
  type PlainDate,
} from '@bilag/core';
import { checkedConfig } from '../kit/checked-config.ts';
import type { FileSubject, ReadVoucher, WrittenFile } from './file-subject.ts';
import { accountsOf, vatCodesOf } from '../kit/kit-book.ts';
import { LawBroken } from '../law.ts';
import { norwegianChart, type KitChart, type KitReverseCharge, type KitSale } from '../kit/kit-chart.ts';
import { VoucherMaker } from '../kit/voucher-maker.ts';

/** What a book of the laws is made of; the rest is ordinary. */
export interface BookSketch {
  readonly vouchers: readonly Voucher[] | (() => Iterable<Voucher> | AsyncIterable<Voucher>);
  /** March by default. */
  readonly period?: { readonly from: string; readonly to: string };
  readonly company?: Partial<BookCompany>;
  /** The revenue accounts with their codes and rates; the chart's by default. */
  readonly sales?: readonly KitSale[];
  readonly reverseCharge?: KitReverseCharge;
  /** The chart's dimension by default. */
  readonly dimensions?: readonly BookDimension[];
}

/** A fresh world of one law of files: the adapter, its config, and makers of vouchers and books. */
export class FileWorld {
  readonly adapter: FileAdapter;
  readonly chart: KitChart;
  /** The year of its books. */
  readonly year: number;
  /** Makes vouchers the adapter can take. */
  readonly vouchers: VoucherMaker;
  readonly subject: FileSubject;
  readonly config: unknown;

  constructor(subject: FileSubject) {
    this.subject = subject;
    this.adapter = subject.adapter;
    this.chart = { ...norwegianChart, ...subject.chart };
    this.year = subject.year ?? 2026;
    this.vouchers = this.makerOf(this.chart.sales);
    this.config = checkedConfig(subject.adapter, subject.config);
  }

  /** A maker of vouchers with other sales than the chart's. */
  makerOf(sales: readonly KitSale[]): VoucherMaker {
    return new VoucherMaker({ ...this.chart, sales }, this.adapter.shape, this.year);
  }

  /** A day of the year of its books, such as `03-29`. */
  day(monthAndDay: string): PlainDate {
    return plainDate(`${this.year}-${monthAndDay}`);
  }

  /** A book of these vouchers: accounts, codes and dimensions of the chart, March. */
  book(sketch: BookSketch): Book {
    const { vouchers, period, company, dimensions } = sketch;
    const { currency, dimension } = this.chart;
    const { from, to } = period ?? { from: this.day('03-01'), to: this.day('03-31') };
    const sales = sketch.sales ?? this.chart.sales;
    return {
      company: {
        name: 'Kaffebaren Eksempel AS',
        organisationNumber: '987654321',
        country: 'NO',
        currency,
        ...this.subject.company,
        ...company,
      },
      period: { from: plainDate(from), to: plainDate(to) },
      accounts: accountsOf(this.chart, sales, sketch.reverseCharge),
      vatCodes: vatCodesOf(sales, sketch.reverseCharge),
      dimensions:
        dimensions ??
        (dimension === undefined ? [] : [{ type: dimension.type, id: dimension.value, name: `${dimension.type} one` }]),
      parties: [],
      vouchers: () => (typeof vouchers === 'function' ? vouchers() : vouchers),
    };
  }

  /** The adapter's files, not yet read. */
  files(book: Book): AsyncIterable<OutputFile> {
    return this.adapter.render(book, this.config, { createdAt });
  }

  /** Renders a book and collects the files whole. */
  async render(book: Book): Promise<WrittenFile[]> {
    const files: WrittenFile[] = [];
    for await (const { name, mediaType, content } of this.files(book)) {
      const pieces: Uint8Array[] = [];
      for await (const piece of content) pieces.push(Uint8Array.from(bytesOf(piece)));
      files.push({ name, mediaType, content: Buffer.concat(pieces) });
    }
    return files;
  }

  /** Renders a book and gives the files to the independent reader. */
  async readBack(book: Book): Promise<readonly ReadVoucher[]> {
    const { currency } = book.company;
    const files = await this.render(book);
    try {
      return await this.subject.read(files, { currency, decimals: decimalsOf(currency) });
    } catch (error) {
      // Never to be taken for a refusal: the adapter has written.
      throw new LawBroken(`the reader finds the files unsound: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Renders vouchers and gives the files to the independent reader. */
  async written(sketch: BookSketch): Promise<readonly ReadVoucher[]> {
    return this.readBack(this.book(sketch));
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}

/** Opens a fresh world. */
export function openFileWorld<Config>(subject: FileSubject<Config>): FileWorld {
  return new FileWorld(subject as unknown as FileSubject);
}

/** A piece of a file as bytes: strings are UTF-8. */
export function bytesOf(piece: string | Uint8Array): Uint8Array {
  return typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
}

/** When every file of the laws is made. */
export const createdAt = '2026-04-01T08:00:00Z';
