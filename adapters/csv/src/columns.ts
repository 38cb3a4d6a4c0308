import {
  add,
  amount,
  decimalsOf,
  formatAmount,
  voucherReference,
  type Amount,
  type Book,
  type PlainDate,
  type ViewedLine,
  type Voucher,
  named,
} from '@bilag/core';
import type { Cell } from './cell.ts';
import type { CsvConfig, CsvField } from './config.ts';

/** What a row is made of. */
export interface Row {
  readonly voucher: Voucher;
  readonly line: ViewedLine;
  /** From 1, within the voucher. */
  readonly place: number;
}

/** A column, ready to be written. */
export interface Column {
  readonly heading: string;
  readonly cell: (row: Row) => Cell;
  /** The dimension it holds. */
  readonly dimension?: string;
}

/** The columns of a book's file; `dimensions` becomes one for each kind the book has. */
export function columnsOf(book: Book, config: CsvConfig): readonly Column[] {
  const fields = fieldsOf(book, config);
  return config.columns.flatMap((column): readonly Column[] => {
    if (typeof column === 'string') return ofField(column, headings[column], book, fields);
    if ('field' in column) return ofField(column.field, column.heading, book, fields);
    if ('dimension' in column) return [ofDimension(column.dimension, column.heading)];
    return [{ heading: column.heading, cell: () => label(column.value) }];
  });
}

function ofField(field: CsvField, heading: string, book: Book, fields: Fields): readonly Column[] {
  if (field !== 'dimensions') return [{ heading, cell: fields[field] }];
  return [...new Set(book.dimensions.map(({ type }) => type))].map((type) => ofDimension(type, `${heading} ${type}`));
}

function ofDimension(dimension: string, heading: string = `${headings.dimensions} ${dimension}`): Column {
  return { heading, dimension, cell: ({ line }) => identifier(named(line.dimensions ?? {}, dimension) ?? '') };
}

type Fields = Readonly<Record<Exclude<CsvField, 'dimensions'>, (row: Row) => Cell>>;

function fieldsOf({ company, accounts }: Book, { decimalSign, dateFormat }: CsvConfig): Fields {
  const names = new Map(accounts.map(({ number, name }) => [number, name]));
  const decimals = decimalsOf(company.currency);
  const sign = (decimal: string): Cell => figure(decimal.replace('.', decimalSign));
  const money = (value: Amount | undefined): Cell =>
    value === undefined ? nothing : sign(formatAmount(value, decimals));
  const day = (date: PlainDate): Cell =>
    figure(dateFormat === 'yyyy-mm-dd' ? date : `${date.slice(8)}.${date.slice(5, 7)}.${date.slice(0, 4)}`);
  return {
    voucher: ({ voucher }) => identifier(voucherReference(voucher)),
    key: ({ voucher }) => identifier(voucher.key),
    revision: ({ voucher }) => figure(String(voucher.revision)),
    line: ({ place }) => figure(String(place)),
    date: ({ voucher }) => day(voucher.date),
    ledgerDate: ({ voucher }) => day(voucher.ledgerDate),
    series: ({ voucher }) => label(voucher.series),
    document: ({ voucher }) => identifier(voucher.document),
    description: ({ voucher }) => label(voucher.description),
    ledger: ({ voucher }) => identifier(voucher.ledgerId),
    currency: ({ voucher }) => identifier(voucher.currency),
    account: ({ line }) => identifier(line.account),
    accountName: ({ line }) => label(names.get(line.account) ?? ''),
    role: ({ line }) => identifier(line.role ?? ''),
    amount: ({ line }) => money(line.amount),
    debit: ({ line }) => (line.amount > 0 ? money(line.amount) : nothing),
    credit: ({ line }) => (line.amount < 0 ? sign(formatAmount(line.amount, decimals).slice(1)) : nothing),
    grossAmount: ({ line }) => money(grossOf(line)),
    vatCode: ({ line }) => identifier(line.vat?.code ?? ''),
    vatRate: ({ line }) => (line.vat === undefined ? nothing : sign(percentOf(line.vat.rateBasisPoints))),
    vatAmount: ({ line }) => money(line.vat?.amount),
    text: ({ line }) => label(line.text),
    reference: ({ line }) => ({ kind: 'reference', value: line.reference ?? '' }),
    partyKind: ({ line }) => identifier(line.party?.kind ?? ''),
    party: ({ line }) => identifier(line.party?.id ?? ''),
    facts: ({ line }) => label(line.facts.join(' ')),
    factCount: ({ line }) => figure(String(line.facts.length)),
    organisationNumber: () => identifier(company.organisationNumber),
    companyName: () => label(company.name),
  };
}

const nothing: Cell = { kind: 'number', value: '' };

function figure(value: string): Cell {
  return { kind: 'number', value };
}

function identifier(value: string): Cell {
  return { kind: 'identifier', value };
}

function label(value: string): Cell {
  return { kind: 'text', value };
}

/** The amount with its VAT; empty on a line of VAT. Over a voucher it adds up to zero, as `amount` does. */
function grossOf({ amount: own, role, vat }: ViewedLine): Amount | undefined {
  if (role === 'vat') return undefined;
  if (vat === undefined) return own;
  return vat.kind === 'contained' ? add(vat.net, vat.amount) : vat.net;
}

/** 2500 is 25, 1111 is 11.11. */
function percentOf(basisPoints: number): string {
  return formatAmount(amount(basisPoints)).replace(/\.?0+$/, '');
}

const headings: Readonly<Record<CsvField, string>> = {
  voucher: 'Voucher',
  key: 'Key',
  revision: 'Revision',
  line: 'Line',
  date: 'Date',
  ledgerDate: 'Ledger date',
  series: 'Series',
  document: 'Document',
  description: 'Description',
  ledger: 'Ledger',
  currency: 'Currency',
  account: 'Account',
  accountName: 'Account name',
  role: 'Role',
  amount: 'Amount',
  debit: 'Debit',
  credit: 'Credit',
  grossAmount: 'Gross amount',
  vatCode: 'VAT code',
  vatRate: 'VAT %',
  vatAmount: 'VAT amount',
  text: 'Text',
  reference: 'Reference',
  partyKind: 'Party kind',
  party: 'Party',
  facts: 'Facts',
  factCount: 'Fact count',
  dimensions: 'Dimension',
  organisationNumber: 'Organisation number',
  companyName: 'Company',
};
