import { add, BilagError, isPlainDate, negate, parseAmount, subtract, type Amount, type PlainDate } from '@bilag/core';
import { accountKey } from '../statement/account.ts';
import type { Statement, StatementLine } from '../statement/statement.ts';
import { textOf, type Bytes } from '../read-text.ts';
import { bankLayouts, headersOf, type BankLayout } from './bank-layouts.ts';
import { rowsOf, type Row } from './csv-rows.ts';

/**
 * Reads the CSV of a bank, by its header row. Most layouts name no account: then it has to be said. Only the one with balances
 * can prove itself. Throws `rejected` with the line.
 *
 * @example
 * ```ts
 * import { readBankCsv } from '@bilag/bank';
 *
 * const file = 'Dato;Forklaring;Beløp;KID;Motpart\n07.04.2026;Utb. 2000591 Vippsnr 698382;1572;;Vipps MobilePay AS\n';
 * const [statement] = await readBankCsv(new TextEncoder().encode(file), 'april.csv', { account: '8601.11.17947' });
 * statement?.lines[0]?.amount; // => 157200
 * ```
 */
export async function readBankCsv(
  bytes: Bytes,
  name: string,
  { account }: { readonly account?: string | undefined } = {},
): Promise<readonly Statement[]> {
  const text = (await Array.fromAsync(textOf(bytes, encodingOf))).join('');
  const [head, ...rows] = rowsOf(text, name);
  const layout = head && layoutOf(head.cells);
  if (head === undefined || layout === undefined) {
    throw new BilagError('rejected', {
      what: 'the header row is of no bank CSV that is known',
      where: name,
      action: `export camt.053 instead, or a CSV with the columns ${headersOf(bankLayouts[2] ?? noLayout).join(';')}`,
    });
  }
  const reader = new CsvReader(layout, head.cells, name, account);
  const byAccount = new Map<string, CsvLine[]>();
  for (const row of rows) {
    const line = reader.line(row);
    byAccount.set(line.account, [...(byAccount.get(line.account) ?? []), line]);
  }
  return [...byAccount].map(([key, lines]) => statementOf(key, lines, name));
}

/** Whether a file is one of a bank, by its first row. */
export function bankCsvTitle(firstRow: string): string | undefined {
  return layoutOf(rowsOf(firstRow, '').at(0)?.cells ?? [])?.title;
}

const noLayout: BankLayout = { title: '', date: '', amount: { signed: '' }, texts: [], parties: [] };

function layoutOf(headers: readonly string[]): BankLayout | undefined {
  const known = new Set(headers.map(normal));
  return bankLayouts.find((layout) => headersOf(layout).every((header) => known.has(normal(header))));
}

function normal(header: string): string {
  return header.replaceAll(/\s+/g, ' ').trim().toLowerCase();
}

/** UTF-8 where the bytes are; else what Windows wrote. */
function encodingOf(head: Uint8Array): string {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

interface CsvLine {
  readonly line: StatementLine;
  readonly account: string;
  readonly balance: Amount | undefined;
}

class CsvReader {
  readonly #layout: BankLayout;
  readonly #columns: ReadonlyMap<string, number>;
  readonly #name: string;
  readonly #account: string | undefined;

  constructor(layout: BankLayout, headers: readonly string[], name: string, account: string | undefined) {
    this.#layout = layout;
    this.#columns = new Map(headers.map((header, index) => [normal(header), index]));
    this.#name = name;
    this.#account = account === undefined ? undefined : accountKey(account);
  }

  line(row: Row): CsvLine {
    const { date, valueDate, texts, parties, bankReference, balance, rate } = this.#layout;
    const cell = (header: string | undefined): string =>
      header === undefined ? '' : (row.cells[this.#columns.get(normal(header)) ?? -1] ?? '');
    const signed = this.#amount(row, cell);
    const reference = cell(bankReference);
    const interestDate = cell(valueDate);
    const line: StatementLine = {
      date: this.#date(cell(date), row),
      ...(interestDate === '' ? {} : { valueDate: this.#date(interestDate, row) }),
      amount: signed,
      status: 'booked',
      isReversal: false,
      ...(reference === '' ? {} : { bankReference: reference }),
      texts: texts.map(cell).filter(Boolean),
      parties: parties.map(cell).filter(Boolean),
      isExchanged: !['', '1'].includes(cell(rate).replace(/[.,]0+$/, '')),
      place: `line ${row.line}`,
    };
    const account = this.#accountOf(signed, row, cell);
    return { line, account, balance: balance === undefined ? undefined : this.#decimal(cell(balance), row) };
  }

  #amount(row: Row, cell: (header: string) => string): Amount {
    const { amount: columns } = this.#layout;
    if ('signed' in columns) return this.#decimal(cell(columns.signed), row);
    const [out, into] = [cell(columns.out), cell(columns.in)];
    if ((out === '') === (into === '')) throw this.#refused('the row has no amount, or one in both directions', row);
    const value = this.#decimal(out === '' ? into : out, row);
    if (out !== '') return value > 0 ? negate(value) : value;
    if (value < 0) throw this.#refused('money that came in is negative', row);
    return value;
  }

  #accountOf(signed: Amount, row: Row, cell: (header: string) => string): string {
    const { accounts } = this.#layout;
    const named = accounts === undefined ? '' : cell(signed < 0 ? accounts.from : accounts.to);
    if (named !== '') {
      const key = accountKey(named);
      if (this.#account === undefined || this.#account === key) return key;
      throw this.#refused('the row is on another account than the one that was named', row);
    }
    if (this.#account !== undefined) return this.#account;
    throw this.#refused('nothing says which account this is', row, 'name it with --account; nothing was read');
  }

  #date(text: string, row: Row): PlainDate {
    const [, day = '', month = '', year = ''] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text) ?? [];
    const date = year === '' ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    if (isPlainDate(date)) return date;
    throw this.#refused(`"${text.slice(0, 20)}" is not a date such as 31.01.2026`, row);
  }

  /** A decimal comma, and spaces between thousands. A point may be either: it is read only where it can be but one. */
  #decimal(text: string, row: Row): Amount {
    const compact = text.replaceAll(/[\s\u00a0\u202f]/g, '').replace('\u2212', '-');
    const plain = /^[+-]?\d{1,3}(?:\.\d{3})*,\d{1,2}$/.test(compact) ? compact.replaceAll('.', '') : compact;
    if (!/^[+-]?\d+(?:[.,]\d{1,2})?$/.test(plain)) throw this.#refused(`"${text.slice(0, 30)}" is not an amount`, row);
    return parseAmount(plain.replace(',', '.'));
  }

  #refused(what: string, row: Row, action = 'export the file from the bank again; nothing of it was read'): BilagError {
    return new BilagError('rejected', { what, where: `${this.#name}, line ${row.line}`, action });
  }
}

/** Some banks list the newest row first: the balances tell which way the file runs. */
function statementOf(account: string, read: readonly CsvLine[], name: string): Statement {
  const first = read[0];
  const last = read.at(-1);
  const runsBackwards = first !== undefined && last !== undefined && first.line.date > last.line.date;
  const isUnclear = first?.line.date === last?.line.date && !follows(read) && follows([...read].toReversed());
  const ordered = runsBackwards || isUnclear ? [...read].toReversed() : read;
  const [earliest] = ordered;
  const latest = ordered.at(-1);
  const dates = ordered.map(({ line }) => line.date).toSorted();
  const [from, to] = [dates[0], dates.at(-1)];
  const opening = earliest?.balance === undefined ? undefined : subtract(earliest.balance, earliest.line.amount);
  return {
    format: 'bank-csv',
    account,
    currency: 'NOK',
    ...(from === undefined || to === undefined ? {} : { period: { from, to } }),
    ...(opening === undefined ? {} : { opening }),
    ...(latest?.balance === undefined ? {} : { closing: latest.balance }),
    claims: {},
    lines: ordered.map(({ line }) => line),
    where: name,
  };
}

function follows(lines: readonly CsvLine[]): boolean {
  let before: Amount | undefined;
  for (const { balance, line } of lines) {
    if (before !== undefined && add(before, line.amount) !== balance) return false;
    before = balance;
  }
  return true;
}
