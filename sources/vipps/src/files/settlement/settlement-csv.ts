import type { FileReading, FileToImport, ImportContext, PlainDate } from '@bilag/core';
import { dateIn } from '../table/cell-text.ts';
import { csvRows } from '../table/csv-rows.ts';
import type { SettlementClaim } from '../file-page.ts';
import type { Row } from '../table/row.ts';
import { rejectedFile } from '../rejected-file.ts';
import { FeesApart, Settlement, SettlementPages } from './settlement.ts';

/**
 * Cuts the settlement report in CSV of 2021 into pages. It is several tables in one: each row begins with what it is, and
 * each table with a row of headings that begins the same.
 */
export async function* csvSettlementPages(file: FileToImport, context: ImportContext): AsyncGenerator<FileReading> {
  const pages = new SettlementPages(file.name, false, context);
  const headings = new Map<string, readonly string[]>();
  const summaries = new Map<string, Summary>();
  const settlements = new Map<string, Settlement>();
  const feesApart = new FeesApart();
  let owner: string | undefined;
  for await (const row of csvRows(file)) {
    const [kind = ''] = row.cells;
    if (row.number === 2 && headings.size === 0) owner = kind;
    if (!tables.has(kind)) continue;
    const names = headings.get(kind);
    if (names === undefined) {
      headings.set(kind, row.cells);
      continue;
    }
    const record = new CsvRecord(row, names, file.name);
    if (kind === 'SettlementInfo') summaries.set(keyOf(record, 'SettlementID'), summaryOf(record, row));
    if (kind === 'FeeInfo') feesApart.add(record.text('Fee'), record.text('Currency'));
    if (kind !== 'TransactionInfo') continue;
    const key = keyOf(record, 'SettlementId');
    const settlement = settlements.get(key) ?? new Settlement(headOf(record, row, owner));
    settlements.set(key, settlement);
    yield* pages.take(settlement, {
      date: record.date('SalesDate'),
      at: row.number,
      psp: record.text('TransactionId'),
      reference: record.text('OrderID') || undefined,
      currency: record.text('Currency'),
      capture: record.text('Gross'),
      refund: record.text('Refund'),
      fee: record.text('Fee'),
      net: record.text('Net'),
    });
  }
  if (settlements.size === 0) throw rejectedFile(file.name, 'the report has no transactions');
  claim(settlements, summaries, file.name);
  [...settlements.values()].at(-1)?.doubts.push(...feesApart.doubts());
  yield* pages.end(settlements.values());
}

const tables: ReadonlySet<string> = new Set(['SettlementInfo', 'FeeInfo', 'TransactionInfo']);

interface Summary {
  readonly at: number;
  readonly claims: Settlement['claims'];
  readonly names: string;
  readonly doubts: Settlement['doubts'];
}

const claimed: readonly (readonly [heading: string, claim: SettlementClaim])[] = [
  ['NumberOfTransactions', 'count'],
  ['Gross', 'gross'],
  ['Refund', 'refund'],
  ['Fee', 'fee'],
  ['Net', 'net'],
];

function summaryOf(record: CsvRecord, { number }: Row): Summary {
  return {
    at: number,
    claims: Object.fromEntries(claimed.map(([heading, name]) => [name, record.text(heading)])),
    names: `sales unit ${record.text('SaleUnitNumber')}, settlement ${record.text('SettlementID')}, ${record.text('SettlementDate')}`,
    doubts: record.isSplit
      ? [{ severity: 'warning', message: 'an amount has a decimal comma in a file that is separated by commas' }]
      : [],
  };
}

/**
 * Summaries belong to the rows that name the same sales unit and settlement. Where the file has one of each and they differ
 * (as the vendor's own example), the rows are believed: they are what was sold.
 */
function claim(
  settlements: ReadonlyMap<string, Settlement>,
  summaries: ReadonlyMap<string, Summary>,
  name: string,
): void {
  const [only] = settlements.values();
  const isOneOfEach = settlements.size === 1 && summaries.size === 1;
  for (const [key, { at, claims, names, doubts }] of summaries) {
    const same = settlements.get(key);
    const settlement = same ?? (isOneOfEach ? only : undefined);
    if (settlement === undefined) throw rejectedFile(`${name}, row ${at}`, `there are no transactions of ${names}`);
    settlement.claimedAt = at;
    Object.assign(settlement.claims, claims);
    settlement.doubts.push(...doubts);
    const { unit, number, date } = settlement.head;
    if (same === undefined)
      settlement.doubts.push({
        severity: 'warning',
        message: `the summary is of ${names}, and the transactions are of sales unit ${unit}, settlement ${number}, ${date}: they are believed`,
      });
  }
}

function headOf(record: CsvRecord, { number }: Row, owner: string | undefined): Settlement['head'] {
  return {
    at: number,
    unit: record.text('SaleUnitNumber'),
    number: record.text('SettlementId'),
    date: record.date('SettlementDate'),
    currency: record.text('Currency'),
    // Fees are negative and part of what is paid (the vendor's example).
    settles: 'net',
    owner,
  };
}

function keyOf(record: CsvRecord, settlement: string): string {
  return `${record.text('SaleUnitNumber')} ${record.text(settlement)}`;
}

class CsvRecord {
  /** Whether a decimal comma had cut an amount in two. */
  readonly isSplit: boolean;
  readonly #values: ReadonlyMap<string, string>;
  readonly #where: string;

  constructor({ cells, number }: Row, headings: readonly string[], name: string) {
    this.#where = `${name}, row ${number}`;
    const net = headings.indexOf('Net');
    const joined = [...cells];
    this.isSplit = cells.length === headings.length + 1 && net !== -1 && /^\d{2}$/.test(cells[net + 1] ?? '');
    if (this.isSplit) joined.splice(net, 2, `${cells[net]},${cells[net + 1]}`);
    if (joined.length !== headings.length)
      throw rejectedFile(this.#where, `the row has ${cells.length} cells under ${headings.length} headings`);
    this.#values = new Map(headings.map((heading, index) => [heading, joined[index]?.trim() ?? '']));
  }

  text(heading: string): string {
    const value = this.#values.get(heading);
    if (value === undefined) throw rejectedFile(this.#where, `there is no column ${heading}`);
    return value;
  }

  date(heading: string): PlainDate {
    const date = dateIn(this.text(heading));
    if (date === undefined) throw rejectedFile(this.#where, `${heading} is no date`);
    return date;
  }
}
