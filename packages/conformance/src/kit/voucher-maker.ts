import {
  amount,
  containedVat,
  createVoucher,
  negate,
  plainDate,
  subtract,
  sum,
  type Amount,
  type DocumentKind,
  type JournalLine,
  type PlainDate,
  type Voucher,
  type VoucherShape,
} from '@bilag/core';
import type { KitChart, KitSale } from './kit-chart.ts';

/** What differs from an ordinary voucher. */
export type VoucherChanges = Partial<
  Pick<Voucher, 'key' | 'revision' | 'date' | 'description' | 'currency' | 'series' | 'ledgerDate'>
> & { readonly text?: string; readonly dimensions?: Readonly<Record<string, string>> };

/** Makes the vouchers of the laws: shaped as `book()` shapes them for the adapter. Keys count up from `400001-20260302`. */
export class VoucherMaker {
  readonly chart: KitChart;
  readonly #shape: VoucherShape | undefined;
  readonly #year: number;
  #made = 0;

  constructor(chart: KitChart, shape: VoucherShape | undefined, year: number = 2026) {
    this.chart = chart;
    this.#shape = shape;
    this.#year = year;
  }

  /** The kind of document sales are to this target. */
  get salesDocument(): DocumentKind {
    return this.#shape?.documents.includes('sale') === true ? 'sale' : 'journal';
  }

  /** Sales against clearing, one line each; negative ones are refunds. VAT by the chart's sales in turn. */
  sales(grosses: readonly number[] = [123_450, 48_505, -4_990], changes: VoucherChanges = {}): Voucher {
    const { dimensions, text = 'Salg' } = changes;
    const lines = grosses.map((gross, index): JournalLine => {
      const sale = this.chart.sales[index % this.chart.sales.length] as KitSale;
      return { ...saleLine(sale, amount(-gross)), text, ...(dimensions === undefined ? {} : { dimensions }) };
    });
    return this.#voucher(this.salesDocument, this.#withClearing(lines, text), changes);
  }

  /** A fee and a payout against clearing: no VAT, so that any target can take it. */
  payout(net: number = 168_065, fee: number = 2_911, changes: VoucherChanges = {}): Voucher {
    const { dimensions, text = 'Utbetaling' } = changes;
    const line = (account: string, value: number): JournalLine => ({ account, amount: amount(value), text, facts });
    const own = dimensions === undefined ? {} : { dimensions };
    const fees = fee === 0 ? [] : [{ ...line(this.chart.fee, fee), ...own }];
    return this.#voucher('journal', this.#withClearing([...fees, line(this.chart.bank, net)], text), changes);
  }

  /** Any lines, balanced or not is for `createVoucher` to say. */
  of(lines: readonly JournalLine[], document: DocumentKind = 'journal', changes: VoucherChanges = {}): Voucher {
    return this.#voucher(document, lines, changes);
  }

  #withClearing(lines: readonly JournalLine[], text: string): JournalLine[] {
    const rest: Amount = negate(sum(lines.map((line) => line.amount)));
    if (rest === 0) return [...lines];
    return [{ account: this.chart.clearing, amount: rest, role: 'clearing', text, facts }, ...lines];
  }

  #voucher(document: DocumentKind, lines: readonly JournalLine[], changes: VoucherChanges): Voucher {
    const { text: _text, dimensions: _dimensions, ...own } = changes;
    this.#made += 1;
    const date: PlainDate = own.date ?? plainDate(`${this.#year}-03-02`);
    return createVoucher({
      key: `4${String(this.#made).padStart(5, '0')}-${date.replaceAll('-', '')}`,
      date,
      ledgerId: '400001',
      ledgerDate: date,
      series: 'VIPPS',
      document,
      description: `Vipps MobilePay 400001 ${date}`,
      currency: this.chart.currency,
      ...own,
      lines: [...lines],
      facts: [...facts],
    });
  }
}

/** A line of revenue with its VAT, from the gross amount; credit −. */
export function saleLine(sale: KitSale, gross: Amount): JournalLine {
  const vat = containedVat(gross, sale.rateBasisPoints);
  return {
    account: sale.account,
    amount: gross,
    vat: {
      kind: 'contained',
      code: sale.vatCode,
      account: sale.vatAccount,
      rateBasisPoints: sale.rateBasisPoints,
      net: subtract(gross, vat),
      amount: vat,
    },
    text: 'Salg',
    facts,
  };
}

const facts: readonly string[] = ['kit-fact'];
