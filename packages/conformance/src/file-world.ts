import {
  type Book,
  type BookCompany,
  type FileAdapter,
  type Voucher,
  amount,
  plainDate,
  type PlainDate,
} from '@bilag/core';
import { checkedConfig } from './checked-config.ts';
import type { FileSubject, ReadVoucher, WrittenFile } from './file-subject.ts';
import { norwegianChart, type KitChart } from './kit-chart.ts';
import { VoucherMaker } from './voucher-maker.ts';

/** What a book of the laws is made of; the rest is ordinary. */
export interface BookSketch {
  readonly vouchers: readonly Voucher[] | (() => Iterable<Voucher>);
  readonly period?: { readonly from: string; readonly to: string };
  readonly company?: Partial<BookCompany>;
}

/** A fresh world of one law of files: the adapter, its config, and makers of vouchers and books. */
export class FileWorld {
  readonly adapter: FileAdapter;
  readonly chart: KitChart;
  /** Makes vouchers the adapter can take. */
  readonly vouchers: VoucherMaker;
  readonly subject: FileSubject;
  readonly config: unknown;

  constructor(subject: FileSubject) {
    this.subject = subject;
    this.adapter = subject.adapter;
    this.chart = { ...norwegianChart, ...subject.chart };
    this.vouchers = new VoucherMaker(this.chart, subject.adapter.shape);
    this.config = checkedConfig(subject.adapter, subject.config);
  }

  /** A book of these vouchers: accounts, codes and dimensions of the chart, March 2026. */
  book({ vouchers, period, company }: BookSketch): Book {
    const { bank, clearing, fee, sales, currency, dimension } = this.chart;
    const { from = '2026-03-01', to = '2026-03-31' } = period ?? {};
    const vatAccounts = new Set(sales.flatMap(({ vatAccount }) => (vatAccount === null ? [] : [vatAccount])));
    const opening = amount(0);
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
      accounts: [
        { number: bank, name: 'Bank', role: 'bank', opening },
        { number: clearing, name: 'Vipps', role: 'clearing', opening },
        { number: fee, name: 'Gebyr', role: 'fee', opening },
        ...sales.map(({ account, vatCode }) => ({
          number: account,
          name: `Salg ${vatCode}`,
          role: 'revenue' as const,
          vatCodes: [vatCode],
          opening,
        })),
        ...[...vatAccounts].map((number) => ({ number, name: 'Mva', role: 'vat' as const, opening })),
      ],
      vatCodes: sales.map(({ vatCode, rateBasisPoints }) => ({
        code: vatCode,
        description: `Salg ${rateBasisPoints / 100} %`,
        rateBasisPoints,
        kind: 'output',
      })),
      dimensions:
        dimension === undefined ? [] : [{ type: dimension.type, id: dimension.value, name: `${dimension.type} one` }],
      parties: [],
      vouchers: () => (typeof vouchers === 'function' ? vouchers() : vouchers),
    };
  }

  /** Renders a book and collects the files whole. */
  async render(book: Book): Promise<WrittenFile[]> {
    const files: WrittenFile[] = [];
    for await (const { name, mediaType, content } of this.adapter.render(book, this.config, { createdAt })) {
      const pieces: Uint8Array[] = [];
      for await (const piece of content) {
        pieces.push(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece.slice());
      }
      files.push({ name, mediaType, content: Buffer.concat(pieces) });
    }
    return files;
  }

  /** Renders vouchers and gives them to the independent reader. */
  async written(sketch: BookSketch): Promise<readonly ReadVoucher[]> {
    return this.subject.read(await this.render(this.book(sketch)));
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}

/** Opens a fresh world. */
export function openFileWorld<Config>(subject: FileSubject<Config>): FileWorld {
  return new FileWorld(subject as unknown as FileSubject);
}

/** When every file of the laws is made. */
export const createdAt = '2026-04-01T08:00:00Z';

/** A date of the laws' period. */
export const inPeriod: PlainDate = plainDate('2026-03-02');
